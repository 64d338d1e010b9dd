/// When a target is held against the time that is over: once a quarter of its period has passed, half, and
/// three quarters, and a week after each again for the superior (N-2, N-3). Each is done once (N-4).
public struct TargetCheck: Hashable, Sendable {
    /// Quarters of the period that have passed, 1…3.
    public let quarter: Int
    /// A week later, for the superior.
    public let isEscalated: Bool

    private init(quarter: Int, isEscalated: Bool) {
        self.quarter = quarter
        self.isEscalated = isEscalated
    }

    /// `nil` unless it is in 0…5.
    public init?(number: Int) {
        guard (0...5).contains(number) else { return nil }
        quarter = number / 2 + 1
        isEscalated = number % 2 == 1
    }

    public var number: Int { (quarter - 1) * 2 + (isEscalated ? 1 : 0) }

    /// The one after a quarter, for the holder.
    public static let first = TargetCheck(quarter: 1, isEscalated: false)

    static let all = (0...5).compactMap { TargetCheck(number: $0) }

    /// Whole days of the period that are over then, and whose share is due.
    func daysOver(in period: ClosedRange<Day>) -> Int { period.dayCount * quarter / 4 }

    /// The day it falls on, unless the period is over by then.
    func day(in period: ClosedRange<Day>) -> Day? {
        let offset = daysOver(in: period) + (isEscalated ? Bounds.escalationDays : 0)
        return offset < period.dayCount ? period.lowerBound.advanced(by: Int32(offset)) : nil
    }
}

/// What of a target is reached, and what it asks for: minor units of the company's currency, or a number of
/// activities. Worked out off the lock, as long reports are (E-1).
public struct MeasuredTarget: Sendable {
    public let id: TargetID
    let reached: Int128
    let goal: Int128
}

extension State {
    private struct DueCheck {
        let check: TargetCheck
        let at: Instant
        let person: PersonID
    }

    /// Those not done yet. The holder is told, of a unit its head; a moment that was past when the target
    /// was set never falls due.
    private func checks(of target: Target, _ zones: any ZoneRules) -> [DueCheck] {
        let keeper: PersonID? =
            switch target.key.holder {
            case .person(let id): id
            case .unit(let id): units[id].head
            }
        guard let keeper, persons[keeper].isActive else { return [] }
        return TargetCheck.all.compactMap { check in
            guard !target.checks.contains(check), let day = check.day(in: target.key.period.days),
                let person = check.isEscalated ? superior(of: keeper) : keeper
            else { return nil }
            let at = reminderTime(on: day, ahead: false, for: person, zones)
            return at < target.setAt
                ? nil : DueCheck(check: check, at: at, person: person)
        }
    }

    func nextCheck(of target: Target, _ zones: any ZoneRules) -> Instant? {
        checks(of: target, zones).map(\.at).min()
    }

    /// `nil` where a rate is missing (D-36).
    public func measure(
        _ id: TargetID, sequence: UInt64, at now: Instant, _ zones: any ZoneRules
    ) -> MeasuredTarget? {
        guard let target = targets[find: id], let viewer = admins.first else { return nil }
        let basis = ReportBasis(
            past: self, present: self, viewer: viewer, at: now, sequence: sequence,
            looksBack: false, zones: zones)
        guard let goal = TargetBook(state: self, today: basis.today).value(target.key),
            let reached = basis.reached(target.key)
        else { return nil }
        return MeasuredTarget(id: id, reached: reached, goal: goal)
    }

    /// What is due of a target now that it has been measured. Told where less of it is reached than the
    /// share of the days that were over; to the superior, where that much is still not reached.
    public func passTime(of measured: MeasuredTarget, _ context: Context) -> [Event] {
        guard let target = targets[find: measured.id] else { return [] }
        let period = target.key.period.days
        let days = Int128(period.dayCount)
        let due = checks(of: target, context.zones).filter { $0.at <= context.now }
            .sorted { $0.at < $1.at }
        return due.flatMap { due -> [Event] in
            let over = Int128(due.check.daysOver(in: period))
            var events: [Event] = [.target(target.id, .checked(due.check))]
            if measured.reached * days < measured.goal * over {
                let reached = Decimal.quotient([measured.reached, 10_000], by: [measured.goal])
                let share = Decimal.quotient([over, 10_000], by: [days])
                let figures = [reached, share].map { Decimal.text($0, digits: 2) }
                events.append(
                    notify(
                        due.person, .targetBehind, opportunity: nil,
                        note: "\(target.id) \(figures[0]) \(figures[1])", context))
            }
            return inTime(events, due: due.at, context)
        }
    }
}

extension ClosedRange<Day> {
    fileprivate var dayCount: Int { Int(upperBound.number) - Int(lowerBound.number) + 1 }
}

extension ReportBasis {
    /// As in the report of attainment.
    fileprivate func reached(_ key: TargetKey) -> Int128? {
        if let activity = key.activity {
            return Int128(done(activity, key.holder, key.period.days))
        }
        var scope = Scope()
        switch key.holder {
        case .unit(let id): scope.unit = id
        case .person(let id): scope.owner = .id(id)
        }
        scope.period = key.period.days
        scope.fields[.product] = key.product
        scope.fields[.region] = key.region
        scope.fields[.channel] = key.channel
        guard let resolved = try? resolve(scope) else { return nil }
        var money = MoneySum()
        return won(scope, resolved, &money).rounded
    }
}

extension Notification {
    /// The target that a row is about: its id, what is reached and what is due, in percent, make up the
    /// note of such a row.
    public var behind: (target: TargetID, reached: Substring, due: Substring)? {
        guard kind == .targetBehind, let words = note?.split(separator: " "), words.count == 3,
            let id = TargetID(words[0].utf8)
        else { return nil }
        return (id, words[1], words[2])
    }
}

/// A-1, A-2, A-5, A-6: every number by going through all deals.
extension NaiveCompany {
    /// An exact sum of amounts in the company's minor units, over 10^16: converted, times a share.
    private static let unit: Int128 = 10_000_000_000_000_000

    private static func rounded(_ sum: Int128) -> String {
        NaiveText.decimal((sum * 2 + unit) / (unit * 2), digits: 2)
    }

    private func exact(_ deal: Deal, _ share: Int = 10_000) -> Int128? {
        guard let amount = deal.amount else { return 0 }
        let value =
            deal.outcome == "open" ? converted(amount, deal.currency, on: reportDay) : deal.worth
        return value.map { $0 * Int128(share) }
    }

    /// What has no rate, by currency.
    private func unconverted(_ deals: [Deal]) -> String {
        let left = deals.filter { exact($0) == nil }
        let texts = Set(left.map(\.currency)).sorted().map { code in
            let amounts = left.filter { $0.currency == code }.compactMap(\.amount)
            let sum = NaiveText.decimal(amounts.reduce(0, +), code)
            return "{currency: \(code), count: \(amounts.count), amount: \(sum)}"
        }
        return texts.isEmpty ? "none" : "[" + texts.joined(separator: ", ") + "]"
    }

    /// The deals of a report for somebody who sees everything.
    private func scope(
        _ viewer: Int, unit: Int?, process: Int?, owner: Int?
    ) throws(Refused) -> [Deal] {
        try knownUnit(unit)
        try knownPerson(owner)
        try known(process, of: processes.count)
        return deals.filter {
            path($0.unit).contains(unit ?? 1) && (owner == nil || $0.owner == owner)
                && (process == nil || $0.process == process)
        }
    }

    func funnel(
        _ operation: Operation, unit: Int?, process: Int?, owner: Int?
    ) throws(Refused) -> NaiveAnswer {
        let all = try scope(
            operation.actor, unit: unit, process: process, owner: owner)
        let counted = all.filter { $0.outcome != "invalid" }
        let found = Set(counted.map(\.process))
        if found.count > 1 { throw Refused(.invalid) }
        var answer = NaiveAnswer()
        guard let process = found.first ?? process,
            let newest = counted.map(\.version).max() ?? latest(process)
        else {
            for (name, value) in [
                ("process", "null"), ("version", "null"), ("stages", "[]"), ("open", "0"),
                ("amount", "0.00"), ("weighted", "0.00"), ("complete", "true"),
                ("unconverted", "none"),
            ] { answer.add(name, value) }
            return answer
        }
        let open = counted.filter { $0.outcome == "open" }
        let whole = open.compactMap { exact($0) }.reduce(0, +)
        let weighted = open.compactMap { exact($0, stage($0).winRate) }.reduce(0, +)
        answer.add("process", processes[process - 1].key)
        answer.add("version", "\(newest)")
        answer.add("stages", rows(process, newest, counted))
        answer.add("open", "\(open.count)")
        answer.add("amount", Self.rounded(whole))
        answer.add("weighted", Self.rounded(weighted))
        answer.add("complete", "true")
        answer.add("unconverted", unconverted(open))
        return answer
    }

    private func latest(_ process: Int) -> Int? {
        let count = processes[process - 1].versions.count
        return count > 0 ? count : nil
    }

    /// The stages of the newest version, then those that only older ones have.
    private func rows(_ process: Int, _ newest: Int, _ counted: [Deal]) -> String {
        let versions = processes[process - 1].versions
        var stages = versions[newest - 1].stages
        for version in Set(counted.map(\.version)).sorted() {
            for stage in versions[version - 1].stages
            where !stages.contains(where: { $0.key == stage.key }) {
                stages.append(stage)
            }
        }
        let steps = stages.map { conversion(of: $0.key, counted) }
        // Where all that entered still are, nothing can be said of the step.
        let told = stages.indices.map { index in
            let here = counted.count { $0.outcome == "open" && $0.stage == stages[index].key }
            return steps[index].flatMap { here < $0.entered ? $0 : nil }
        }
        let texts = stages.indices.map { index in
            let here = counted.filter { $0.outcome == "open" && $0.stage == stages[index].key }
            let amount = here.compactMap { exact($0) }.reduce(0, +)
            let weighted = here.compactMap { exact($0, stage($0).winRate) }.reduce(0, +)
            let rate = NaiveText.decimal(Int128(stages[index].winRate), digits: 2)
            let step = steps[index].map {
                NaiveText.decimal(
                    Int128(($0.onward * 2000 + $0.entered) / ($0.entered * 2)), digits: 1)
            }
            return [
                stages[index].key, "\(here.count)", Self.rounded(amount), rate,
                Self.rounded(weighted), step ?? "null",
                Self.isWeak(told, index) ? "weak" : "null",
            ].joined(separator: " ")
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }

    /// How many entered the stage, and how many of them the one after it in their own version, or were won
    /// in the last.
    private func conversion(of key: String, _ counted: [Deal]) -> (onward: Int, entered: Int)? {
        let entered = counted.filter { $0.entered.contains(key) }
        if entered.isEmpty { return nil }
        let onward = entered.filter { deal in
            let stages = definition(deal).stages
            guard let place = stages.firstIndex(where: { $0.key == key }) else { return false }
            if place + 1 < stages.count { return deal.entered.contains(stages[place + 1].key) }
            return deal.outcome == "won"
        }
        return (onward.count, entered.count)
    }

    /// At most 0.7 × the median of the other steps.
    private static func isWeak(_ steps: [(onward: Int, entered: Int)?], _ index: Int) -> Bool {
        guard let own = steps[index] else { return false }
        var others = steps
        others.remove(at: index)
        let sorted = others.compactMap(\.self).sorted {
            $0.onward * $1.entered < $1.onward * $0.entered
        }
        guard !sorted.isEmpty else { return false }
        let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        let twice = low.onward * high.entered + high.onward * low.entered
        return own.onward * 20 * low.entered * high.entered
            <= 7 * twice * own.entered
    }

    /// With a period, the open deals that are expected to close in it, and what was won in it.
    func forecast(
        _ operation: Operation, unit: Int?, process: Int?, period: ClosedRange<Int>?
    ) throws(Refused) -> NaiveAnswer {
        let all = try scope(
            operation.actor, unit: unit, process: process, owner: nil)
        let open = all.filter { $0.outcome == "open" }
        let overdue = open.filter { $0.close.map { $0 < reportDay } ?? false }
        let inside = open.filter { deal in
            guard let period else { return true }
            return deal.close.map { period.contains($0) && $0 >= reportDay } ?? false
        }
        let weighted = inside.compactMap { exact($0, stage($0).winRate) }.reduce(0, +)
        let wins = inside.map { stage($0).winRate }.reduce(0, +)
        let late = Self.rounded(overdue.compactMap { exact($0) }.reduce(0, +))
        var answer = NaiveAnswer()
        answer.add("amount", Self.rounded(weighted))
        answer.add("deals", "\(inside.count)")
        answer.add("expectedWins", Self.shortest(wins))
        answer.add("overdueAmount", late)
        let won = all.filter { deal in
            guard deal.outcome == "won", let period, let closedAt = deal.closedAt else {
                return false
            }
            return period.contains(Self.day(of: closedAt, in: "Asia/Shanghai"))
        }
        let sum = Self.rounded(won.compactMap { exact($0) }.reduce(0, +))
        answer.add("won", period == nil ? "null" : sum)
        answer.add("complete", "true")
        answer.add("unconverted", unconverted(inside + (period == nil ? [] : overdue + won)))
        return answer
    }

    /// Ten-thousandths, without zeros at the end but for one digit behind the point.
    private static func shortest(_ wins: Int) -> String {
        var text = NaiveText.decimal(Int128(wins), digits: 4)
        while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
        return text
    }

    // MARK: Single things

    func show(_ operation: Operation, deal id: Int) throws(Refused) -> NaiveAnswer {
        try requireSeen(operation.actor, deal: id)
        let deal = deal(id)
        var answer = NaiveAnswer("o\(id)", deal.rev)
        for (name, value) in [
            ("title", deal.title), ("customer", "c\(deal.customer)"), ("owner", "e\(deal.owner)"),
            ("unit", "u\(deal.unit)"), ("process", processes[deal.process - 1].key),
            ("version", "\(deal.version)"), ("stage", deal.stage), ("outcome", deal.outcome),
            ("pending", Self.id("a", deal.pending)),
            ("amount", deal.amount.map { NaiveText.decimal($0, deal.currency) } ?? "null"),
            ("currency", deal.currency), ("close", deal.close.map(NaiveText.date) ?? "null"),
            ("source", deal.fields["source"] ?? "null"),
            ("industry", deal.fields["industry"] ?? "null"),
            ("product", deal.fields["product"] ?? "null"),
            ("extid", deal.fields["extid"] ?? "null"),
            ("tags", "[" + deal.tags.sorted().joined(separator: ", ") + "]"),
        ] { answer.add(name, value) }
        return answer
    }

    func show(_ operation: Operation, approval id: Int) throws(Refused) -> NaiveAnswer {
        try known(id, of: approvals.count)
        guard sees(operation.actor, approval: id) else { throw Refused(.notFound) }
        let request = approval(id)
        // Nothing is told of a deal that is out of sight (D-34).
        let amount = sees(operation.actor, deal: request.deal) ? request.amount : nil
        let text = amount.map { NaiveText.decimal($0, request.currency) }
        let levels = request.approvers.count + request.vacancies
        var answer = NaiveAnswer()
        for (name, value) in [
            ("id", "a\(id)"), ("opportunity", "o\(request.deal)"), ("stage", request.stage),
            ("to", request.aim.word), ("amount", text ?? "null"),
            ("currency", request.currency), ("status", request.status),
            ("submitter", "e\(request.submitter)"),
            ("approvers", Self.list("e", request.approvers)), ("attempt", "\(request.attempt)"),
            ("level", "\(min(request.decided + 1, max(1, levels)))"),
            ("vacant", "\(request.status == "pending" ? request.vacancies : 0)"),
            ("decidedBy", Self.id("e", request.decidedBy)),
            ("decidedFor", Self.id("e", request.decidedFor)),
        ] { answer.add(name, value) }
        return answer
    }
}

/// One stay of a deal in one stage, over and done with. The present one is in the deal's own
/// `stage` and `enteredStage`. Sixteen bytes: there are several for every deal.
public struct StageVisit: Hashable, Sendable {
    public let entered: Instant
    /// The stage by index in the deal's version, and how long it lasted.
    private let packed: UInt64

    /// Longer than any company will be in business: 2⁵⁶ milliseconds.
    static let longest: UInt64 = 1 << 56 - 1

    init(stage: Int, entered: Instant, milliseconds: Int64) {
        self.entered = entered
        let length = min(UInt64(max(0, milliseconds)), Self.longest)
        packed = UInt64(truncatingIfNeeded: stage) << 56 | length
    }

    public var stage: Int { Int(packed >> 56) }
    /// For how long the deal stayed, time in which it was closed left out.
    public var milliseconds: Int64 { Int64(packed & Self.longest) }

    /// The same stay under another index, as a migration gives it (D-7).
    func moved(to stage: Int) -> StageVisit {
        StageVisit(stage: stage, entered: entered, milliseconds: milliseconds)
    }
}

extension Opportunity {
    /// How long the present stay has lasted, up to the closing of a closed deal; time in which the deal
    /// was closed left out (D-15).
    func presentMilliseconds(at now: Instant) -> Int64 {
        let end = (closedAt ?? now).milliseconds.subtractingReportingOverflow(closedMilliseconds)
        guard !end.overflow else { return 0 }
        let stay = end.partialValue.subtractingReportingOverflow(enteredStage.milliseconds)
        return stay.overflow ? 0 : max(0, stay.partialValue)
    }

    /// Keeps the stay in the present stage before the deal goes into another one.
    mutating func leaveStage(at instant: Instant) {
        pack.append(
            StageVisit(
                stage: stage, entered: enteredStage,
                milliseconds: presentMilliseconds(at: instant)))
    }
}

/// When a deal entered each stage for the first time, by index in its version.
struct FirstEntries {
    /// Of as many stages as a process may have (`Bounds.stagesPerProcess`); of those that it never entered
    /// what no instant is.
    private var milliseconds = InlineArray<64, Int64>(repeating: .max)

    @inline(__always)
    init(_ deal: borrowing Opportunity) {
        milliseconds[deal.stage] = deal.enteredStage.milliseconds
        deal.pack.eachVisit { visit in
            milliseconds[visit.stage] = min(milliseconds[visit.stage], visit.entered.milliseconds)
        }
    }

    /// `nil` if it never did.
    subscript(stage: Int) -> Instant? {
        milliseconds[stage] == .max ? nil : Instant(milliseconds: milliseconds[stage])
    }

    /// Whether it did in the period; ever, without one.
    func isWithin(_ period: Range<Instant>?, _ stage: Int) -> Bool {
        self[stage].map { period?.contains($0) ?? true } ?? false
    }
}

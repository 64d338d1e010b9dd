extension State {
    /// The approvals that a new amount makes void: it rises into more levels than were asked, or falls
    /// by more than the process allows (D-24). Measured against the amount that was approved, so that
    /// small steps add up. Amounts in unlike currencies cannot be compared and are asked again (D-36).
    func voided(
        by amount: Money?, of deal: Opportunity, _ context: Context
    ) -> [ApprovalID] {
        var latest: [String: Approval] = [:]
        for id in deal.approvals {
            let approval = approvals[id]
            if case .reopened = approval.target { continue }
            if approval.hasBeenGranted { latest[approval.stage] = approval }
        }
        return latest.values.filter { approval in
            guard let standing = standing(approval, of: deal) else { return false }
            return isVoided(gate(of: approval), standing, by: amount, of: deal, context)
        }.map(\.id).sorted()
    }

    /// The request by which what the approval's gate asks was granted last: itself, or, where it became
    /// void, the one that was approved in its place. `nil` while it is still to be asked again.
    private func standing(_ approval: Approval, of deal: Opportunity) -> Approval? {
        guard approval.status == .void else { return approval }
        guard !deal.voided.contains(approval.id) else { return nil }
        return deal.approvals.lazy.map { approvals[$0] }.first {
            $0.asked.sequence > approval.asked.sequence && $0.hasBeenGranted && deal.goesOnwards($0)
        }
    }

    /// - Parameter standing: The request that was granted for the gate last.
    private func isVoided(
        _ gate: Gate, _ standing: Approval, by amount: Money?, of deal: Opportunity,
        _ context: Context
    ) -> Bool {
        let needed = levels(of: gate, amount: amount, on: today(context))
        // At the rate of the day on which they were asked (D-18).
        let asked = levels(
            of: gate, amount: standing.amount,
            on: context.zones.day(in: company.zone, at: standing.submittedAt))
        guard let approved = standing.amount else { return needed > asked }
        guard let amount, amount.currency == approved.currency else { return true }
        let kept = Int128(100 - deal.definition.reaskDropPercent)
        return needed > asked
            || Int128(amount.minorUnits) * 100 < Int128(approved.minorUnits) * kept
    }

    /// Who must say yes before the deal goes on: the deciders of this gate, and those of the gates
    /// whose approval became void and is needed again (D-24); one who appears twice decides once.
    func deciders(
        onwards gate: Gate, of deal: Opportunity, submitter: PersonID, on day: Day
    ) throws(Rejection) -> Deciders? {
        var all = try deciders(at: gate, of: deal, submitter: submitter, on: day)
        for id in deal.voided {
            let gate = self.gate(of: approvals[id])
            guard let more = try deciders(at: gate, of: deal, submitter: submitter, on: day) else {
                continue
            }
            var merged = all ?? Deciders(approvers: [], endsAutomatically: false)
            merged.approvers += more.approvers.filter { !merged.approvers.contains($0) }
            merged.endsAutomatically = merged.endsAutomatically || more.endsAutomatically
            all = merged
        }
        return all
    }
}

extension Approval {
    /// Whether it was approved, though a new amount may have made it void since.
    fileprivate var hasBeenGranted: Bool { status == .approved || status == .void }
}

extension Opportunity {
    /// Whether the request is to take the deal onwards: only then what became void is asked again, and
    /// granted, with it (D-24). Going back and being opened again settle nothing.
    func goesOnwards(_ approval: Approval) -> Bool {
        switch approval.target {
        case .won: true
        case .reopened: false
        case .stage(let key):
            (version.stageIndex(key) ?? .max) > (version.stageIndex(approval.stage) ?? -1)
        }
    }
}

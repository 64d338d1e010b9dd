extension State {
    /// The approvals that a new amount makes void: it rises into more levels than were asked, or falls
    /// by more than the process allows (D-24). Measured against the amount that was approved, so that
    /// small steps add up. Amounts in unlike currencies cannot be compared and are asked again (D-36).
    func voided(by amount: Money?, of deal: Opportunity, on day: Day) -> [ApprovalID] {
        var latest: [String: ApprovalID] = [:]
        for id in deal.approvals where approvals[id].status == .approved {
            if case .reopened = approvals[id].target { continue }
            latest[approvals[id].stage] = id
        }
        return latest.values.sorted().filter {
            isVoided(approvals[$0], by: amount, of: deal, on: day)
        }
    }

    private func isVoided(
        _ approval: Approval, by amount: Money?, of deal: Opportunity, on day: Day
    ) -> Bool {
        let gate = gate(of: approval)
        func levels(_ amount: Money?) -> Int { self.levels(of: gate, amount: amount, on: day) }
        guard let approved = approval.amount else {
            return levels(amount) > levels(nil)
        }
        guard let amount else { return true }
        guard amount.currency == approved.currency else { return true }
        let kept = Int128(100 - deal.definition.reaskDropPercent)
        return levels(amount) > levels(approved)
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

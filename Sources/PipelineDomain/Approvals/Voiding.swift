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

    /// The gate at which what became void is asked again. A migration may have taken its stage away: then the
    /// present stage's, as if it asked a superior, for what is needed again is not forgotten with a stage (D-7).
    private func gateAgain(of approval: Approval, in deal: Opportunity) -> Gate {
        guard deal.version.stageIndex(approval.stage) == nil else { return gate(of: approval) }
        var gate = deal.currentStage.gate
        gate.approval = .superior
        return gate
    }

    /// The gate whose deadlines a request follows: its own, and with it those of what became void and is
    /// asked again by the same request (D-24, D-27).
    func awaitedGate(of approval: Approval) -> Gate {
        let deal = opportunities[approval.opportunity]
        let own = gate(of: approval)
        guard deal.goesOnwards(approval) else { return own }
        let asking = ([own] + deal.voided.map { gateAgain(of: approvals[$0], in: deal) })
            .filter { $0.approval == .superior }
        guard let first = asking.first else { return own }
        return asking.dropFirst().reduce(first) { $0.awaited(with: $1) }
    }

    /// Who must say yes before the deal goes on: the deciders of this gate, and those of the gates
    /// whose approval became void and is needed again (D-24); one who appears twice decides once.
    func deciders(
        onwards gate: Gate, of deal: Opportunity, submitter: PersonID, on day: Day
    ) throws(Rejection) -> Deciders? {
        var all = try deciders(at: gate, of: deal, submitter: submitter, on: day)
        for id in deal.voided {
            let gate = gateAgain(of: approvals[id], in: deal)
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
            // Two stages that a migration made one were two when the request led from one to the other.
            (version.stageIndex(key) ?? .max) >= (version.stageIndex(approval.stage) ?? -1)
        }
    }
}

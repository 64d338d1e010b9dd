import PipelineDomain
import PipelineProtocol

extension Call {
    /// Put to the viewer, made by the viewer, or both; newest last, by id.
    func writeApprovals(
        mine: Bool, sent: Bool, status: Approval.Status?, _ listing: Listing<ApprovalColumn>
    ) throws(Rejection) {
        // Whoever sees everything may look for what is stuck (D-22).
        if !mine, !sent, state.seesEverything(viewer) {
            try scanning(state.approvals.count) { call in
                call.writeApprovals(call.state.approvals.ids, status, listing)
            }
        } else {
            var ids: Set<ApprovalID> = []
            if mine || !sent { ids.formUnion(person.asked + state.requests(for: viewer)) }
            if sent || !mine { ids.formUnion(person.submitted) }
            let found = ids.sorted()
            try scanning(found.count) { call in call.writeApprovals(found, status, listing) }
        }
    }

    private func writeApprovals(
        _ ids: some Sequence<ApprovalID>, _ status: Approval.Status?,
        _ listing: Listing<ApprovalColumn>
    ) {
        let approvals = state.approvals
        writeList(ids, listing) { id in
            let approval = approvals[id]
            return status == nil || approval.status == status ? approval : nil
        }
    }
}

/// A request. Of a deal out of sight it tells no title, amount or words (D-34): only what became of it.
enum ApprovalColumn: String, NodeColumn {
    typealias Row = Approval
    case id, opportunity, title, stage, to, amount, currency, status, submitter, approvers, attempt
    case level, vacant, submittedAt, delivered, seen, decidedBy, decidedFor, decidedAt, note

    func value(of approval: Approval, in call: Call) -> Node {
        let state = call.state
        return switch self {
        case .id: .id(approval.id)
        case .opportunity: .id(approval.opportunity)
        case .title:
            seesDeal(of: approval, in: call)
                ? .text(state.opportunities[approval.opportunity].title) : .null
        case .stage: .text(approval.stage)
        case .to: .text(approval.target.key)
        case .amount:
            seesDeal(of: approval, in: call) ? .optional(approval.amount?.decimal) : .null
        case .currency: .text(approval.currency.code)
        case .status: .text(approval.status.rawValue)
        case .submitter: .id(approval.submitter)
        case .approvers: .ids(approval.approvers)
        case .attempt: .count(approval.attempt)
        case .level: .count(min(approval.decidedLevels + 1, max(1, approval.levels)))
        case .vacant: .count(approval.status == .pending ? approval.vacancies : 0)
        case .submittedAt: .instant(approval.submittedAt)
        case .delivered: .boolean(state.delivery(of: approval).delivered)
        case .seen: .boolean(state.delivery(of: approval).seen)
        case .decidedBy: .optional(approval.decidedBy)
        case .decidedFor: .optional(approval.decidedFor)
        case .decidedAt: .optional(approval.decidedAt)
        case .note:
            seesDeal(of: approval, in: call)
                ? .optional(
                    approval.status == .pending ? approval.note : approval.decisionNote) : .null
        }
    }

    func order(of approval: Approval, in call: Call) -> SortKey {
        guard case .amount = self else { return SortKey(value(of: approval, in: call)) }
        guard seesDeal(of: approval, in: call), let amount = approval.amount else {
            return SortKey(Worth?.none)
        }
        return SortKey(call.state.worth(of: amount, on: call.today))
    }

    private func seesDeal(of approval: Approval, in call: Call) -> Bool {
        call.state.seesDeal(of: approval, call.viewer)
    }
}

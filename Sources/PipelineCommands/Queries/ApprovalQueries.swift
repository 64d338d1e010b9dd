import PipelineDomain
import PipelineProtocol

extension Call {
    /// Of a deal out of sight no title, amount or words (D-34): only what became of the request.
    func writeApproval(_ approval: Approval) {
        let delivery = state.delivery(of: approval)
        let seesDeal = state.seesDeal(of: approval, viewer)
        let title = seesDeal ? state.opportunities[approval.opportunity].title : nil
        let note = approval.status == .pending ? approval.note : approval.decisionNote
        reply.map(19)
        reply.bulk("id")
        reply.bulk(approval.id)
        reply.bulk("opportunity")
        reply.bulk(approval.opportunity)
        reply.bulk("title")
        reply.optional(title)
        reply.bulk("stage")
        reply.bulk(approval.stage)
        reply.bulk("to")
        reply.bulk(approval.target.key)
        reply.bulk("amount")
        reply.optional(seesDeal ? approval.amount?.decimal : nil)
        reply.bulk("currency")
        reply.bulk(approval.currency.code)
        reply.bulk("status")
        reply.bulk(approval.status.rawValue)
        reply.bulk("submitter")
        reply.bulk(approval.submitter)
        reply.bulk("approvers")
        reply.ids(approval.approvers)
        reply.bulk("attempt")
        reply.integer(approval.attempt)
        reply.bulk("level")
        reply.integer(min(approval.decidedLevels + 1, max(1, approval.approvers.count)))
        reply.bulk("submittedAt")
        reply.bulk(approval.submittedAt)
        reply.bulk("delivered")
        reply.boolean(delivery.delivered)
        reply.bulk("seen")
        reply.boolean(delivery.seen)
        reply.bulk("decidedBy")
        reply.optional(approval.decidedBy)
        reply.bulk("decidedFor")
        reply.optional(approval.decidedFor)
        reply.bulk("decidedAt")
        reply.optional(approval.decidedAt?.description)
        reply.bulk("note")
        reply.optional(seesDeal ? note : nil)
    }

    /// Put to the viewer, made by the viewer, or both; newest last, by id.
    func writeApprovals(
        mine: Bool, sent: Bool, status: Approval.Status?, page: Page
    ) {
        // Whoever sees everything may look for what is stuck (D-22).
        var ids = !mine && !sent && state.seesEverything(viewer) ? Array(state.approvals.ids) : []
        if mine || !sent { ids += person.asked + state.requests(for: viewer) }
        if sent || !mine { ids.append(contentsOf: person.submitted) }
        let approvals = state.approvals
        writeList(
            Set(ids).sorted(), page,
            row: { id in
                let approval = approvals[id]
                return status == nil || approval.status == status ? approval : nil
            }, write: writeApproval)
    }
}

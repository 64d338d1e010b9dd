import PipelineDomain
import PipelineProtocol

extension Call {
    func writeActivities(_ ids: OrderedIDs<ActivityKind>) {
        reply.array(ids.count)
        for id in ids {
            let activity = state.activities[id]
            reply.map(9)
            reply.bulk("id")
            reply.bulk(id)
            reply.bulk("kind")
            reply.bulk(activity.kind)
            reply.bulk("to")
            reply.bulk(activity.assignee)
            reply.bulk("at")
            reply.optional(activity.at?.description)
            reply.bulk("done")
            reply.boolean(activity.isDone)
            reply.bulk("doneAt")
            reply.optional(activity.doneAt?.description)
            reply.bulk("result")
            reply.optional(activity.result?.rawValue)
            reply.bulk("note")
            reply.optional(activity.note)
            reply.bulk("by")
            reply.bulk(activity.createdBy)
        }
    }
}

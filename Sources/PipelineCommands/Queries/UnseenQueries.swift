import PipelineDomain
import PipelineProtocol

extension Call {
    /// Who of the people below has not acknowledged what, by person and `seq`; moot rows are left out,
    /// and so is what the viewer may not see (N-8, D-34). Looked through off the lock (E-1).
    func writeUnseen(in unit: UnitID?) throws(Rejection) {
        if let unit { _ = try state.unit(unit) }
        later { call, _ in call.writeUnseenRows(in: unit) }
    }

    private func writeUnseenRows(in unit: UnitID?) {
        let below =
            state.seesEverything(viewer)
            ? state.persons.ids.filter { $0 != viewer } : state.peopleBelow(viewer)
        let members = unit.map { Set(state.subtree(of: $0)) }
        var rows: [(person: PersonID, seq: UInt64, row: Inbox.Row)] = []
        for person in below where rows.count < Bounds.listMost {
            guard state.persons[person].isActive,
                members?.contains(state.persons[person].unit) != false
            else { continue }
            let inbox = state.inboxes[person]
            var seq = inbox.acknowledgedUpTo + 1
            while rows.count < Bounds.listMost, let row = inbox.row(seq) {
                let isUnseen =
                    !row.isAcknowledged && !state.isSettled(row, for: person)
                    && state.mayRead(row.notification, viewer)
                    && state.mayRead(row.notification, person)
                if isUnseen { rows.append((person, seq, row)) }
                seq += 1
            }
        }
        reply.array(rows.count)
        for (person, seq, row) in rows {
            reply.map(7)
            reply.bulk("person")
            reply.bulk(person)
            reply.bulk("login")
            reply.bulk(state.persons[person].login)
            reply.bulk("seq")
            reply.integer(Int64(seq))
            reply.bulk("type")
            reply.bulk(row.notification.kind.rawValue)
            reply.bulk("opportunity")
            reply.optional(row.notification.opportunity)
            reply.bulk("at")
            reply.bulk(row.at)
            reply.bulk("delivered")
            reply.boolean(seq <= state.inboxes[person].deliveredUpTo)
        }
    }
}

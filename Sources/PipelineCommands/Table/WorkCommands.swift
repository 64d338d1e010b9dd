import PipelineDomain

extension CommandTable {
    static let approvals: [Command] = [
        .query(
            "APPROVAL.LIST", "Lists approval requests: put to you (MINE), made by you (SENT).",
            .approval,
            .flag("MINE"), .flag("SENT"), .option("STATUS", .oneOf), .limit, .cursor, .count
        ) { (call, mine, sent, status, page, cursor, count) throws(Rejection) in
            call.writeApprovals(
                mine: mine, sent: sent, status: status, page: try page.scanned(cursor, count))
        },
        .query(
            "APPROVAL.GET", "Shows an approval request.", .approval,
            rights: "its submitter, its approvers, whoever sees the deal",
            .required("approval", .approval)
        ) { (call, approval) throws(Rejection) in
            call.writeApproval(try call.state.approval(approval, for: call.viewer))
        },
        .write(
            "APPROVAL.APPROVE", "Approves a request; after the last approver the deal moves on.",
            .approval, rights: "the request's deciders",
            .required("approval", .approval), .option("NOTE", .note)
        ) { approval, note in
            DecideApproval(approval: approval, verdict: .approve(note: note))
        },
        .write(
            "APPROVAL.REJECT", "Rejects a request, saying why; the deal stays in its stage.",
            .approval, rights: "the request's deciders",
            .required("approval", .approval), .keyword("NOTE", .note)
        ) { approval, note in
            DecideApproval(approval: approval, verdict: .reject(note: note))
        },
    ]

    static let inbox: [Command] = [
        .query(
            "INBOX.LIST", "Lists your notifications by seq.", .inbox,
            .option("FROM", .position), .option("COUNT", .integer("n", in: 1...Bounds.listMost)),
            .flag("UNACKED")
        ) { call, from, count, unacknowledged in
            call.writeInbox(
                from: from ?? 1, count: count ?? Bounds.listDefault,
                unacknowledgedOnly: unacknowledged)
        },
        .query(
            "INBOX.UNSEEN", "Lists what the people below you have not seen.", .inbox,
            rights: "everyone, over the people below; executives and admins, over everybody",
            .option("UNIT", .unit)
        ) { (call, unit) throws(Rejection) in
            try call.writeUnseen(in: unit)
        },
        .write(
            "INBOX.ACK", "Acknowledges notifications, which ends their delivery.", .inbox,
            rights: "everyone, for their own", changesExisting: false,
            .rest("seq", .position), .option("UPTO", .position)
        ) { (seqs, upTo) throws(ArgumentError) in
            switch (seqs.isEmpty, upTo) {
            case (true, let upTo?): AcknowledgeInbox(rows: .upTo(upTo))
            case (false, nil): AcknowledgeInbox(rows: .listed(seqs))
            default: throw .wrongCount
            }
        },
    ]
}

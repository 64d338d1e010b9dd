import PipelineDomain

extension CommandTable {
    static let approvals: [Command] = [
        .list(
            "APPROVAL.LIST", "Lists approval requests: put to you (MINE), made by you (SENT).",
            .approval, of: ApprovalColumn.self,
            .flag("MINE"), .flag("SENT"), .option("STATUS", .oneOf)
        ) { (call, listing, mine, sent, status) throws(Rejection) in
            try call.writeApprovals(mine: mine, sent: sent, status: status, listing)
        },
        .query(
            "APPROVAL.GET", "Shows an approval request.", .approval,
            rights: "its submitter, its approvers, whoever sees the deal",
            .required("approval", .approval)
        ) { (call, approval) throws(Rejection) in
            call.write(
                try call.state.approval(approval, for: call.viewer), ApprovalColumn.self)
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
        .list(
            "INBOX.LIST", "Lists your notifications by seq.", .inbox, of: InboxColumn.self,
            countsAlone: true,
            .option("FROM", .position), .flag("UNACKED")
        ) { (call, listing, from, unacknowledged) throws(Rejection) in
            try call.writeInbox(from: from ?? 1, unacknowledgedOnly: unacknowledged, listing)
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
            case (false, .some):
                throw .value(
                    argument: "UPTO", problem: "is instead of single rows: name one of the two")
            case (true, nil): throw .wrongCount
            }
        },
    ]
}

import PipelineDomain

extension CommandTable {
    static let approvals: [Command] = [
        .query(
            "APPROVAL.LIST", "Lists approval requests: put to you (MINE), made by you (SENT).",
            .approval,
            .flag("MINE"), .flag("SENT"), .option("STATUS", .oneOf), .limit
        ) { call, mine, sent, status, page in
            call.writeApprovals(mine: mine, sent: sent, status: status, page: page)
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

    static let reports: [Command] = [
        .query(
            "REPORT.FUNNEL", "Count and amount of the open deals by stage, for a unit's subtree.",
            .report, rights: "everyone, over the deals they see",
            .option("UNIT", .unit), .option("OWNER", .person), .option("PROCESS", .process),
            .pair("PERIOD", .day, "from", "to"), .option("CUSTOMERTYPE", .name),
            .option("INDUSTRY", .name), .option("PRODUCT", .name), .option("SOURCE", .name),
            .option("REGION", .name), .option("CHANNEL", .name), .option("ASOF", .asOf)
        ) {
            (
                call, unit, owner, process, days, type, industry, product, source, region, channel,
                asOf
            ) throws(Rejection) in
            try call.writeFunnel(
                try scope(
                    unit, owner, process, days, type,
                    [
                        .industry: industry, .product: product, .source: source, .region: region,
                        .channel: channel,
                    ]), asOf: asOf)
        },
        .query(
            "REPORT.FORECAST",
            "Sum of amount x win rate over the open deals expected to close in the period.",
            .report, rights: "everyone, over the deals they see",
            .option("UNIT", .unit), .option("OWNER", .person), .option("PROCESS", .process),
            .pair("PERIOD", .day, "from", "to"), .option("CUSTOMERTYPE", .name),
            .option("INDUSTRY", .name), .option("PRODUCT", .name), .option("SOURCE", .name),
            .option("REGION", .name), .option("CHANNEL", .name), .option("ASOF", .asOf)
        ) {
            (
                call, unit, owner, process, days, type, industry, product, source, region, channel,
                asOf
            ) throws(Rejection) in
            try call.writeForecast(
                try scope(
                    unit, owner, process, days, type,
                    [
                        .industry: industry, .product: product, .source: source, .region: region,
                        .channel: channel,
                    ]), asOf: asOf)
        },
    ]

    private static func scope(
        _ unit: UnitID?, _ owner: PersonReference?, _ process: ProcessReference?,
        _ days: (Day, Day)?, _ customerType: String?, _ fields: [OpportunityField: String?]
    ) throws(Rejection) -> Scope {
        var scope = Scope()
        scope.unit = unit
        scope.owner = owner
        scope.process = process
        scope.customerType = customerType
        scope.fields = fields.compactMapValues { $0 }
        if let days { scope.period = try period(days.0, days.1, "PERIOD") }
        return scope
    }
}

import PipelineDomain

extension CommandTable {
    static let opportunities: [Command] = working + moving + reading

    private static let inCharge = "the owner and everyone above"

    private static let feasibility = ValueType<String>.choice([
        ("yes", "yes"), ("no", "no"), ("unknown", ""),
    ])
    private static let competitors = Parameter<[String]?>.option(
        "COMPETITORS", .names(most: Bounds.competitorsPerDeal))
    /// All tags that the deal is to have; OPP.TAG adds and removes single ones.
    private static let tags = Parameter<[String]?>.option("TAGS", .names(most: Bounds.tagsPerDeal))

    private static let working: [Command] = [
        .write(
            "OPP.CREATE",
            "Enters a deal into the first stage of its process; the company's own fields by their keys.",
            .opportunity, rights: "everyone; for others: somebody above, admin",
            changesExisting: false, ownFields: .opportunity,
            .required("title", .name), .keyword("CUSTOMER", .customer), .option("AMOUNT", .amount),
            .option("CUR", .currency), .option("CLOSE", .day), .option("PROCESS", .process),
            .option("OWNER", .person), .option("SOURCE", .field), .option("INDUSTRY", .field),
            .option("PRODUCT", .field), .option("REGION", .field), .option("CHANNEL", .field),
            .option("EXTID", .field), .option("FEASIBILITY", feasibility),
            .option("COST", .amount), competitors, tags, .customFields, .ownFields
        ) {
            title, customer, amount, currency, close, process, owner, source, industry, product,
            region, channel, external, feasibility, cost, competitors, tags, custom, own in
            var fields = dealFields(source, industry, product, region, channel, external)
            fields[.feasibility] = feasibility
            return CreateOpportunity(
                title: title, customer: customer, amount: amount, currency: currency, close: close,
                process: process, owner: owner, fields: fields,
                details: DealDetails(
                    competitors: competitors, cost: cost.map { .some($0) }, tags: tags,
                    custom: custom + own))
        },
        .write(
            "OPP.UPDATE",
            "Changes fields of a deal, the company's own by their keys; an empty value clears one.",
            .opportunity, rights: inCharge, ownFields: .opportunity,
            .required("opportunity", .opportunity), .option("TITLE", .name),
            .option("CUSTOMER", .customer), .option("AMOUNT", .clearable(.amount)),
            .option("CUR", .currency), .option("CLOSE", .clearable(.day)),
            .option("SOURCE", .field), .option("INDUSTRY", .field), .option("PRODUCT", .field),
            .option("REGION", .field), .option("CHANNEL", .field), .option("EXTID", .field),
            .option("FEASIBILITY", feasibility), .option("COST", .clearable(.amount)),
            competitors, tags, .customFields, .ownFields
        ) {
            opportunity, title, customer, amount, currency, close, source, industry, product,
            region, channel, external, feasibility, cost, competitors, tags, custom, own in
            var fields = dealFields(source, industry, product, region, channel, external)
            fields[.feasibility] = feasibility
            return UpdateOpportunity(
                opportunity: opportunity, title: title, customer: customer, amount: amount,
                currency: currency, close: close, fields: fields,
                details: DealDetails(
                    competitors: competitors, cost: cost, tags: tags, custom: custom + own))
        },
        .write(
            "OPP.TAG",
            "Adds a tag to a deal, or removes one; possible while it waits for approval.",
            .opportunity, rights: inCharge,
            .required("opportunity", .opportunity), .option("ADD", .name), .option("REMOVE", .name)
        ) { (opportunity, adding, removing) throws(ArgumentError) in
            guard adding != nil || removing != nil else { throw .wrongCount }
            return TagOpportunity(opportunity: opportunity, adding: adding, removing: removing)
        },
        .write(
            "OPP.FEEDBACK", "Fills the feedback fields that the stages ask for.", .opportunity,
            rights: inCharge,
            .required("opportunity", .opportunity), .fieldValues
        ) { opportunity, values in GiveFeedback(opportunity: opportunity, values: values) },
        .write(
            "OPP.TASK", "Marks a task of the deal done, or not done.", .opportunity,
            rights: "\(inCharge); who has the task's role on the team",
            .required("opportunity", .opportunity), .required("task", .key),
            .required("state", .choice([("DONE", true), ("UNDO", false)])),
            .option("EVIDENCE", .note), .option("NOTE", .note)
        ) { opportunity, task, done, evidence, note in
            MarkTask(
                opportunity: opportunity, task: task, done: done, evidence: evidence, note: note)
        },
        .write(
            "OPP.NOTE", "Adds a note to a deal.", .opportunity, rights: "whoever sees the deal",
            .required("opportunity", .opportunity), .required("text", .note),
            .option("REPLYTO", .noteID), .option("MENTION", .persons)
        ) { opportunity, text, reply, mentions in
            AddNote(
                opportunity: opportunity, text: text, replyTo: reply, mentions: mentions ?? [])
        },
    ]

    private static let moving: [Command] = [
        .write(
            "OPP.ADVANCE", "Moves the deal to the next stage, at once or through approval.",
            .opportunity, rights: inCharge,
            .required("opportunity", .opportunity), .option("TO", .key), .option("NOTE", .note)
        ) { opportunity, to, note in
            AdvanceOpportunity(opportunity: opportunity, to: to, note: note)
        },
        .write(
            "OPP.RECALL", "Takes a pending approval request back.", .opportunity,
            rights: "the submitter",
            .required("opportunity", .opportunity), .option("NOTE", .note)
        ) { opportunity, note in RecallOpportunity(opportunity: opportunity, note: note) },
        .write(
            "OPP.WIN", "Wins a deal from its closing stage, at once or through approval.",
            .opportunity, rights: inCharge,
            .required("opportunity", .opportunity), .option("REVIEW", .note),
            .option("NOTE", .note)
        ) { opportunity, review, note in
            WinOpportunity(opportunity: opportunity, review: review, note: note)
        },
        .write(
            "OPP.LOSE", "Closes a deal as lost, from any stage.", .opportunity, rights: inCharge,
            .required("opportunity", .opportunity), .keyword("REASON", .name),
            .option("COMPETITOR", .name), .option("REVIEW", .note), .option("NOTE", .note)
        ) { opportunity, reason, competitor, review, note in
            LoseOpportunity(
                opportunity: opportunity,
                closing: Closing(
                    reason: reason, competitor: competitor, review: review, note: note))
        },
        .write(
            "OPP.INVALIDATE", "Closes a deal that should never have been worked.", .opportunity,
            rights: inCharge,
            .required("opportunity", .opportunity), .keyword("REASON", .name),
            .option("NOTE", .note)
        ) { opportunity, reason, note in
            InvalidateOpportunity(
                opportunity: opportunity,
                closing: Closing(reason: reason, competitor: nil, review: nil, note: note))
        },
    ]

    private static let reading: [Command] = [
        .query(
            "OPP.GET", "Shows a deal.", .opportunity, rights: "whoever sees the deal",
            .required("opportunity", .opportunity), .counted("WITH", .oneOf)
        ) { (call, opportunity, parts: [OpportunityPart]) throws(Rejection) in
            try call.writeOpportunity(opportunity, with: parts)
        },
        .list(
            "OPP.LIST", "Lists the deals that you see; an empty text stands for deals without.",
            .opportunity, of: OpportunityColumn.self,
            .option("OWNER", .person), .option("UNIT", .unit), .option("STAGE", .key),
            .option("OUTCOME", .oneOf), .option("PROCESS", .process),
            .option("CUSTOMER", .customer), .period("CLOSE"),
            .option("SOURCE", .field), .option("INDUSTRY", .field), .option("PRODUCT", .field),
            .option("REGION", .field), .option("CHANNEL", .field), .option("EXTID", .field),
            .option("TAG", .name)
        ) {
            (
                call, listing, owner, unit, stage, outcome, process, customer, close, source,
                industry, product, region, channel, external, tag
            ) throws(Rejection) in
            let filter = OpportunityFilter(
                owner: owner, unit: unit, stage: stage, outcome: outcome, process: process,
                customer: customer,
                close: close,
                fields: dealFields(source, industry, product, region, channel, external), tag: tag)
            try call.scanning(call.state.opportunities.count) { (call) throws(Rejection) in
                try call.writeOpportunities(filter, listing)
            }
        },
        .query(
            "OPP.GUIDE", "What is left to do here, what comes next, how long, and the odds.",
            .opportunity, rights: "whoever sees the deal",
            .required("opportunity", .opportunity)
        ) { (call, opportunity) throws(Rejection) in try call.writeGuide(opportunity) },
        .query(
            "OPP.HISTORY", "Everything that happened to a deal: who, when, from what to what, why.",
            .opportunity, rights: "whoever sees the deal",
            .required("opportunity", .opportunity), .option("FROM", .position),
            .option("COUNT", .integer("n", in: 1...Bounds.listMost))
        ) { (call, opportunity, from, count) throws(Rejection) in
            try call.writeHistory(opportunity, from: from ?? 0, count: count ?? Bounds.listDefault)
        },
    ]

    private static func dealFields(
        _ source: String?, _ industry: String?, _ product: String?, _ region: String?,
        _ channel: String?, _ external: String?
    ) -> DealFields {
        var fields = DealFields()
        fields[.source] = source
        fields[.industry] = industry
        fields[.product] = product
        fields[.region] = region
        fields[.channel] = channel
        fields[.externalID] = external
        return fields
    }
}

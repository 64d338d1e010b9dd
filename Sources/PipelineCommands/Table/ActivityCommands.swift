import PipelineDomain

extension CommandTable {
    static let activities: [Command] = [
        .write(
            "OPP.ACTIVITY", "Plans or reports a call, a visit ... on a deal; RESULT means done.",
            .opportunity, rights: "whoever sees the deal",
            .required("opportunity", .opportunity), .required("kind", .activityKind),
            .option("TO", .person), .option("AT", .moment), .flag("DONE"),
            .option("RESULT", .oneOf), .option("NOTE", .note)
        ) { opportunity, kind, to, at, done, result, note in
            AddActivity(
                target: .opportunity(opportunity), kind: kind, to: to, at: at, done: done,
                result: result, note: note)
        },
        .write(
            "LEAD.ACTIVITY", "Plans or reports a call, a visit ... on a lead; RESULT means done.",
            .customer, rights: "whoever sees the lead",
            .required("lead", .lead), .required("kind", .activityKind), .option("TO", .person),
            .option("AT", .moment), .flag("DONE"), .option("RESULT", .oneOf),
            .option("NOTE", .note)
        ) { lead, kind, to, at, done, result, note in
            AddActivity(
                target: .lead(lead), kind: kind, to: to, at: at, done: done, result: result,
                note: note)
        },
        .write(
            "ACTIVITY.DONE", "Reports a planned activity as done.", .opportunity,
            rights: "whoever sees the deal or the lead",
            .required("activity", .activity), .option("RESULT", .oneOf)
        ) { activity, result in FinishActivity(activity: activity, result: result) },
    ]
}

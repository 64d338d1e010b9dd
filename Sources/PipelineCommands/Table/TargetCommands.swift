import PipelineDomain
import PipelineProtocol

extension CommandTable {
    static let targets: [Command] = [
        .write(
            "TARGET.SET", "Sets what a unit or person is to win, or how many activities to do.",
            .report, rights: "everyone above the holder; an admin",
            .required("holder", .holder), .keyword("PERIOD", .calendarPeriod),
            .option("AMOUNT", .amount), .option("CUR", .currency),
            .option("ACTIVITY", .activityKind),
            .option("COUNT", .integer("count", in: 0...Bounds.measureMost)),
            .option("PRODUCT", .name), .option("REGION", .name), .option("CHANNEL", .name)
        ) {
            (
                holder, period, amount, currency, kind, count, product, region, channel
            ) throws(ArgumentError) in
            SetTarget(
                holder: holder, period: period,
                goal: try goal(amount, currency, kind, count), product: product, region: region,
                channel: channel)
        },
        .query(
            "TARGET.TREE", "Targets and what they are broken down into, with the gap.", .report,
            rights: "everyone: their own and those below; executives and admins all",
            .optional("holder", .holder), .option("PERIOD", .calendarPeriod),
            .option("ASOF", .asOf)
        ) { (call, holder, period, asOf) throws(Rejection) in
            try call.targetTree(holder, period, asOf)
        },
    ]

    private static func goal(
        _ amount: Amount?, _ currency: Currency?, _ kind: String?, _ count: Int?
    ) throws(ArgumentError) -> SetTarget.Goal {
        switch (amount, kind, count) {
        case (let amount?, nil, nil): return .amount(amount, currency)
        case (nil, let kind?, let count?):
            guard currency == nil else {
                throw .value(argument: "CUR", problem: "goes with AMOUNT; a count has no currency")
            }
            return .activities(kind: kind, count: count)
        case (nil, nil, nil):
            throw .value(argument: "AMOUNT", problem: "or ACTIVITY with COUNT must be given")
        case (nil, _?, nil): throw .value(argument: "COUNT", problem: "must follow ACTIVITY")
        case (nil, nil, _?): throw .value(argument: "ACTIVITY", problem: "must go with COUNT")
        default:
            throw .value(
                argument: "AMOUNT", problem: "excludes ACTIVITY and COUNT; set two targets")
        }
    }
}

import PipelineDomain
import PipelineProtocol

extension CommandTable {
    static let reports: [Command] = [
        report(
            "REPORT.FUNNEL", "Count and amount of the open deals by stage, for a unit's subtree.",
            period: "expected close"
        ) { (call, question) throws(Rejection) in
            try call.funnelReport(question)
        },
        report(
            "REPORT.FORECAST",
            "What the open deals expected to close will bring: sum of amount x win rate, and spread.",
            period: "expected close"
        ) { (call, question) throws(Rejection) in
            try call.forecastReport(question)
        },
        report(
            "REPORT.WINRATE", "Won of those that entered, with its interval, beside the set rate.",
            period: "stage entry", Call.winRates),
        report(
            "REPORT.CONVERSION", "How many go on from each stage to the next; weak steps flagged.",
            period: "stage entry", Call.conversion),
        report(
            "REPORT.DWELL", "Days in each stage: mean, median and 90th percentile.",
            period: "stage entry", Call.dwell),
        report(
            "REPORT.STAGNANT", "Open deals too long in their stage, or without a decision-maker.",
            period: "expected close", Call.stagnant),
        report(
            "REPORT.HOLES", "Stages with too few deals to feed the target of the next quarter.",
            period: "the target's; by default the next quarter", refusing: Call.holeFaults,
            Call.holes),
        report(
            "REPORT.ATTAINMENT", "Won and to be expected against the target, and the days left.",
            period: "closing; by default this quarter", refusing: Call.attainmentFaults,
            Call.attainment),
        report(
            "REPORT.VELOCITY", "What the open deals bring a day.", period: "closing",
            Call.velocity),
        report(
            "REPORT.REPS", "How each person works: activities, leads, stages, win rate, cycle.",
            period: "of what was done", Call.reps),
        report(
            "REPORT.LOSSES", "What was lost, by reason and competitor; invalid deals beside.",
            period: "closing", Call.losses),
        report(
            "REPORT.LEADS", "Leads and what became of them, by source.", period: "creation",
            refusing: { LeadReport.faults($0.scope, by: $0.grouping) }, Call.leads),
        report(
            "REPORT.UNANSWERED", "Notes of reps that nobody above them has answered.",
            period: "writing", Call.unanswered),
        report(
            "REPORT.WATERFALL",
            "How the open amount came to be what it is, movement by movement.",
            period: "of the walk, and of expected close; by default all"
        ) { (call, question) throws(Rejection) in try call.writeWaterfall(question) },
        effect, plan,
    ]

    private static let rights = "everyone, over the deals they see"

    private static func report(
        _ name: String, _ summary: String, period: String,
        refusing faults: @escaping @Sendable (ReportQuestion) -> [Rejection.Fault] = { _ in [] },
        _ body: @escaping Call.ReportBody
    ) -> Command {
        report(name, summary, period: period) { (call, question) throws(Rejection) in
            call.refuse(faults(question))
            try call.report(question, body)
        }
    }

    /// All reports take the same words.
    private static func report(
        _ name: String, _ summary: String, period: String,
        answer: @escaping @Sendable (Call, ReportQuestion) throws(Rejection) -> Void
    ) -> Command {
        .query(
            name, summary, .report, rights: rights, .option("UNIT", .unit),
            .option("OWNER", .person), .option("PROCESS", .process),
            .period("PERIOD", .reportDay(period)), .option("CUSTOMERTYPE", .name),
            .option("INDUSTRY", .name), .option("PRODUCT", .name), .option("SOURCE", .name),
            .option("REGION", .name), .option("CHANNEL", .name), .option("BY", .oneOf),
            .option("VERSUS", .unit), .option("ASOF", .asOf)
        ) {
            (
                call, unit, owner, process, days, type, industry, product, source, region, channel,
                grouping, versus, asOf
            ) throws(Rejection) in
            let scope = scope(
                unit, owner, process, days, type,
                [
                    .industry: industry, .product: product, .source: source, .region: region,
                    .channel: channel,
                ])
            try answer(
                call, ReportQuestion(scope: scope, grouping: grouping, versus: versus, asOf: asOf))
        }
    }

    private static func scope(
        _ unit: UnitID?, _ owner: PersonReference?, _ process: ProcessReference?,
        _ period: ClosedRange<Day>?, _ customerType: String?, _ fields: [OpportunityField: String?]
    ) -> Scope {
        var scope = Scope()
        scope.unit = unit
        scope.owner = owner
        scope.process = process
        scope.customerType = customerType
        scope.period = period
        scope.fields = fields.compactMapValues { $0 }
        return scope
    }

    private static let effect = Command.query(
        "REPORT.EFFECT", "One figure before and after a change, and whether it got better.",
        .report, rights: rights, .required("metric", .oneOf),
        .requiredPeriod("BEFORE"), .requiredPeriod("AFTER"),
        .option("UNIT", .unit), .option("OWNER", .person), .option("PROCESS", .process),
        .option("CUSTOMERTYPE", .name), .option("INDUSTRY", .name), .option("PRODUCT", .name),
        .option("SOURCE", .name), .option("REGION", .name), .option("CHANNEL", .name),
        .option("ASOF", .asOf)
    ) {
        (
            call, metric: EffectMetric, before, after, unit, owner, process, type, industry,
            product, source, region, channel, asOf
        ) throws(Rejection) in
        let scope = scope(
            unit, owner, process, nil, type,
            [
                .industry: industry, .product: product, .source: source, .region: region,
                .channel: channel,
            ])
        try call.report(ReportQuestion(scope: scope, asOf: asOf)) {
            (basis, question) throws(Rejection) in
            try Call.effect(basis, metric, question.scope, before: before, after: after)
        }
    }

    private static let plan = Command.query(
        "PLAN.ACTIVITIES", "How many activities a target takes: target / (rate x average deal).",
        .report, .keyword("TARGET", .amount), .keyword("RATE", .percent),
        .keyword("AVERAGE", .amount), .option("ASOF", .asOf)
    ) { (call, target, rate, average, asOf) throws(Rejection) in
        let target = call.minorUnits(target, "TARGET")
        let average = call.minorUnits(average, "AVERAGE")
        if average == 0 { call.refuse([.init("AVERAGE", "must be above 0")]) }
        call.refuse(call.faults(of: asOf))
        guard call.faults.isEmpty,
            let plan = ActivityPlan(target: target, rate: rate, average: average)
        else { return }
        guard plan.activities <= Int128(Int64.max) else {
            throw .invalid([
                .init("TARGET", "takes more activities than 64 bits count; raise RATE or AVERAGE")
            ])
        }
        try call.write(plan, asOf: asOf)
    }
}

extension Call {
    /// In the company's currency; 1 for what has more decimals than it, which is refused.
    fileprivate func minorUnits(_ amount: Amount, _ argument: String) -> Int64 {
        let currency = state.company.currency
        do throws(AmountProblem) {
            return try amount.money(in: currency).minorUnits
        } catch {
            refuse([.init(argument, error.text(currency.code))])
            return 1
        }
    }
}

extension ValueType where Value == Day {
    /// A day of a report's period, saying what the period is about.
    fileprivate static func reportDay(_ meaning: String) -> Self {
        let day = ValueType<Day>.day
        return Self(
            day.word, bounds: "\(day.bounds); \(meaning)", substitute: day.substitute,
            read: day.read)
    }
}

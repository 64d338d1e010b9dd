import PipelineDomain

/// Reports that go stage by stage, and what stands still or was lost.
extension Call {
    static func winRates(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.winRates(question.scope, by: question.grouping)
        let stages = report.rows.map { row in
            Node.map(
                [("key", .text(row.stage)), ("name", .text(row.name))] + row.share.fields
                    + [("configured", .text(row.configured.percent))])
        }
        let groups = Node.rows(report.groups.map { ($0.key, $0.share) }) { $0.fields }
        let byStage = question.grouping == nil || question.grouping == .stage
        return ReportAnswer(
            report.process.fields + [("rows", byStage ? .array(stages) : groups)]
                + report.total.fields, complete: report.isComplete)
    }

    static func conversion(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.conversion(question.scope, by: question.grouping)
        let byStage = question.grouping == nil || question.grouping == .stage
        let groups = Node.rows(report.groups.map { ($0.key, $0.rows) }) { rows in
            [("stages", .array(rows.map(\.node)))]
        }
        return ReportAnswer(
            report.process.fields + [
                ("rows", byStage ? .array(report.rows.map(\.node)) : groups),
                ("end", .conversion(report.end)),
                ("worst", .optional(report.rows.first(where: \.isWorst)?.stage)),
            ], complete: report.isComplete)
    }

    static func dwell(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.dwell(question.scope, by: question.grouping)
        let byStage = question.grouping == nil || question.grouping == .stage
        let groups = Node.rows(report.groups.map { ($0.key, $0.rows) }) { rows in
            [("stages", .array(rows.map(\.node)))]
        }
        return ReportAnswer(
            report.process.fields + [
                ("rows", byStage ? .array(report.rows.map(\.node)) : groups)
            ], complete: report.isComplete)
    }

    static func stagnant(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.stagnation(question.scope, by: question.grouping)
        let language = basis.present.persons[basis.viewer].language
        func fields(_ count: StagnationReport.Count) -> [(String, Node)] {
            [
                ("stagnant", .integer(count.stagnant)), ("noPower", .integer(count.noPower)),
                ("amount", .money(count.amount, report.currency)),
            ]
        }
        var all: [(String, Node)] =
            [("currency", .text(report.currency.code))] + fields(report.total)
            + [("rows", .array(report.rows.map { $0.node(in: language) }))]
        if question.grouping != nil {
            all.append(("groups", .rows(report.groups.map { ($0.key, $0.count) }, fields)))
        }
        return ReportAnswer(all, complete: report.isComplete, unconverted: report.unconverted)
    }

    static func losses(
        _ basis: ReportBasis, _ question: ReportQuestion
    ) throws(Rejection) -> ReportAnswer {
        let report = try basis.losses(question.scope, by: question.grouping)
        func fields(_ figures: LossReport.Figures) -> [(String, Node)] {
            [
                ("lost", .integer(figures.lost)),
                ("amount", .money(figures.amount, report.currency)),
                ("invalid", .integer(figures.invalid)),
                ("invalidAmount", .money(figures.invalidAmount, report.currency)),
            ]
        }
        func causes(_ rows: LossReport.Rows) -> Node {
            .array(
                rows.map { row in
                    .map([
                        ("key", .optional(row.key.text)), ("count", .integer(row.figures.lost)),
                        ("amount", .money(row.figures.amount, report.currency)),
                    ])
                })
        }
        var all: [(String, Node)] =
            [("currency", .text(report.currency.code))] + fields(report.total)
            + [("reasons", causes(report.reasons)), ("competitors", causes(report.competitors))]
        if question.grouping != nil { all.append(("rows", .rows(report.groups, fields))) }
        return ReportAnswer(all, complete: report.isComplete, unconverted: report.unconverted)
    }
}

extension Share {
    var fields: [(String, Node)] {
        [
            ("entered", .integer(entered)), ("won", .integer(won)), ("lost", .integer(lost)),
            ("open", .integer(open)), ("invalid", .integer(invalid)), ("winRate", .percent(rate)),
            ("low", .optional(interval?.lowPercent)), ("high", .optional(interval?.highPercent)),
        ]
    }
}

extension ConversionReport.Row {
    fileprivate var node: Node {
        .map([
            ("key", .text(stage)), ("name", .text(name)), ("entered", .integer(entered)),
            ("advanced", .integer(advanced)), ("open", .integer(open)),
            ("conversion", .conversion(conversion)), ("ofFirst", .conversion(ofFirst)),
            ("worst", .boolean(isWorst)), ("flag", .flag(isWeak, "weak")),
        ])
    }
}

extension DwellReport.Row {
    fileprivate var node: Node {
        .map([
            ("key", .text(stage)), ("name", .text(name)), ("count", .integer(stays.count)),
            ("open", .integer(stays.open)), ("mean", .days(stays.mean)),
            ("median", .days(stays.median)), ("p90", .days(stays.p90)),
            ("maxDwellDays", maxDwellDays.map { .integer($0) } ?? .null),
        ])
    }
}

extension StagnationReport.Row {
    fileprivate func node(in language: Person.Language) -> Node {
        var flags: [Node] = []
        if isStagnant { flags.append(.text("stagnant")) }
        if hasNoPower { flags.append(.text("no-power")) }
        let causes = isStagnant ? Messages.causes(phase, in: language) : []
        return .map([
            ("id", .text(opportunity.description)), ("title", .text(title)),
            ("owner", .text(owner.description)), ("unit", .text(unit.description)),
            ("process", .text(process)), ("stage", .text(stage)),
            ("phase", .optional(phase?.rawValue)), ("amount", .optional(amount?.decimal)),
            ("currency", .optional(amount?.currency.code)), ("dwellDays", .integer(dwellDays)),
            ("maxDwellDays", maxDwellDays.map { .integer($0) } ?? .null), ("flags", .array(flags)),
            ("causes", .array(causes.map { .text($0) })),
        ])
    }
}

extension Messages {
    /// Why a deal of the phase is likely to stand still.
    static func causes(_ phase: Stage.Phase?, in language: Person.Language) -> [String] {
        switch (phase, language) {
        case (nil, _): []
        case (.early, .en):
            ["the buyer has not decided to buy yet", "the rep is out of touch with the buyer"]
        case (.early, .zh): ["客户尚未下定购买决心", "销售人员与客户失去联系"]
        case (.mid, .en):
            [
                "the buyer is in a dilemma between offers",
                "already lost to a competitor, and nobody says so",
            ]
        case (.mid, .zh): ["客户在几家方案之间左右为难", "已经输给竞争对手，只是没有说出来"]
        case (.late, .en): ["disagreement inside the buyer's organisation"]
        case (.late, .zh): ["客户内部意见不一致"]
        }
    }
}

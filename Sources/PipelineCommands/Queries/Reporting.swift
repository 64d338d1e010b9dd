import PipelineDomain
import PipelineProtocol

/// What was asked for with a report (§7).
struct ReportQuestion: Sendable {
    var scope = Scope()
    var grouping: Grouping?
    /// Another unit, answered beside.
    var versus: UnitID?
    var asOf: AsOf?

    /// The same of the unit beside.
    var beside: ReportQuestion? {
        guard let versus else { return nil }
        var other = self
        other.scope.unit = versus
        return other
    }
}

/// The fields of a report, up to what all of them end with.
struct ReportAnswer {
    var fields: [(String, Node)]
    let isComplete: Bool
    let unconverted: [CurrencySum]

    init(_ fields: [(String, Node)], complete: Bool, unconverted: [CurrencySum] = []) {
        self.fields = fields
        isComplete = complete
        self.unconverted = unconverted
    }

    /// With `complete` and, where amounts could not be converted, `unconverted` (D-36).
    var all: [(String, Node)] {
        var all = fields + [("complete", Node.boolean(isComplete))]
        if !unconverted.isEmpty { all.append(("unconverted", .sums(unconverted))) }
        return all
    }
}

extension Call {
    typealias ReportBody = @Sendable (ReportBasis, ReportQuestion) throws(Rejection) -> ReportAnswer

    /// The facts of now.
    var basis: ReportBasis {
        ReportBasis(
            past: state, present: state, viewer: viewer, at: recordedAt, sequence: sequence,
            looksBack: false, zones: zones)
    }

    /// Answers a report: its fields, those of the unit beside it, and the receipt. Where kept sums
    /// answer it, and in a small company, at once; else off the lock (E-1, E-5).
    func report(
        _ question: ReportQuestion, _ body: @escaping ReportBody
    ) throws(Rejection) {
        try report(question, atOnce: isSmallCompany, body)
    }

    func funnelReport(_ question: ReportQuestion) throws(Rejection) {
        let isSummed =
            question.grouping == nil
            && basis.isAnsweredFromSums(question.scope, beside: question.versus)
        try report(question, atOnce: isSummed || isSmallCompany, Call.funnel)
    }

    /// The spread is computed under the lock only where it follows from sums or from a handful of deals: of
    /// some hundred it takes tens of milliseconds.
    func forecastReport(_ question: ReportQuestion) throws(Rejection) {
        let isSummed =
            question.grouping == nil
            && basis.isForecastFromSums(question.scope, beside: question.versus)
        let isShort = isSmallCompany && basis.hasFewBets
        try report(question, atOnce: isSummed || isShort, Call.forecast)
    }

    private func report(
        _ question: ReportQuestion, atOnce: Bool, _ body: @escaping ReportBody
    ) throws(Rejection) {
        refuse(faults(of: question.asOf))
        guard faults.isEmpty else { return try Self.require(question, basis) }
        try reporting(asOf: question.asOf, atOnce: atOnce) { (call, basis) throws(Rejection) in
            try call.write(question, basis, body)
        }
    }

    private var isSmallCompany: Bool {
        state.opportunities.count + state.leads.count + state.activities.count
            + state.notes.count + state.persons.count <= Self.reportRowsUnderLock
    }

    /// A report may look at each several times.
    private static let reportRowsUnderLock = 500

    private func write(
        _ question: ReportQuestion, _ basis: ReportBasis, _ body: ReportBody
    ) throws(Rejection) {
        // What is absent comes before what is wrong with the first of both (P-5).
        if question.versus != nil { try Self.require(question, basis) }
        var answer = try body(basis, question)
        if let other = question.beside {
            answer.fields.append(("versus", .map(try body(basis, other).all)))
        }
        write(answer, basis)
    }

    /// That there is what the report is about, for the viewer.
    static func require(_ question: ReportQuestion, _ basis: ReportBasis) throws(Rejection) {
        try basis.require(question.scope)
        if let other = question.beside { try basis.require(other.scope) }
    }

    /// Keeps what is wrong with values beside what is known to be: of each argument once.
    func refuse(_ more: [Rejection.Fault]) {
        let known = Set(faults.map(\.argument))
        faults += more.filter { !known.contains($0.argument) }
    }

    /// With the receipt.
    func write(_ answer: ReportAnswer, _ basis: ReportBasis) {
        let receipt = Node.map([
            ("seq", .integer(Int64(clamping: basis.sequence))), ("at", .text(basis.at.description)),
        ])
        Node.map(answer.all + [("receipt", receipt)]).write(to: &reply)
    }
}

// MARK: - Values

extension Node {
    static func integer(_ value: Int) -> Node { .integer(Int64(value)) }

    /// Minor units of the currency.
    static func money(_ minorUnits: Int128, _ currency: Currency) -> Node {
        .text(Decimal.text(minorUnits, digits: currency.exponent))
    }

    static func money(_ minorUnits: Int128?, _ currency: Currency) -> Node {
        minorUnits.map { money($0, currency) } ?? .null
    }

    /// In percent with two decimals.
    static func percent(_ fraction: Fraction?) -> Node { .optional(fraction?.twoDecimals) }

    /// In percent with one decimal.
    static func conversion(_ fraction: Fraction?) -> Node { .optional(fraction?.percent) }

    /// Milliseconds as days with two decimals.
    static func days(_ milliseconds: Int64?) -> Node { .optional(milliseconds.map(Survival.days)) }

    static func sums(_ sums: [CurrencySum]) -> Node {
        .array(
            sums.map { sum in
                .map([
                    ("currency", .text(sum.currency.code)), ("count", .integer(sum.count)),
                    ("amount", .text(sum.decimal)),
                ])
            })
    }

    static func flag(_ isSet: Bool, _ word: String) -> Node { isSet ? .text(word) : .null }

    /// Rows that begin with what they have in common.
    static func rows<Row>(
        _ rows: [(key: GroupKey, figures: Row)], _ fields: (Row) -> [(String, Node)]
    ) -> Node {
        .array(
            rows.map { row in
                .map(
                    [("key", .optional(row.key.text)), ("name", .optional(row.key.name))]
                        + fields(row.figures))
            })
    }
}

extension ReportProcess {
    var fields: [(String, Node)] { [("process", .optional(key)), ("version", .count(version))] }
}

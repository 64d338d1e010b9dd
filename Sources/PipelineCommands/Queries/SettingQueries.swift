import PipelineDomain
import PipelineProtocol

extension Call {
    func writeRates(_ wanted: Currency?, _ listing: Listing<RateColumn>) {
        let currencies = state.company.rates.keys.sorted().filter { wanted == nil || $0 == wanted }
        writeList(
            currencies.flatMap { currency in
                (state.company.rates[currency]?.dated ?? []).map { (currency, $0) }
            }, listing)
    }

    func writeFields(_ listing: Listing<FieldColumn>) {
        writeList(
            FieldNoun.allCases.flatMap { noun in
                (state.company.fields[noun] ?? []).map { (noun, $0) }
            }, listing)
    }

    func writeCalendars(_ listing: Listing<CalendarColumn>) {
        writeList(state.company.calendars, listing)
    }

    /// Every field of the noun with what it is filled with, by key.
    func writeFields(_ noun: FieldNoun, _ values: [String: FeedbackValue]) {
        let fields = state.company.fields[noun] ?? []
        reply.array(fields.count)
        for field in fields {
            reply.map(4)
            reply.bulk("key")
            reply.bulk(field.definition.key)
            reply.bulk("name")
            reply.bulk(field.definition.name)
            reply.bulk("type")
            reply.bulk(field.definition.type.rawValue)
            reply.bulk("value")
            reply.optional(values[field.definition.key])
        }
    }
}

enum RateColumn: String, NodeColumn {
    typealias Row = (Currency, ExchangeRates.Dated)
    case code, date, rate

    func value(of row: (Currency, ExchangeRates.Dated), in call: Call) -> Node {
        switch self {
        case .code: .text(row.0.code)
        case .date: .text(row.1.from.description)
        case .rate: .text(row.1.rate.decimal)
        }
    }

    func order(of row: (Currency, ExchangeRates.Dated), in call: Call) -> SortKey {
        self == .rate ? SortKey(number: row.1.rate.scaled) : SortKey(value(of: row, in: call))
    }
}

enum FieldColumn: String, NodeColumn {
    typealias Row = (FieldNoun, CustomField)
    case noun, key, name, type, choices, rev

    func value(of row: (FieldNoun, CustomField), in call: Call) -> Node {
        switch self {
        case .noun: .text(row.0.rawValue)
        case .key: .text(row.1.definition.key)
        case .name: .text(row.1.definition.name)
        case .type: .text(row.1.definition.type.rawValue)
        case .choices: .texts(row.1.definition.choices)
        case .rev: .count(row.1.revision.number)
        }
    }
}

enum CalendarColumn: String, NodeColumn {
    typealias Row = KeptCalendar
    case key, rev, json

    func value(of calendar: KeptCalendar, in call: Call) -> Node {
        switch self {
        case .key: .text(calendar.definition.key)
        case .rev: .count(calendar.revision.number)
        case .json: .text(CalendarDocument.text(of: calendar.definition))
        }
    }
}

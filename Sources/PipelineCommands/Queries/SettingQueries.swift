import PipelineDomain
import PipelineProtocol

extension Call {
    func writeRates(_ wanted: Currency?, page: Page) {
        let currencies = state.company.rates.keys.sorted().filter { wanted == nil || $0 == wanted }
        let all = currencies.flatMap { currency in
            (state.company.rates[currency]?.dated ?? []).map { (currency, $0) }
        }
        let rows = all.dropFirst(page.offset).prefix(page.count)
        reply.array(rows.count)
        for (currency, dated) in rows {
            reply.map(3)
            reply.bulk("code")
            reply.bulk(currency.code)
            reply.bulk("date")
            reply.bulk(dated.from.description)
            reply.bulk("rate")
            reply.bulk(dated.rate.decimal)
        }
    }

    func writeFields() {
        let all = FieldNoun.allCases.flatMap { noun in
            (state.company.fields[noun] ?? []).map { (noun, $0) }
        }
        reply.array(all.count)
        for (noun, field) in all {
            reply.map(6)
            reply.bulk("noun")
            reply.bulk(noun.rawValue)
            reply.bulk("key")
            reply.bulk(field.definition.key)
            reply.bulk("name")
            reply.bulk(field.definition.name)
            reply.bulk("type")
            reply.bulk(field.definition.type.rawValue)
            reply.bulk("choices")
            reply.texts(field.definition.choices)
            reply.bulk("rev")
            reply.integer(field.revision.number)
        }
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
            reply.optional(values[field.definition.key]?.plain)
        }
    }

    func writeCalendars() {
        reply.array(state.company.calendars.count)
        for calendar in state.company.calendars {
            reply.map(3)
            reply.bulk("key")
            reply.bulk(calendar.definition.key)
            reply.bulk("rev")
            reply.integer(calendar.revision.number)
            reply.bulk("json")
            reply.bulk(CalendarDocument.text(of: calendar.definition))
        }
    }
}

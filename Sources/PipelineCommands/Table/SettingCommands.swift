import PipelineDomain

extension CommandTable {
    /// `opp` as in the names of the commands.
    private static let fieldNoun = ValueType<FieldNoun>.choice(
        FieldNoun.allCases.map { ($0.rawValue, $0) } + [("opp", .opportunity)])

    /// What an admin sets for the whole company.
    static let settings: [Command] = [
        .write(
            "RATE.SET",
            "Says what one unit of a currency is worth in the company's from a date on.",
            .administration, rights: "admin",
            .required("code", .currency), .required("date", .day), .required("rate", .exchangeRate)
        ) { currency, day, rate in SetRate(currency: currency, day: day, rate: rate) },
        .list(
            "RATE.LIST", "Lists the dated rates by currency and date.", .administration,
            of: RateColumn.self,
            .option("CUR", .currency)
        ) { call, listing, currency in call.writeRates(currency, listing) },
        .write(
            "FIELD.PUT", "Puts down a field of the company's own, as JSON: name, type, choices.",
            .administration, rights: "admin",
            .required("noun", fieldNoun), .required("key", .newKey), .required("json", .document)
        ) { noun, key, document in PutFieldDocument(noun: noun, key: key, document: document) },
        .write(
            "CALENDAR.PUT",
            "Puts down when a unit, or the company, works, as JSON: weekend, hours, holidays, workdays.",
            .administration, rights: "admin",
            .required("key", .key), .required("json", .document)
        ) { key, document in PutCalendarDocument(key: key, document: document) },
        .list(
            "CALENDAR.LIST", "Lists the calendars.", .administration, of: CalendarColumn.self
        ) { call, listing in call.writeCalendars(listing) },
        .write(
            "PREF.SET", "Turns a kind of your notifications on or off.", .inbox,
            rights: "everyone, for their own",
            .required("kind", .oneOf), .required("state", .choice([("on", true), ("off", false)]))
        ) { kind, isOn in SetPreference(kind: kind, isOn: isOn) },
        .list(
            "PREF.LIST", "Lists which notifications you get.", .inbox, of: PreferenceColumn.self
        ) { call, listing in call.writePreferences(listing) },
        .list(
            "AUDIT.LIST",
            "Lists everything that was recorded, newest last; without FROM, the newest.",
            .administration, rights: "admin", of: AuditColumn.self, countsAlone: true,
            .option("FROM", .position)
        ) { (call, listing, from) throws(Rejection) in
            try call.writeAudit(from: from, listing)
        },
        .list(
            "FIELD.LIST", "Lists the company's own fields.", .administration, of: FieldColumn.self
        ) { call, listing in call.writeFields(listing) },
    ]
}

/// `FIELD.PUT` with its document still as text: rights come before what is in it (P-5).
struct PutFieldDocument: Intent {
    let noun: FieldNoun
    let key: String
    let document: String

    func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        guard state.persons[context.actor].role == .admin else {
            throw .notPermitted(action: "define fields", who: "an admin")
        }
        try context.requireFresh(
            state.customField(noun, key)?.revision, of: Subject.field(noun, key).id)
        let field: FeedbackField
        do throws(ProcessDocumentError) {
            field = try FieldDocument.parse(document.utf8, key: key)
        } catch {
            throw .invalid([.init("json", error.message)])
        }
        return try PutField(noun: noun, field: field).decide(state, context)
    }
}

/// `CALENDAR.PUT` with its document still as text: rights come before what is in it (P-5).
struct PutCalendarDocument: Intent {
    let key: String
    let document: String

    func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        guard state.persons[context.actor].role == .admin else {
            throw .notPermitted(action: "define calendars", who: "an admin")
        }
        try context.requireFresh(state.keptCalendar(key)?.revision, of: key)
        let calendar: WorkCalendar
        do throws(ProcessDocumentError) {
            calendar = try CalendarDocument.parse(document.utf8, key: key)
        } catch {
            throw .invalid([.init("json", error.message)])
        }
        return try PutCalendar(calendar: calendar).decide(state, context)
    }
}

extension ValueType where Value == [String] {
    /// Names in one word, separated by commas, at most so many; empty for none.
    static func names(most: Int) -> Self {
        Self("names", bounds: "separated by commas, at most \(most); empty clears", substitute: [])
        {
            request, index, argument throws(ArgumentError) in
            let text = try WireText.read(request[index], argument)
            var names: [String] = []
            for part in text.split(whereSeparator: { $0 == "," || $0 == "，" }) {
                let words = part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                guard !words.isEmpty, !names.contains(words) else { continue }
                guard words.unicodeScalars.count <= Bounds.nameCharacters else {
                    throw .value(
                        argument: argument,
                        problem: "has a name longer than \(Bounds.nameCharacters) characters")
                }
                names.append(words)
            }
            guard names.count <= most else {
                throw .value(argument: argument, problem: "names more than \(most)")
            }
            return names
        }
    }
}

extension ValueType where Value == ExchangeRate {
    static var exchangeRate: Self {
        Self(
            "rate", bounds: "such as `7.25`, above 0, below 10^7, at most 8 decimals",
            substitute: ExchangeRate(scaled: 1)
        ) {
            request, index, argument throws(ArgumentError) in
            do throws(RateProblem) {
                return try ExchangeRate(request[index])
            } catch {
                throw .value(argument: argument, problem: error.text)
            }
        }
    }
}

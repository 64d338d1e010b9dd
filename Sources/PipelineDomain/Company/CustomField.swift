/// What the company's own fields can be on.
public enum FieldNoun: String, Hashable, Sendable, CaseIterable { case opportunity, customer }

/// The types of the company's own fields (D-10).
public enum CustomFieldType: String, Sendable, CaseIterable {
    case text, number, money, date, choice, boolean

    public var valueType: FeedbackField.ValueType {
        switch self {
        case .text: .text
        case .number: .number
        case .money: .money
        case .date: .date
        case .choice: .choice
        case .boolean: .boolean
        }
    }
}

/// A field of the company's own, with how often it was put down.
public struct CustomField: Sendable {
    public internal(set) var definition: FeedbackField
    public internal(set) var revision: Revision
}

extension State {
    mutating func put(_ field: FeedbackField, _ noun: FieldNoun, _ recorded: Recorded) {
        var fields = company.fields[noun, default: []]
        if let index = fields.firstIndex(where: { $0.definition.key == field.key }) {
            fields[index].definition = field
            fields[index].revision.advance(by: recorded.actor)
        } else {
            let place = fields.firstIndex { field.key < $0.definition.key } ?? fields.count
            let revision = Revision(number: 1, by: recorded.actor)
            fields.insert(CustomField(definition: field, revision: revision), at: place)
        }
        company.fields[noun] = fields
    }

    public func customField(_ noun: FieldNoun, _ key: String) -> CustomField? {
        company.fields[noun]?.first { $0.definition.key == key }
    }

    /// What changes if these texts are put into custom fields, and everything that is wrong with them.
    func customValues(
        _ given: [(key: String, value: String)], _ noun: FieldNoun, now: [String: FeedbackValue],
        in currency: Currency
    ) -> (changes: [(key: String, change: Change<FeedbackValue?>)], faults: [Rejection.Fault]) {
        var changes: [(key: String, change: Change<FeedbackValue?>)] = []
        var faults: [Rejection.Fault] = []
        var seen: Set<String> = []
        for (key, text) in given {
            guard let field = customField(noun, key)?.definition else {
                let known = (company.fields[noun] ?? []).map(\.definition.key)
                faults.append(
                    .init(
                        key,
                        "is no field of the company; "
                            + (known.isEmpty
                                ? "FIELD.PUT makes one"
                                : "there are: \(known.joined(separator: ", "))")))
                continue
            }
            guard seen.insert(key).inserted else {
                faults.append(.init(key, "is given twice"))
                continue
            }
            do throws(ValueProblem) {
                let new = text.isEmpty ? nil : try field.value(text, in: currency)
                guard new != now[key] else { continue }
                changes.append((key, Change(from: now[key], to: new)))
            } catch {
                faults.append(.init(key, error.text))
            }
        }
        return (changes, faults)
    }
}

extension FeedbackField {
    fileprivate func value(
        _ text: String, in currency: Currency
    ) throws(ValueProblem) -> FeedbackValue {
        switch type {
        case .text:
            guard !Optional(text).isBlank else {
                throw .wrong("is nothing but blanks; an empty value clears it")
            }
            return .text(text)
        case .number: return .number(try State.number(text))
        case .money:
            do throws(AmountProblem) {
                return .money(try Amount(text.utf8).money(in: currency))
            } catch {
                throw .wrong(error.text(currency.code))
            }
        case .date:
            guard let day = Day(text.utf8) else { throw .wrong("must be a date, YYYY-MM-DD") }
            return .date(day)
        case .choice:
            guard choices.contains(text) else {
                throw .wrong("must be one of: \(choices.joined(separator: ", "))")
            }
            return .choice(text)
        case .boolean:
            switch text.lowercased() {
            case "yes", "true", "1": return .boolean(true)
            case "no", "false", "0": return .boolean(false)
            default: throw .wrong("must be yes or no")
            }
        case .person, .contact: throw .wrong("cannot be filled")
        }
    }
}

/// `FIELD.PUT`: admin. Puts down a field of the company's own, or changes its name and choices; its
/// type stays, since values of it are there (D-10).
public struct PutField: Intent {
    let noun: FieldNoun
    let field: FeedbackField

    public init(noun: FieldNoun, field: FeedbackField) {
        self.noun = noun
        self.field = field
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        try state.requireAdmin(context, "define fields")
        let known = state.customField(noun, field.key)
        try context.check(
            known?.revision ?? Revision(number: 0, by: context.actor),
            of: Subject.field(noun, field.key).id)
        if let known, known.definition.type != field.type {
            throw .invalid("type", "stays '\(known.definition.type.rawValue)'; take another key")
        }
        guard known != nil || state.company.fields[noun, default: []].count < Bounds.customFields
        else {
            throw .invalid("key", "there are at most \(Bounds.customFields) fields")
        }
        let change = Change(from: known?.definition, to: field)
        return Decision(
            .field(noun, field.key),
            known?.definition == field ? [] : [.company(.fieldPut(noun, change))])
    }
}

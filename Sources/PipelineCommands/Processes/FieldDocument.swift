import PipelineDomain

/// A field of the company's own as a JSON document (`FIELD.PUT`):
/// `{"name": "Budget year", "type": "choice", "choices": ["2026", "2027"]}`.
enum FieldDocument {
    static func parse(
        _ json: some Collection<UInt8>, key: String
    ) throws(ProcessDocumentError) -> FeedbackField {
        let value: JSONValue
        do { value = try JSONParser.parse(json) } catch {
            throw ProcessDocumentError(problems: [error.message])
        }
        var reader = JSONReader()
        let known = ["name", "type", "choices"]
        guard let members = reader.members(value, at: "", known: known) else {
            throw ProcessDocumentError(reader)
        }
        let name = reader.text("name", of: members, .required)
        let type: CustomFieldType? = reader.word("type", of: members, .required)
        let choices = reader.texts("choices", of: members, most: Bounds.choices)
        if let name { reader.judge(name: name, at: "name") }
        for (index, choice) in choices.enumerated() {
            reader.judge(name: choice, at: "choices[\(index)]")
        }
        if Set(choices).count < choices.count { reader.report("choices", "has one twice") }
        if let type, (type == .choice) == choices.isEmpty {
            reader.report(
                "choices", type == .choice ? "is empty: give some" : "belongs to the type 'choice'")
        }
        guard reader.problems.isEmpty, let name, let type else {
            throw ProcessDocumentError(reader)
        }
        var field = FeedbackField(key: key, name: name, type: type.valueType)
        field.choices = choices
        return field
    }
}

extension JSONReader {
    /// A name, as in commands: one line that is not empty, bounded, without control characters.
    mutating func judge(name text: String, at path: String) {
        if !text.contains(where: { !$0.isWhitespace }) {
            report(path, "must not be empty")
        } else if text.unicodeScalars.count > Bounds.nameCharacters {
            report(path, "is longer than \(Bounds.nameCharacters) characters")
        } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            report(path, "contains a control character")
        }
    }
}

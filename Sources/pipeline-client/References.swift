/// A place of a command where a person may have typed a name instead of an id or a key.
struct Reference: Equatable {
    let index: Int
    let kind: ValueKind
}

extension Words {
    /// The places of a rep's words that name somebody or something by what looks like no id: those are
    /// worth looking up.
    static func references(in command: [String]) -> [Reference] {
        guard let name = command.first?.uppercased() else { return [] }
        var found: [Reference] = []
        func look(_ index: Int, _ kind: ValueKind) {
            guard command.indices.contains(index), isName(command[index], kind) else { return }
            found.append(Reference(index: index, kind: kind))
        }
        switch name {
        case "CUSTOMER.GET", "CONTACT.CREATE": look(1, .customer)
        case "PERSON.GET": look(1, .person)
        case "OPP.GET": look(1, .deal)
        case "OPP.TASK": look(2, .task)
        case "OPP.FEEDBACK":
            for index in stride(from: 2, to: command.count, by: 2) { look(index, .field) }
        default: break
        }
        // The value of a text is never a keyword.
        var index = 1
        while index < command.count - 1 {
            if texts.contains(command[index]) || command[index] == "REASON" {
                index += 2
                continue
            }
            if let kind = kind(after: command[index].uppercased(), name) { look(index + 1, kind) }
            index += 1
        }
        return found
    }

    private static func kind(after keyword: String, _ command: String) -> ValueKind? {
        switch (keyword, command) {
        case ("CUSTOMER", _): .customer
        case ("OWNER", _), ("ADD", "OPP.TEAM"), ("REMOVE", "OPP.TEAM"): .person
        case ("TO", "OPP.TRANSFER"), ("TO", "OPP.ACTIVITY"), ("TO", "PERSON.DELEGATE"): .person
        case ("TO", "APPROVAL.REROUTE"): .person
        case ("UNIT", _), ("VERSUS", _): .unit
        case ("STAGE", _), ("TO", "OPP.ADVANCE"), ("TO", "OPP.OVERRIDE"): .stage
        default: nil
        }
    }

    /// An id is no name, and neither is what a login or a key is made of.
    private static func isName(_ text: String, _ kind: ValueKind) -> Bool {
        switch kind {
        case .person, .task, .field, .stage: !text.isEmpty && !text.utf8.allSatisfy(isOfKey)
        default: !text.isEmpty && (kind.rawValue.first.map { identifier(text, $0) == nil } ?? false)
        }
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            true
        default: false
        }
    }
}

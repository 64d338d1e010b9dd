/// Arguments as people type them → as the server reads them: numbers become ids, amounts and days take
/// their one form, and text needs no quotes.
extension Words {
    private static let kinds: [String: Character] = [
        "OWNER": "e", "UNIT": "u", "CUSTOMER": "c", "VERSUS": "u", "MENTION": "e", "HEAD": "e",
    ]
    private static let amounts: Set = ["AMOUNT", "COST"]
    private static let days: Set = ["CLOSE", "PERIOD", "DUE", "FROM", "UNTIL", "AT", "ASOF"]

    /// The values after keywords.
    static func spelled(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            result.append(argument)
            let keyword = argument.uppercased()
            guard let value = rest.first else { break }
            if let kind = kinds[keyword] {
                result.append(prefixed(value, kind))
                rest.removeFirst()
            } else if amounts.contains(keyword), let amount = Typed.amount(value) {
                result.append(amount)
                rest.removeFirst()
            } else if days.contains(keyword) {
                result += takingDays(&rest, withTime: keyword == "AT")
            }
        }
        return result
    }

    /// The days at the beginning, at most two; for a moment one, with the time that may follow.
    static func takingDays(_ rest: inout ArraySlice<String>, withTime: Bool) -> [String] {
        var result: [String] = []
        while result.count < (withTime ? 1 : 2), let day = rest.first.flatMap(Typed.date) {
            rest.removeFirst()
            result.append(day)
        }
        if withTime, let day = result.first, let time = rest.first.flatMap(Typed.time),
            let instant = Typed.instant(day, time)
        {
            rest.removeFirst()
            return [instant]
        }
        return result
    }

    static let texts: Set = ["NOTE", "REVIEW", "EVIDENCE"]
    private static let keywords = texts.union([
        "TO", "REASON", "COMPETITOR", "AT", "DONE", "RESULT", "MENTION", "REPLYTO", "IFREV",
        "REQID", "STAGE", "ROLE",
    ])

    /// What is typed without quotes is one text up to the next keyword in capitals: at the beginning
    /// after `keyword`, or bare where that is nil, and after each keyword that takes text.
    static func joiningText(_ keyword: String?, _ arguments: some Collection<String>) -> [String] {
        var arguments = arguments.map { $0 }[...]
        // In lower letters a keyword is believed only where the text would begin.
        if let keyword, arguments.count > 1, arguments.first?.uppercased() == keyword {
            arguments[arguments.startIndex] = keyword
        }
        func text() -> String {
            var words: [String] = []
            while let word = arguments.first, !keywords.contains(word) {
                words.append(word)
                arguments.removeFirst()
            }
            return words.joined(separator: " ")
        }
        var result: [String] = []
        let first = text()
        if !first.isEmpty { result += (keyword.map { [$0] } ?? []) + [first] }
        while let argument = arguments.popFirst() {
            result.append(argument)
            if texts.contains(argument), let value = arguments.first, !keywords.contains(value) {
                result.append(text())
            }
        }
        return result
    }
}

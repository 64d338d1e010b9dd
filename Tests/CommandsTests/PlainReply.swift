import PipelineProtocol

extension Reply {
    /// The reply as one line: maps in braces, lists in brackets, texts as they are.
    var plain: String {
        switch self {
        case .simple(let text), .error(let text), .double(let text): text
        case .integer(let value): String(value)
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null: "null"
        case .boolean(let value): String(value)
        case .array(let items), .set(let items), .push(let items):
            "[" + items.map(\.plain).joined(separator: ", ") + "]"
        case .map(let pairs):
            "{" + pairs.map { "\($0.key.plain): \($0.value.plain)" }.joined(separator: ", ") + "}"
        case .verbatim(_, let text): text
        }
    }
}

extension LedgerCompany {
    /// Runs a line of more words than a parser takes before AUTH, none of them quoted.
    func run(long line: String, as login: String = "root") -> Reply {
        run(line.split(separator: " ").map { Array($0.utf8) }, as: login)
    }
}

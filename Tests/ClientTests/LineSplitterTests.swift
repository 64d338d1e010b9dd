import Testing

@testable import pipeline_client

@Suite struct LineSplitterTests {
    @Test(
        "S-1: a line is split as a shell splits it",
        arguments: [
            ("", []), ("   ", []), ("# a comment", []), ("deals # mine", ["deals"]),
            ("a#b", ["a#b"]), ("deal 1042", ["deal", "1042"]), ("\tx  y \r", ["x", "y"]),
            ("note don't 'go there'", ["note", "don't", "go there"]),
            ("note \"call again\"", ["note", "call again"]), ("note 'it\\n'", ["note", "it\\n"]),
            ("x \"\" y", ["x", "", "y"]), ("a\"b c\"d", ["ab cd"]),
            ("x \"a\\\"b\\\\c\\n\\t\"", ["x", "a\"b\\c\n\t"]),
            ("x \"\\x41\\xzz\"", ["x", "A\\xzz"]),
            ("x \\\"y", ["x", "\"y"]),
            ("feedback budget_owner 赵兵", ["feedback", "budget_owner", "赵兵"]),
            ("C:\\\\dir", ["C:\\dir"]), ("x \"\\d+\"", ["x", "\\d+"]),
        ])
    func split(line: String, words: [String]) throws {
        #expect(try LineSplitter.split(line) == words)
    }

    @Test("S-1: an open quote is an error", arguments: ["note \"x", "note 'x", "\"a\\"])
    func unbalanced(line: String) {
        #expect(throws: LineSplitter.Problem.self) { try LineSplitter.split(line) }
    }

    @Test(
        "S-3: a quoted word splits back into itself",
        arguments: ["plain", "", "two words", "it's \"x\"", "#1", "a\\b", "line\nbreak\t", "中文 字"])
    func quote(word: String) throws {
        #expect(try LineSplitter.split(LineSplitter.quote(word)) == [word])
    }

    @Test("S-5: a backslash command is one word", arguments: ["\\x", " \\x ", "\\q"])
    func backslash(text: String) throws {
        #expect(try Lines.words(.init(text: text)) == [text.filter { $0 != " " }])
    }

    @Test("S-1: a line that is not UTF-8 is refused")
    func notUTF8() {
        #expect(throws: Failure(.usage, .notUTF8)) { try Lines.words(.init(text: nil)) }
    }
}

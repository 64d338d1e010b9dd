import PipelineCommands
import Testing

@Suite("JSON")
struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(text.utf8) }

    private func problem(_ bytes: some Collection<UInt8>) -> String? {
        do throws(JSONProblem) {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("RFC 8259: values of every kind, members in order and repeated ones kept")
    func values() throws {
        #expect(
            try parse(" {\"b\" : [null, true,false ,\"\"], \"a\":{},\"b\":[]}\r\n\t")
                == .object([
                    .init("b", .list([.null, .boolean(true), .boolean(false), .text("")])),
                    .init("a", .object([])), .init("b", .list([])),
                ]))
        #expect(try parse("\u{FEFF}null") == .null)
    }

    @Test("RFC 8259: escapes, surrogate pairs among them")
    func escapes() throws {
        #expect(
            try parse(#""\"\\\/\b\f\n\r\t\u00e9\u65B9\ud83d\ude00""#)
                == .text("\"\\/\u{8}\u{C}\n\r\té方😀"))
    }

    @Test(
        "RFC 8259: what is no JSON is refused with its place",
        arguments: [
            ("", "line 1, column 1: a value is expected here"),
            ("nul", "line 1, column 1: a value is expected here"),
            ("[1,]", "line 1, column 4: a value is expected here"),
            ("[1 2]", "line 1, column 4: ',' or ']' is expected here"),
            ("[方]", "line 1, column 2: a value is expected here"),
            ("[\"方\" 1]", "line 1, column 6: ',' or ']' is expected here"),
            ("{\"a\" 1}", "line 1, column 6: ':' is expected here"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8: ',' or '}' is expected here"),
            (
                "{\"a\":1,\n}",
                "line 2, column 1: the name of a member in double quotes is expected here"
            ),
            ("1 2", "line 1, column 3: the end of the text is expected here"),
            ("01", "line 1, column 2: the end of the text is expected here"),
            ("-", "line 1, column 2: a digit is expected here"),
            ("1.", "line 1, column 3: a digit is expected here"),
            ("1e+", "line 1, column 4: a digit is expected here"),
            (".5", "line 1, column 1: a value is expected here"),
            ("\"abc", "line 1, column 5: the closing '\"' of a text is expected here"),
            (
                "\"\\",
                "line 1, column 2: unknown escape in a text; a backslash itself is written \\\\"
            ),
            (
                "\"\\x\"",
                "line 1, column 2: unknown escape in a text; a backslash itself is written \\\\"
            ),
            ("\"\\u00g0\"", "line 1, column 6: a hexadecimal digit is expected here"),
            ("\"\\ud83d\"", "line 1, column 2: a \\u surrogate without its other half"),
            ("\"\\ude00\"", "line 1, column 2: a \\u surrogate without its other half"),
            ("\"\\ud83d\\u0041\"", "line 1, column 2: a \\u surrogate without its other half"),
            (
                "\"a\nb\"",
                "line 1, column 3: a control character in a text must be escaped, as in \\n"
            ),
        ])
    func refused(text: String, message: String) {
        #expect(problem(text.utf8) == "not JSON at " + message)
    }

    @Test("RFC 8259: bytes that are no UTF-8 are refused")
    func notUTF8() {
        #expect(
            problem([0x22, 0xFF, 0x22]) == "not JSON at line 1, column 1: the text is not UTF-8")
    }

    @Test("P-2: nesting and the length of numbers are bounded")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(problem(nested(32).utf8) == nil)
        #expect(
            problem(nested(33).utf8)
                == "not JSON at line 1, column 33: nested deeper than 32 levels")
        #expect(problem(String(repeating: "[", count: 1_000_000).utf8) != nil)
        #expect(problem(String(repeating: "9", count: 64).utf8) == nil)
        #expect(
            problem(String(repeating: "9", count: 65).utf8)
                == "not JSON at line 1, column 1: a number of more than 64 characters")
    }

    @Test(
        "D-36: numbers are exact decimals",
        arguments: [
            ("0", "0", 0), ("-0.00", "0", 0), ("12", "12", 1_200), ("-12.50", "-12.5", -1_250),
            ("1.2e1", "12", 1_200), ("120e-1", "12", 1_200), ("0.05", "0.05", 5),
            ("5e-3", "0.005", nil), ("1e20", "100000000000000000000", nil), ("1e99", nil, nil),
            ("9999999999999999.99", "9999999999999999.99", 999_999_999_999_999_999),
            ("1e-99999999999999999999", nil, nil), ("1e99999999999999999999", nil, nil),
            ("0e99999999999999999999", "0", 0),
        ] as [(String, String?, Int?)])
    func numbers(literal: String, plain: String?, hundredths: Int?) throws {
        guard case .number(let number) = try parse(literal) else {
            Issue.record("\(literal) is no number")
            return
        }
        #expect(number.plain == plain)
        #expect(number.integer(places: 2) == hundredths)
    }

    @Test("RFC 8259: what is written is read back the same")
    func written() throws {
        let value = JSONValue.object([
            .init("方\"\\", .list([.text("\u{0}\u{1F}\u{7F}\n\t\u{2028}😀/"), .null])),
            .init("n", .number(JSONNumber(-5))), .init("b", .boolean(true)),
            .init("e", .object([])),
        ])
        #expect(
            value.json
                == #"{"方\"\\": ["\u0000\u001f\u007f\n\t"# + "\u{2028}😀/"
                + #"", null], "n": -5, "b": true, "e": {}}"#)
        #expect(try parse(value.json) == value)
    }
}

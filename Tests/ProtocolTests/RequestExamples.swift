import PipelineProtocol
import Testing

/// Bytes a client may send, and what they must be understood as.
struct RequestExample: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let expected: Outcome<Request>

    init(_ wire: String, _ requests: [[String]], _ error: ProtocolError? = nil) {
        self.init(bytes: Array(wire.utf8), requests.map { Request($0) }, error)
    }

    init(bytes: [UInt8], _ requests: [Request], _ error: ProtocolError? = nil) {
        self.bytes = bytes
        expected = Outcome(values: requests, error: error)
    }

    var testDescription: String { String(reflecting: text(bytes)) }

    static let arrays: [RequestExample] = [
        .init("*1\r\n$4\r\nPING\r\n", [["PING"]]),
        .init("*2\r\n$7\r\nOPP.GET\r\n$5\r\no1042\r\n", [["OPP.GET", "o1042"]]),
        .init("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", [["ECHO", ""]]),
        .init("*1\r\n$0\r\n\r\n", [[""]]),
        .init("*2\r\n$4\r\nECHO\r\n$4\r\n\r\n\r\n\r\n", [["ECHO", "\r\n\r\n"]]),
        .init("*2\r\n$4\r\nECHO\r\n$12\r\n广告投标\r\n", [["ECHO", "广告投标"]]),
        .init("*2\r\n$4\r\nECHO\r\n$6\r\n*1\r\n$4\r\n", [["ECHO", "*1\r\n$4"]]),
        .init(
            bytes: Array("*2\r\n$4\r\nECHO\r\n$3\r\n".utf8) + [0, 255, 128] + Array("\r\n".utf8),
            [Request([Array("ECHO".utf8), [0, 255, 128]])]),
        .init("*0\r\n*1\r\n$4\r\nPING\r\n", [["PING"]]),
        .init("*-1\r\n*1\r\n$4\r\nPING\r\n", [["PING"]]),
        .init("*-2147483648\r\n*1\r\n$4\r\nPING\r\n", [["PING"]]),
        .init("*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n", [["PING"], ["ECHO", "hi"]]),
        .init(
            "*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\nPING\r\n*1\r\n$2\r\nME\r\n",
            [["AUTH", "pw"], ["PING"], ["ME"]]),
        .init("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPI", [["PING"]]),
        .init("*2\r\n$4\r\nECHO\r\n", []),
        .init("*1\r", []),
        .init("", []),
    ]

    static let inline: [RequestExample] = [
        .init("PING\r\n", [["PING"]]),
        .init("PING\n", [["PING"]]),
        .init("\r\n\n  \r\n\t\nPING\r\n", [["PING"]]),
        .init(
            "  OPP.GET   o1042\t WITH 1 tasks  \r\n", [["OPP.GET", "o1042", "WITH", "1", "tasks"]]),
        .init(#"ECHO "a b" 'c d'"# + "\r\n", [["ECHO", "a b", "c d"]]),
        .init(#"ECHO "" ''"# + "\r\n", [["ECHO", "", ""]]),
        .init(#"ECHO "\n\r\t\b\a\\\"\q""# + "\r\n", [["ECHO", "\n\r\t\u{8}\u{7}\\\"q"]]),
        .init(#"ECHO "\x41\x7a\x4A\x0a""# + "\r\n", [["ECHO", "AzJ\n"]]),
        .init(#"ECHO "\xg1 \x4" "\x""# + "\r\n", [["ECHO", "xg1 x4", "x"]]),
        .init(
            bytes: Array(#"ECHO "\xff\x00""#.utf8) + [0x0A],
            [Request([Array("ECHO".utf8), [255, 0]])]),
        .init(#"ECHO 'it\'s' 'a\nb\\ '"# + "\r\n", [["ECHO", "it's", #"a\nb\\ "#]]),
        .init(#"ECHO a\nb"# + "\r\n", [["ECHO", #"a\nb"#]]),
        .init(#"ECHO ab"c d" e'f g'"# + "\r\n", [["ECHO", "abc d", "ef g"]]),
        .init("ECHO \"a\"\u{B}'b'\u{C}c\n", [["ECHO", "a", "b", "c"]]),
        .init("ECHO a\rb\r\n", [["ECHO", "a", "b"]]),
        .init("ECHO 广告\r\n", [["ECHO", "广告"]]),
        .init("ECHO $3 *1\r\n", [["ECHO", "$3", "*1"]]),
        .init("ECHO \"half", []),
    ]

    static let malformed: [RequestExample] = [
        .init("ECHO \"a\r\n", [], .unbalancedQuotes),
        .init("ECHO 'a\r\n", [], .unbalancedQuotes),
        .init("ECHO \"a\\\"\r\n", [], .unbalancedQuotes),
        .init("ECHO \"a\\\n", [], .unbalancedQuotes),
        .init("ECHO 'a\\'\r\n", [], .unbalancedQuotes),
        .init("ECHO \"a\"b\r\n", [], .unbalancedQuotes),
        .init(#"ECHO 'a\\'"# + "\r\n", [], .unbalancedQuotes),
        .init("ECHO 'a'b\r\n", [], .unbalancedQuotes),
        .init("ECHO 'a'\"b\"\r\n", [], .unbalancedQuotes),
        .init("PING\r\nECHO \"a\r\nPING\r\n", [["PING"]], .unbalancedQuotes),
        .init("*\r\n", [], .invalidMultibulkLength),
        .init("*x\r\n", [], .invalidMultibulkLength),
        .init("*1x\r\n", [], .invalidMultibulkLength),
        .init("* 1\r\n", [], .invalidMultibulkLength),
        .init("*+1\r\n", [], .invalidMultibulkLength),
        .init("*01\r\n", [], .invalidMultibulkLength),
        .init("*-\r\n", [], .invalidMultibulkLength),
        .init("*-0\r\n", [], .invalidMultibulkLength),
        .init("*1\rx", [], .invalidMultibulkLength),
        .init("*2147483648\r\n", [], .invalidMultibulkLength),
        .init("*3000000000\r\n", [], .invalidMultibulkLength),
        .init("*99999999999999999999\r\n", [], .invalidMultibulkLength),
        .init("*-99999999999999999999\r\n", [], .invalidMultibulkLength),
        .init("*?\r\n", [], .invalidMultibulkLength),
        .init("*65537\r\n", [], .tooManyArguments(limit: 65_536)),
        .init("*1\r\n:5\r\n", [], .expectedBulk(got: UInt8(ascii: ":"))),
        .init("*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n", [], .expectedBulk(got: UInt8(ascii: "f"))),
        .init("*1\r\n*1\r\n$4\r\nPING\r\n", [], .expectedBulk(got: UInt8(ascii: "*"))),
        .init("*1\r\n\r\n", [], .expectedBulk(got: UInt8(ascii: "\r"))),
        .init("*1\r\n$\r\n", [], .invalidBulkLength),
        .init("*1\r\n$x\r\n", [], .invalidBulkLength),
        .init("*1\r\n$-1\r\n", [], .invalidBulkLength),
        .init("*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$-10\r\n", [], .invalidBulkLength),
        .init("*1\r\n$2000000000\r\n", [], .invalidBulkLength),
        .init("*1\r\n$99999999999\r\n", [], .invalidBulkLength),
        .init("*1\r\n$18446744073709551617\r\n", [], .invalidBulkLength),
        .init("*1\r\n$1048577\r\n", [], .argumentTooLong(limit: 1_048_576)),
        .init("*1\r\n$4\r\nPINGxx", [], .unterminatedBulk),
        .init("*1\r\n$3\r\nPING\r\n", [], .unterminatedBulk),
        .init("*1\r\n$4\r\nPING\r\n*x\r\nPING\r\n", [["PING"]], .invalidMultibulkLength),
    ]
}

@Suite struct RequestExampleTests {
    @Test(
        "P-1: arrays of bulk strings, pipelined too, wherever the bytes are cut",
        arguments: RequestExample.arrays)
    func arrays(example: RequestExample) {
        expectSameAtEveryCut(example)
    }

    @Test(
        "P-1: inline commands with Redis's quotes and escapes, wherever the bytes are cut",
        arguments: RequestExample.inline)
    func inline(example: RequestExample) {
        expectSameAtEveryCut(example)
    }

    @Test(
        "P-1: malformed requests are refused the same way wherever the bytes are cut",
        arguments: RequestExample.malformed)
    func malformed(example: RequestExample) {
        expectSameAtEveryCut(example)
    }

    @Test("P-1: all well-formed examples in one pipeline are answered in order")
    func onePipeline() {
        let complete = (RequestExample.arrays + RequestExample.inline).filter {
            $0.bytes.last == UInt8(ascii: "\n") && !$0.expected.values.isEmpty
        }
        let bytes = complete.flatMap(\.bytes)
        let expected = complete.flatMap(\.expected.values)
        for length in [1, 2, 3, 7, 64, 1_000] {
            let portions = stride(from: 0, to: bytes.count, by: length).map {
                bytes[$0..<min($0 + length, bytes.count)]
            }
            #expect(requests(from: portions) == Outcome(values: expected))
        }
    }

    private func expectSameAtEveryCut(_ example: RequestExample) {
        for portions in portionings(of: example.bytes) {
            let outcome = requests(from: portions)
            #expect(outcome == example.expected, "portions of \(portions.map(\.count)) bytes")
        }
    }
}

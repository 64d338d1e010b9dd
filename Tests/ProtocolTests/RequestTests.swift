import PipelineProtocol
import Testing

@Suite struct RequestTests {
    private let request = Request(["opp.get", "o1042", "", "广告", "-42"])

    @Test("P-1: arguments are read as bytes, text and numbers")
    func arguments() {
        #expect(request.count == 5)
        #expect(request.byteCount == 21)
        #expect(Array(request[1]) == Array("o1042".utf8))
        #expect(request[2].isEmpty)
        #expect(request.string(3) == "广告")
        #expect(request.integer(4) == -42)
        #expect(request.integer(1) == nil)
        #expect(request.withArgument(1) { $0.count } == 5)
        #expect(Request([[0xFF]]).string(0) == nil)
    }

    @Test("P-1: an argument that is not there is empty and never a trap", arguments: [-1, 5, .max])
    func missingArgument(index: Int) {
        #expect(request[index].isEmpty)
        #expect(request.string(index) == nil)
        #expect(request.integer(index) == nil)
        #expect(!request.matches(index, ""))
        #expect(request.withArgument(index) { $0.count } == 0)
    }

    @Test("P-1: keywords match in any case, and only as a whole")
    func matches() {
        #expect(request.matches(0, "OPP.GET"))
        #expect(request.matches(0, "Opp.Get"))
        #expect(request.matches(0, String("OPP.GET")))
        #expect(!request.matches(0, "OPP.GE"))
        #expect(!request.matches(0, "OPP.GETS"))
        // These differ in the bit only that separates the cases of letters.
        #expect(!Request(["a@", "[x]"]).matches(0, "a`"))
        #expect(!Request(["a@", "[x]"]).matches(1, "{x}"))
    }

    @Test(
        "P-1: numbers are read as strictly as Redis reads them",
        arguments: [
            ("0", 0), ("7", 7), ("-1", -1), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", .min), ("", nil), ("-", nil), ("-0", nil), ("00", nil),
            ("+1", nil), (" 1", nil), ("1 ", nil), ("1.0", nil), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("99999999999999999999999", nil),
        ] as [(String, Int64?)])
    func integers(text: String, value: Int64?) {
        #expect(Request([text]).integer(0) == value)
    }

    @Test("P-1: the command inside DRYRUN is the request without its first argument")
    func dropFirst() {
        #expect(Request(["DRYRUN", "ME", "x"]).dropFirst() == Request(["ME", "x"]))
        #expect(request.dropFirst(0) == request)
        #expect(request.dropFirst(-1) == request)
        #expect(request.dropFirst(5).count == 0)
        #expect(request.dropFirst(.max).count == 0)
    }

    @Test("P-1: equal arguments are equal requests, and where one ends matters")
    func equality() {
        #expect(Request(["ab", "c"]) == Request(["ab", "c"]))
        #expect(Request(["ab", "c"]) != Request(["a", "bc"]))
        #expect(Request(["ab"]) != Request(["ab", ""]))
    }

    @Test("P-1: a client sends an array of bulk strings")
    func encoded() {
        #expect(text(Request(["ECHO", "a\r\n"]).encoded) == "*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n")
    }
}

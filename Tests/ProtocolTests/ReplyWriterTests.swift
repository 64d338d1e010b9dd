import PipelineProtocol
import Testing

/// One reply, what it is in each version, and what a client reads back.
struct ReplyExample: Sendable, CustomTestStringConvertible {
    let name: String
    let write: @Sendable (inout ReplyWriter) -> Void
    let resp2: String
    let resp3: String
    let read2: Reply
    let read3: Reply

    init(
        _ name: String, _ resp2: String, _ resp3: String, _ read2: Reply, _ read3: Reply,
        _ write: @escaping @Sendable (inout ReplyWriter) -> Void
    ) {
        self.name = name
        self.write = write
        (self.resp2, self.resp3) = (resp2, resp3)
        (self.read2, self.read3) = (read2, read3)
    }

    init(
        _ name: String, _ wire: String, _ read: Reply,
        _ write: @escaping @Sendable (inout ReplyWriter) -> Void
    ) {
        self.init(name, wire, wire, read, read, write)
    }

    var testDescription: String { name }

    static func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    static let scalars: [ReplyExample] = [
        .init("status", "+OK\r\n", .simple("OK")) { $0.simple("OK") },
        .init("status made up", "+a  b 广\r\n", .simple("a  b 广")) {
            $0.simple(String("a\r\nb\n广"))
        },
        .init("error", "-NOTFOUND no o7\r\n", .error("NOTFOUND no o7")) {
            $0.error(.notFound, "no o7")
        },
        .init(
            "error escaped", #"-ERR a\r\nb\t\x00\x7f\xe5\xb9\xbf"# + "\r\n",
            .error(#"ERR a\r\nb\t\x00\x7f\xe5\xb9\xbf"#)
        ) { $0.errorLine("ERR a\r\nb\t\u{0}\u{7F}广") },
        .init("zero", ":0\r\n", .integer(0)) { $0.integer(0) },
        .init("nine", ":9\r\n", .integer(9)) { $0.integer(UInt8(9)) },
        .init("ten", ":10\r\n", .integer(10)) { $0.integer(10) },
        .init("round", ":100200300\r\n", .integer(100_200_300)) { $0.integer(100_200_300) },
        .init("negative", ":-42\r\n", .integer(-42)) { $0.integer(-42) },
        .init("most", ":9223372036854775807\r\n", .integer(.max)) { $0.integer(UInt64.max) },
        .init("least", ":-9223372036854775808\r\n", .integer(.min)) { $0.integer(Int64.min) },
        .init("text", "$5\r\no1042\r\n", bulk("o1042")) { $0.bulk("o1042") },
        .init("text made up", "$6\r\n广告\r\n", bulk("广告")) { $0.bulk(String("广告")) },
        .init("text empty", "$0\r\n\r\n", bulk("")) { $0.bulk("") },
        .init("text in lines", "$5\r\na\r\n\nb\r\n", bulk("a\r\n\nb")) { $0.bulk("a\r\n\nb") },
        .init("bytes", "$3\r\nabc\r\n", bulk("abc")) { $0.bulk([97, 98, 99] as [UInt8]) },
        .init("bytes scattered", "$3\r\ncba\r\n", bulk("cba")) {
            $0.bulk(([97, 98, 99] as [UInt8]).reversed())
        },
        .init("null", "$-1\r\n", "_\r\n", .null, .null) { $0.null() },
        .init("absent", "$-1\r\n", "_\r\n", .null, .null) { $0.optional(nil) },
        .init("present", "$1\r\nx\r\n", bulk("x")) { $0.optional("x") },
        .init("true", ":1\r\n", "#t\r\n", .integer(1), .boolean(true)) { $0.boolean(true) },
        .init("false", ":0\r\n", "#f\r\n", .integer(0), .boolean(false)) { $0.boolean(false) },
        .init(
            "verbatim", "$6\r\n广告\r\n", "=10\r\ntxt:广告\r\n", bulk("广告"),
            .verbatim(format: "txt", text: "广告")
        ) { $0.verbatim("广告") },
    ]

    static let aggregates: [ReplyExample] = [
        .init("array empty", "*0\r\n", .array([])) { $0.array(0) },
        .init("array", "*2\r\n:1\r\n+a\r\n", .array([.integer(1), .simple("a")])) {
            $0.array(2)
            $0.integer(1)
            $0.simple("a")
        },
        .init("map empty", "*0\r\n", "%0\r\n", .array([]), .map([])) { $0.map(0) },
        .init(
            "map", "*4\r\n$2\r\nid\r\n$5\r\no1042\r\n$3\r\nrev\r\n:3\r\n",
            "%2\r\n$2\r\nid\r\n$5\r\no1042\r\n$3\r\nrev\r\n:3\r\n",
            .array([bulk("id"), bulk("o1042"), bulk("rev"), .integer(3)]),
            .map([
                .init(key: bulk("id"), value: bulk("o1042")),
                .init(key: bulk("rev"), value: .integer(3)),
            ])
        ) {
            $0.map(2)
            $0.bulk("id")
            $0.bulk("o1042")
            $0.bulk("rev")
            $0.integer(3)
        },
        .init("set", "*1\r\n+a\r\n", "~1\r\n+a\r\n", .array([.simple("a")]), .set([.simple("a")])) {
            $0.set(1)
            $0.simple("a")
        },
        .init(
            "push", "*2\r\n+a\r\n:1\r\n", ">2\r\n+a\r\n:1\r\n",
            .array([.simple("a"), .integer(1)]), .push([.simple("a"), .integer(1)])
        ) {
            $0.push(2)
            $0.simple("a")
            $0.integer(1)
        },
        .init(
            "nested", "*2\r\n*2\r\n+k\r\n*1\r\n$-1\r\n-GATE x\r\n",
            "*2\r\n%1\r\n+k\r\n*1\r\n_\r\n-GATE x\r\n",
            .array([.array([.simple("k"), .array([.null])]), .error("GATE x")]),
            .array([
                .map([.init(key: .simple("k"), value: .array([.null]))]), .error("GATE x"),
            ])
        ) {
            $0.array(2)
            $0.map(1)
            $0.simple("k")
            $0.array(1)
            $0.null()
            $0.error(.gate, "x")
        },
        .init("count below zero", "*0\r\n", .array([])) { $0.array(-3) },
    ]

    static let all = scalars + aggregates
}

@Suite struct ReplyWriterTests {
    @Test("P-2: every kind of reply in both versions, byte for byte", arguments: ReplyExample.all)
    func goldenBytes(example: ReplyExample) {
        for (version, wire) in [(ProtocolVersion.resp2, example.resp2), (.resp3, example.resp3)] {
            var writer = ReplyWriter(version)
            example.write(&writer)
            #expect(text(writer.bytes) == wire)
        }
    }

    @Test("P-2: a reply starts only with what every client understands")
    func safeSubset() {
        for version in ProtocolVersion.allCases {
            let allowed = Set((version == .resp3 ? "+-:$*_#%>~=" : "+-:$*").utf8)
            for example in ReplyExample.all {
                var writer = ReplyWriter(version)
                example.write(&writer)
                #expect(writer.bytes.first.map(allowed.contains) == true, "\(example.name)")
            }
        }
    }

    @Test("P-5: error lines are one line of printable ASCII, whatever is in them")
    func errorLines() {
        var generator = SeededGenerator(seed: 5)
        let everyByte = String(decoding: UInt8.min...UInt8.max, as: UTF8.self)
        let hostile = [everyByte, "\r\n+OK\r\n", "广告", "\u{1B}[2J", "\u{85}\u{2028}", ""]
        let random = (0..<200).map { _ in
            String(
                decoding: (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) },
                as: UTF8.self)
        }
        for text in hostile + random {
            for code in ErrorCode.allCases {
                var writer = ReplyWriter(.resp3)
                writer.error(code, text)
                expectErrorLine(writer.bytes, startingWith: "-\(code.rawValue) ")
            }
            var writer = ReplyWriter(.resp2)
            writer.errorLine(text)
            expectErrorLine(writer.bytes, startingWith: "-")
        }
    }

    @Test("P-5: an endless error text is cut off at the bound")
    func errorLineBound() {
        for text in [String(repeating: "a", count: 100_000), String(repeating: "广", count: 9_000)] {
            var writer = ReplyWriter(.resp2)
            writer.simple("OK")
            let start = writer.bytes.count
            writer.error(.err, text)
            let line = Array(writer.bytes[start...])
            expectErrorLine(line, startingWith: "-ERR ")
            #expect(line.count <= 1 + WireBounds.errorLineBytes + 2)
            #expect(line.count > WireBounds.errorLineBytes - 8)
            #expect(line.dropLast(2).suffix(3).elementsEqual("...".utf8))
        }
    }

    @Test("P-5: codes are Redis's words and ours, and none that makes a client resend")
    func codes() {
        let codes = Set(ErrorCode.allCases.map(\.rawValue))
        let expected = """
            ERR WRONGTYPE NOAUTH WRONGPASS NOPERM NOPROTO LOADING EXECABORT OOM BUSY MISCONF \
            NOTFOUND CONFLICT INVALID GATE PENDING DISKFULL
            """
        #expect(codes == Set(expected.split(separator: " ").map(String.init)))
    }

    @Test("P-2: a partly written reply is taken back without a trace")
    func truncate() {
        var writer = ReplyWriter(.resp3)
        writer.simple("OK")
        let mark = writer.bytes.count
        writer.map(3)
        writer.bulk("id")
        writer.truncate(to: mark)
        writer.error(.notFound, "no o7")
        #expect(text(writer.bytes) == "+OK\r\n-NOTFOUND no o7\r\n")
        writer.truncate(to: 1_000)
        #expect(writer.bytes.count == mark + 17)
        writer.truncate(to: -1)
        #expect(writer.bytes.isEmpty)
    }

    @Test("P-2: HELLO changes the version for what is written from then on")
    func versionChanges() {
        var writer = ReplyWriter(.resp2)
        writer.null()
        writer.version = .resp3
        writer.null()
        #expect(text(writer.bytes) == "$-1\r\n_\r\n")
        writer.removeAll(keepingCapacity: true)
        #expect(writer.bytes.isEmpty)
    }

    private func expectErrorLine(_ bytes: [UInt8], startingWith prefix: String) {
        let printable: ClosedRange<UInt8> = 0x20...0x7E
        #expect(bytes.starts(with: prefix.utf8))
        #expect(bytes.suffix(2).elementsEqual("\r\n".utf8))
        #expect(bytes.dropLast(2).allSatisfy { printable.contains($0) })
    }
}

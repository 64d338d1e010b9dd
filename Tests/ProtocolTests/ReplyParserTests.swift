import PipelineProtocol
import Testing

@Suite struct ReplyParserTests {
    @Test("P-2: a client reads back what was written, at every cut", arguments: ReplyExample.all)
    func inverse(example: ReplyExample) {
        for (version, expected) in [
            (ProtocolVersion.resp2, example.read2), (.resp3, example.read3),
        ] {
            var writer = ReplyWriter(version)
            example.write(&writer)
            for portions in portionings(of: writer.bytes) {
                #expect(replies(from: portions) == Outcome(values: [expected]))
            }
        }
    }

    @Test(
        "P-2: replies in a row are read in order, at every cut", arguments: ProtocolVersion.allCases
    )
    func inRow(version: ProtocolVersion) {
        var writer = ReplyWriter(version)
        for example in ReplyExample.all { example.write(&writer) }
        let expected = ReplyExample.all.map { version == .resp2 ? $0.read2 : $0.read3 }
        for portions in portionings(of: writer.bytes) {
            #expect(replies(from: portions) == Outcome(values: expected))
        }
    }

    @Test(
        "P-2: a client accepts other servers' types as well, at every cut",
        arguments: [
            (",3.14\r\n", [.double("3.14")]), (",inf\r\n", [.double("inf")]),
            (
                "(3492890328409238509324850943850943825024385\r\n",
                [ReplyExample.bulk("3492890328409238509324850943850943825024385")]
            ),
            ("!9\r\nERR a\r\nbc\r\n", [.error("ERR a\r\nbc")]),
            ("=7\r\nmkd:a b\r\n", [.verbatim(format: "mkd", text: "a b")]),
            (":+5\r\n", [.integer(5)]),
            ("|1\r\n+ttl\r\n:3\r\n:7\r\n", [.integer(7)]),
            ("|0\r\n:7\r\n", [.integer(7)]),
            ("*2\r\n|1\r\n+k\r\n*1\r\n+v\r\n:1\r\n:2\r\n", [.array([.integer(1), .integer(2)])]),
            ("*1\r\n|1\r\n+k\r\n+v\r\n*0\r\n+x\r\n", [.array([.array([])]), .simple("x")]),
            ("+a\rb\r\n", [.simple("a\rb")]),
            ("*3\r\n:1\r\n", []), ("$5\r\nab", []), ("|1\r\n+k\r\n+v\r\n", []),
        ] as [(String, [Reply])])
    func lenient(wire: String, expected: [Reply]) {
        for portions in portionings(of: Array(wire.utf8)) {
            #expect(replies(from: portions) == Outcome(values: expected))
        }
    }

    @Test(
        "P-2: what is no reply is refused, at every cut",
        arguments: [
            ("PING\r\n", .unknownReplyType(UInt8(ascii: "P"))), ("\r\n", .unknownReplyType(0x0D)),
            (":x\r\n", .malformedReply), (":\r\n", .malformedReply),
            (":9223372036854775808\r\n", .malformedReply), ("#x\r\n", .malformedReply),
            ("_x\r\n", .malformedReply), ("$x\r\n", .malformedReply), ("$-2\r\n", .malformedReply),
            ("$?\r\n", .malformedReply), ("*?\r\n", .malformedReply), ("%-1\r\n", .malformedReply),
            ("=-1\r\n", .malformedReply), ("=3\r\ntxt\r\n", .malformedReply),
            ("=5\r\ntxt x\r\n", .malformedReply), ("$12345678901\r\n", .malformedReply),
            ("$2\r\nabc\r\n", .unterminatedBulk), ("*1\r\n*-2\r\n", .malformedReply),
            ("$9999999999\r\n", .replyTooLong(limit: WireBounds.replyBytes)),
        ] as [(String, ProtocolError)])
    func malformed(wire: String, error: ProtocolError) {
        for portions in portionings(of: Array(wire.utf8)) {
            #expect(replies(from: portions) == Outcome(error: error))
        }
    }

    @Test("P-2: nesting is bounded, and a declared count reserves nothing")
    func depth() {
        let deepest = String(repeating: "*1\r\n", count: WireBounds.replyDepth)
        #expect(replies(from: [Array((deepest + "+x\r\n").utf8)[...]]).values.count == 1)
        #expect(
            replies(from: [Array((deepest + "*1\r\n").utf8)[...]]).error
                == .replyTooDeep(limit: WireBounds.replyDepth))
        let vast = String(repeating: "%9999999999\r\n+k\r\n", count: WireBounds.replyDepth)
        #expect(replies(from: [Array(vast.utf8)[...]]) == Outcome())
    }

    @Test("P-2: an error is final for the client's parser")
    func errorIsFinal() {
        var parser = ReplyParser()
        parser.append(Array("?\r\n+OK\r\n".utf8))
        #expect(throws: ProtocolError.unknownReplyType(63)) { try parser.next() }
        parser.append(Array("+OK\r\n".utf8))
        #expect(throws: ProtocolError.unknownReplyType(63)) { try parser.next() }
    }

    @Test("P-2: maps are read by key in both versions")
    func keys() throws {
        for version in ProtocolVersion.allCases {
            var writer = ReplyWriter(version)
            writer.map(4)
            writer.bulk("id")
            writer.bulk("o1042")
            writer.bulk("rev")
            writer.integer(3)
            writer.bulk("done")
            writer.boolean(true)
            writer.bulk("team")
            writer.array(1)
            writer.bulk("rev")
            let reply = try #require(replies(from: [writer.bytes[...]]).values.first)
            #expect(reply["id"]?.text == "o1042")
            #expect(reply["rev"]?.integer == 3)
            #expect(reply["done"]?.boolean == true)
            #expect(reply["team"]?.elements == [ReplyExample.bulk("rev")])
            #expect(reply["o1042"] == nil)
            #expect(reply["Id"] == nil)
            #expect(reply.pairs?.map(\.key.text) == ["id", "rev", "done", "team"])
        }
    }

    @Test("P-2: conveniences answer nil for what a reply is not")
    func conveniences() {
        #expect(Reply.null["id"] == nil)
        #expect(Reply.array([.simple("odd")])["odd"] == nil)
        #expect(Reply.array([.simple("odd")]).pairs == nil)
        #expect(Reply.bulk([0xFF]).text == nil)
        #expect(Reply.integer(1).text == nil)
        #expect(Reply.simple("1").integer == nil)
        #expect(Reply.integer(2).boolean == nil)
        #expect(Reply.map([]).elements == nil)
        #expect(Reply.error("ERR x").errorLine == "ERR x")
        #expect(Reply.error("ERR x").text == nil)
        #expect(Reply.simple("ERR x").errorLine == nil)
        #expect(Reply.verbatim(format: "txt", text: "a").text == "a")
        #expect(Reply.set([.null]).elements == [.null])
        #expect(Reply.push([.null]).elements == [.null])
    }
}

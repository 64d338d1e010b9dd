import PipelineProtocol
import Testing

@Suite struct RequestLimitTests {
    @Test("P-1: protocol errors are in Redis 7.0's words")
    func words() {
        let words: [(ProtocolError, String)] = [
            (.unbalancedQuotes, "unbalanced quotes in request"),
            (.invalidMultibulkLength, "invalid multibulk length"),
            (.invalidBulkLength, "invalid bulk length"),
            (.expectedBulk(got: UInt8(ascii: "x")), "expected '$', got 'x'"),
            (.unauthenticatedMultibulkLength, "unauthenticated multibulk length"),
            (.unauthenticatedBulkLength, "unauthenticated bulk length"),
            (.tooBigMultibulkCount, "too big mbulk count string"),
            (.tooBigBulkCount, "too big bulk count string"),
            (.tooBigInlineRequest, "too big inline request"),
        ]
        for (error, text) in words {
            #expect(error.message == "Protocol error: " + text)
            #expect(error.errorLine == "ERR Protocol error: " + text)
        }
    }

    @Test("P-5: a bound that was passed is named, after Redis's words")
    func namedBounds() {
        #expect(
            ProtocolError.argumentTooLong(limit: 1_048_576).message
                == "Protocol error: invalid bulk length, at most 1048576 bytes")
        #expect(
            ProtocolError.tooManyArguments(limit: 65_536).message
                == "Protocol error: invalid multibulk length, at most 65536 arguments")
    }

    @Test("P-5: the byte quoted in an error is escaped", arguments: UInt8.min...UInt8.max)
    func quotedByte(byte: UInt8) {
        let printable: ClosedRange<UInt8> = 0x20...0x7E
        for error in [ProtocolError.expectedBulk(got: byte), .unknownReplyType(byte)] {
            #expect(error.message.utf8.allSatisfy { printable.contains($0) })
        }
    }

    @Test("P-1: an error ends the connection: the parser repeats it and takes in nothing more")
    func errorIsFinal() {
        var parser = RequestParser()
        parser.append(Array("*x\r\n*1\r\n$4\r\nPING\r\n".utf8))
        #expect(throws: ProtocolError.invalidMultibulkLength) { try parser.next() }
        parser.append(Array("PING\r\n".utf8))
        #expect(throws: ProtocolError.invalidMultibulkLength) { try parser.next() }
        #expect(parser.bufferedBytes == 0)
    }

    @Test("P-4: before AUTH at most 10 arguments, as an array and inline")
    func unauthenticatedCount() {
        let ten = Request((1...10).map(String.init))
        let eleven = Request((1...11).map(String.init))
        let inlineTen = "1 2 3 4 5 6 7 8 9 10\r\n"
        let inlineEleven = "1 2 3 4 5 6 7 8 9 10 11\r\n"
        for bytes in [ten.encoded, Array(inlineTen.utf8)] {
            #expect(unauthenticated(bytes) == Outcome(values: [ten]))
        }
        for bytes in [eleven.encoded, Array(inlineEleven.utf8), Array("*11\r\n".utf8)] {
            #expect(unauthenticated(bytes) == Outcome(error: .unauthenticatedMultibulkLength))
        }
        #expect(requests(from: [eleven.encoded[...]]) == Outcome(values: [eleven]))
    }

    @Test("P-4: before AUTH at most 16 KiB an argument, as an array and inline")
    func unauthenticatedLength() {
        let fits = Request([String(repeating: "a", count: 16_384)])
        let exceeds = Request([String(repeating: "a", count: 16_385)])
        for bytes in [fits.encoded, Array(fits[0]) + [0x0A]] {
            #expect(unauthenticated(bytes) == Outcome(values: [fits]))
        }
        for bytes in [exceeds.encoded, Array(exceeds[0]) + [0x0A], Array("*1\r\n$16385\r\n".utf8)] {
            #expect(unauthenticated(bytes) == Outcome(error: .unauthenticatedBulkLength))
        }
        #expect(requests(from: [exceeds.encoded[...]]) == Outcome(values: [exceeds]))
    }

    @Test("P-4: what Redis calls invalid is invalid before AUTH too")
    func unauthenticatedInvalid() {
        let invalidCount = unauthenticated(Array("*3000000000\r\n".utf8))
        #expect(invalidCount == Outcome(error: .invalidMultibulkLength))
        let invalidLength = unauthenticated(Array("*1\r\n$2000000000\r\n".utf8))
        #expect(invalidLength == Outcome(error: .invalidBulkLength))
    }

    @Test("P-4: limits lifted by AUTH hold for what was pipelined behind it")
    func limitsChangeBetweenRequests() throws {
        let auth = Request(["AUTH", "pw"])
        let long = Request(["ECHO", String(repeating: "b", count: 20_000)])
        var parser = RequestParser()
        #expect(parser.limits == .beforeAuthentication)
        parser.append(auth.encoded + long.encoded)
        #expect(try parser.next() == auth)
        #expect(parser.bufferedBytes == long.encoded.count)
        parser.limits = .afterAuthentication
        #expect(try parser.next() == long)
        #expect(try parser.next() == nil)
        #expect(parser.bufferedBytes == 0)
    }

    @Test("P-1: the longest argument passes whole, and one byte more is refused unread")
    func longestArgument() {
        let longest = Request(["PROCESS.PUT", "k", String(repeating: "j", count: 1_048_576)])
        let bytes = longest.encoded
        let portions = stride(from: 0, to: bytes.count, by: 5_000).map {
            bytes[$0..<min($0 + 5_000, bytes.count)]
        }
        #expect(requests(from: portions) == Outcome(values: [longest]))
        #expect(
            requests(from: [Array("*1\r\n$1048577\r\n".utf8)[...]])
                == Outcome(error: .argumentTooLong(limit: WireBounds.processBytes)))
    }

    @Test("P-1: arguments are bounded together, too")
    func requestBytes() {
        let mebibyte = [UInt8](repeating: 7, count: 1_048_576)
        let fits = Request(Array(repeating: mebibyte, count: 8))
        #expect(requests(from: [fits.encoded[...]]) == Outcome(values: [fits]))
        let exceeds = Request(Array(repeating: mebibyte, count: 8) + [[1]])
        #expect(
            requests(from: [exceeds.encoded[...]])
                == Outcome(error: .requestTooLong(limit: WireBounds.requestBytes)))
    }

    @Test("P-1: many arguments pass, up to the bound")
    func manyArguments() {
        let many = Request(Array(repeating: "x", count: WireBounds.argumentsPerRequest))
        #expect(requests(from: [many.encoded[...]]) == Outcome(values: [many]))
    }

    @Test("P-1: an inline command may have 64 KiB; more is refused wherever the bytes are cut")
    func inlineLength() {
        let longest = [UInt8](repeating: UInt8(ascii: "a"), count: WireBounds.inlineBytes)
        let outcome = requests(from: [(longest + [0x0A])[...]])
        #expect(outcome == Outcome(values: [Request([longest])]))
        let tooLong = longest + Array("a\nPING\n".utf8)
        for cut in [0, 1, 65_535, 65_536, 65_537, 65_538, tooLong.count] {
            #expect(
                requests(from: [tooLong[..<cut], tooLong[cut...]])
                    == Outcome(error: .tooBigInlineRequest))
        }
    }

    @Test(
        "P-1: a count or length whose line has no end within 64 KiB is refused at every cut",
        arguments: [
            ("*", ProtocolError.tooBigMultibulkCount), ("*1\r\n$", .tooBigBulkCount),
        ])
    func endlessHeader(start: String, error: ProtocolError) {
        let digits = String(repeating: "1", count: WireBounds.inlineBytes)
        let bytes = Array((start + digits + "\r\n").utf8)
        for cut in [0, 1, bytes.count - 4, bytes.count - 3, bytes.count - 2, bytes.count - 1] {
            #expect(requests(from: [bytes[..<cut], bytes[cut...]]) == Outcome(error: error))
        }
        let shorter = Array((start + digits.dropFirst() + "\r\n").utf8)
        let invalid: ProtocolError =
            error == .tooBigBulkCount ? .invalidBulkLength : .invalidMultibulkLength
        #expect(requests(from: [shorter[...]]) == Outcome(error: invalid))
    }

    private func unauthenticated(_ bytes: [UInt8]) -> Outcome<Request> {
        requests(from: [bytes[...]], limits: .beforeAuthentication)
    }
}

import PipelineProtocol
import Testing

/// Random input from fixed seeds. Nothing may trap, and where the bytes are cut may change nothing.
@Suite struct FuzzTests {
    static let seeds: [UInt64] = [1, 2, 3, 5, 8, 13, 21, 34]

    @Test("P-1: no bytes trap the server's parser, and cuts change nothing", arguments: seeds)
    func requestBytes(seed: UInt64) {
        print("request fuzz, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("*$0123456789-\r\n\"'\\x aPING".utf8) + [0, 0xFF]
        var understood = 0
        var refused = 0
        for _ in 0..<1_500 {
            let bytes = noise(alphabet, mutating: requestSeeds, &generator)
            let limits: RequestLimits =
                Bool.random(using: &generator) ? .afterAuthentication : .beforeAuthentication
            let whole = requests(from: [bytes[...]], limits: limits)
            understood += whole.values.count
            if let error = whole.error {
                refused += 1
                #expect(error.message.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            }
            for request in whole.values {
                #expect(request.count >= 1)
                #expect(requests(from: [request.encoded[...]]).values == [request])
            }
            #expect(requests(from: cuts(bytes, &generator), limits: limits) == whole)
        }
        #expect(understood > 0 && refused > 0, "the input reaches both sides")
    }

    @Test("P-2: no bytes trap the client's parser, and cuts change nothing", arguments: seeds)
    func replyBytes(seed: UInt64) {
        print("reply fuzz, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("+-:$*_,#%>~=(!|0123456789\r\ntxf".utf8) + [0, 0xFF]
        var understood = 0
        var refused = 0
        for _ in 0..<1_500 {
            let bytes = noise(alphabet, mutating: replySeeds, &generator)
            let whole = replies(from: [bytes[...]])
            understood += whole.values.count
            if whole.error != nil { refused += 1 }
            #expect(replies(from: cuts(bytes, &generator)) == whole)
        }
        #expect(understood > 0 && refused > 0, "the input reaches both sides")
    }

    @Test("P-1: random requests survive encoding, pipelining and any cut", arguments: seeds)
    func requestRoundTrip(seed: UInt64) {
        print("request round trip, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let sent = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                Request(
                    (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                        (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                            UInt8.random(in: 0...255, using: &generator)
                        }
                    })
            }
            let received = requests(from: cuts(sent.flatMap(\.encoded), &generator))
            #expect(received == Outcome(values: sent))
        }
    }

    private let requestSeeds = (RequestExample.arrays + RequestExample.inline).map(\.bytes)

    private let replySeeds = ReplyExample.all.flatMap {
        [Array($0.resp2.utf8), Array($0.resp3.utf8)]
    }

    /// Either plain noise over `alphabet`, or some examples in a row with a few bytes changed.
    private func noise(
        _ alphabet: [UInt8], mutating examples: [[UInt8]], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        func letter() -> UInt8 { alphabet.randomElement(using: &generator) ?? 0 }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            return (0..<Int.random(in: 0...80, using: &generator)).map { _ in letter() }
        }
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            bytes += examples.randomElement(using: &generator) ?? []
        }
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = letter()
            case 1: bytes.insert(letter(), at: index)
            default: bytes.remove(at: index)
            }
        }
        return bytes
    }

    /// `bytes` in portions of random lengths, empty ones among them.
    private func cuts(
        _ bytes: [UInt8], _ generator: inout SeededGenerator
    ) -> [ArraySlice<UInt8>] {
        var portions: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...20, using: &generator))
            portions.append(bytes[start..<end])
            start = end
        }
        return portions
    }
}

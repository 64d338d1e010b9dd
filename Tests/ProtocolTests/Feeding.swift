import PipelineProtocol

/// What a parser made of some bytes: every request in order, then the error that ended it.
struct Outcome<Value: Equatable & Sendable>: Equatable, Sendable {
    var values: [Value] = []
    var error: ProtocolError?
}

/// Feeds `portions` to a parser, asking for everything there is after each.
func requests(
    from portions: [ArraySlice<UInt8>], limits: RequestLimits = .afterAuthentication
) -> Outcome<Request> {
    var parser = RequestParser()
    parser.limits = limits
    var outcome = Outcome<Request>()
    do throws(ProtocolError) {
        for portion in portions {
            portion.withUnsafeBytes { parser.append($0) }
            while let request = try parser.next() { outcome.values.append(request) }
        }
    } catch {
        outcome.error = error
    }
    return outcome
}

/// Feeds `portions` to a client's parser, asking for everything there is after each.
func replies(from portions: [ArraySlice<UInt8>]) -> Outcome<Reply> {
    var parser = ReplyParser()
    var outcome = Outcome<Reply>()
    do throws(ProtocolError) {
        for portion in portions {
            portion.withUnsafeBytes { parser.append($0) }
            while let reply = try parser.next() { outcome.values.append(reply) }
        }
    } catch {
        outcome.error = error
    }
    return outcome
}

/// Every way to cut `bytes` that tests try: whole, in two at each point, and byte by byte.
func portionings(of bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    let halves = bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
    return [[bytes[...]]] + halves + [bytes.indices.map { bytes[$0...$0] }]
}

func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Reads replies out of bytes that arrive in any portions, for clients.
///
/// Reads more than our server writes: `,` `(` `!` and attributes `|`, which are skipped. Bounded in
/// depth and size (`WireBounds.replyDepth`, `WireBounds.replyBytes`); counts reserve no memory.
public struct ReplyParser: Sendable {
    private var input = InputBuffer()
    /// Offset from the start of the input before which no line ending lies.
    private var searched = 0
    /// Bytes of the reply under way that were consumed already.
    private var consumed = 0
    /// Aggregates that lack elements, the outermost first.
    private var open: [Aggregate] = []
    private var failure: ProtocolError?

    private struct Aggregate: Sendable {
        enum Kind: Sendable { case array, set, push, map, attribute }

        var kind: Kind
        var missing: Int
        var elements: [Reply] = []

        var reply: Reply {
            switch kind {
            case .array: .array(elements)
            case .set: .set(elements)
            case .push: .push(elements)
            case .map, .attribute: .map(Reply.pairs(of: elements))
            }
        }
    }

    private enum Step {
        case incomplete
        /// An aggregate was opened, or an empty attribute skipped.
        case entered
        case value(Reply)
    }

    /// A parser for a new connection.
    public init() {}

    /// Takes in what arrived, in any portion. Bytes after a protocol error are dropped.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if failure == nil { input.append(bytes) }
    }

    /// Takes in what arrived, in any portion.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The next whole reply or push; nil when more bytes are needed.
    ///
    /// Throws what makes the connection unintelligible, and the same again on every later call.
    public mutating func next() throws(ProtocolError) -> Reply? {
        if let failure { throw failure }
        do {
            return try parse()
        } catch {
            failure = error
            open = []
            input.removeAll()
            throw error
        }
    }

    private mutating func parse() throws(ProtocolError) -> Reply? {
        while input.count > 0 {
            switch try readStep() {
            case .incomplete: return nil
            case .entered: continue
            case .value(let value):
                guard let reply = close(value) else { continue }
                consumed = 0
                return reply
            }
        }
        return nil
    }

    /// Puts `value` where it belongs; returns the whole reply if that completes one.
    private mutating func close(_ value: Reply) -> Reply? {
        var value = value
        while let last = open.indices.last {
            if open[last].kind != .attribute { open[last].elements.append(value) }
            open[last].missing -= 1
            if open[last].missing > 0 { return nil }
            let complete = open.removeLast()
            if complete.kind == .attribute { return nil }
            value = complete.reply
        }
        return value
    }

    private mutating func readStep() throws(ProtocolError) -> Step {
        guard let line = try findLine() else { return .incomplete }
        let type = input.bytes[input.start]
        let lineBytes = line.upperBound + 2 - input.start
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            return try readBlob(type, line, lineBytes)
        case UInt8(ascii: "*"): return try enter(.array, line, lineBytes)
        case UInt8(ascii: "~"): return try enter(.set, line, lineBytes)
        case UInt8(ascii: ">"): return try enter(.push, line, lineBytes)
        case UInt8(ascii: "%"): return try enter(.map, line, lineBytes)
        case UInt8(ascii: "|"): return try enter(.attribute, line, lineBytes)
        default:
            let value = try scalar(type, input.bytes[line])
            try consume(lineBytes)
            return .value(value)
        }
    }

    /// Where the line at the start lies, without its type and its ending; nil while incomplete.
    private mutating func findLine() throws(ProtocolError) -> Range<Int>? {
        let start = input.start
        let type = input.bytes[start]
        guard Self.types.contains(type) else { throw .unknownReplyType(type) }
        let end = input.bytes.count
        var index = start + max(1, searched)
        while index < end {
            if input.bytes[index] == UInt8(ascii: "\r") {
                guard index + 1 < end else { break }
                if input.bytes[index + 1] == UInt8(ascii: "\n") {
                    searched = 0
                    return start + 1..<index
                }
            }
            index += 1
        }
        searched = index - start
        try checkSize(searched)
        return nil
    }

    private static let types = Array("+-:$*_#%>~=,(!|".utf8)

    private func scalar(_ type: UInt8, _ line: ArraySlice<UInt8>) throws(ProtocolError) -> Reply {
        switch type {
        case UInt8(ascii: "+"): return .simple(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: ","): return .double(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "("): return .bulk(Array(line))
        case UInt8(ascii: ":"):
            let digits = line.first == UInt8(ascii: "+") ? line.dropFirst() : line
            guard let value = Decimal.int64(digits) else { throw .malformedReply }
            return .integer(value)
        case UInt8(ascii: "#"):
            if line.elementsEqual("t".utf8) { return .boolean(true) }
            if line.elementsEqual("f".utf8) { return .boolean(false) }
            throw .malformedReply
        case UInt8(ascii: "_"):
            guard line.isEmpty else { throw .malformedReply }
            return .null
        default:
            throw .unknownReplyType(type)
        }
    }

    /// A string with its length declared, once it has arrived as a whole.
    private mutating func readBlob(
        _ type: UInt8, _ line: Range<Int>, _ lineBytes: Int
    ) throws(ProtocolError) -> Step {
        guard let length = input.length(line), length >= -1 else { throw .malformedReply }
        if length == -1 {
            guard type == UInt8(ascii: "$") else { throw .malformedReply }
            try consume(lineBytes)
            return .value(.null)
        }
        let total = lineBytes + length + 2
        try checkSize(total)
        guard input.count >= total else { return .incomplete }
        let start = input.start + lineBytes
        let end = start + length
        guard input.bytes[end] == UInt8(ascii: "\r"), input.bytes[end + 1] == UInt8(ascii: "\n")
        else { throw .unterminatedBulk }
        let value = try blob(type, input.bytes[start..<end])
        try consume(total)
        return .value(value)
    }

    private func blob(_ type: UInt8, _ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> Reply {
        if type == UInt8(ascii: "$") { return .bulk(Array(bytes)) }
        if type == UInt8(ascii: "!") { return .error(String(decoding: bytes, as: UTF8.self)) }
        guard bytes.count >= 4, bytes[bytes.startIndex + 3] == UInt8(ascii: ":")
        else { throw .malformedReply }
        return .verbatim(
            format: String(decoding: bytes.prefix(3), as: UTF8.self),
            text: String(decoding: bytes.dropFirst(4), as: UTF8.self))
    }

    private mutating func enter(
        _ kind: Aggregate.Kind, _ line: Range<Int>, _ lineBytes: Int
    ) throws(ProtocolError) -> Step {
        guard let count = input.length(line), count >= (kind == .array ? -1 : 0)
        else { throw .malformedReply }
        try consume(lineBytes)
        if count == -1 { return .value(.null) }
        let isPaired = kind == .map || kind == .attribute
        let aggregate = Aggregate(kind: kind, missing: isPaired ? count * 2 : count)
        if count == 0 { return kind == .attribute ? .entered : .value(aggregate.reply) }
        if open.count >= WireBounds.replyDepth {
            throw .replyTooDeep(limit: WireBounds.replyDepth)
        }
        open.append(aggregate)
        return .entered
    }

    private mutating func consume(_ count: Int) throws(ProtocolError) {
        try checkSize(count)
        consumed += count
        input.consume(count)
    }

    private func checkSize(_ more: Int) throws(ProtocolError) {
        if consumed + more > WireBounds.replyBytes {
            throw .replyTooLong(limit: WireBounds.replyBytes)
        }
    }
}

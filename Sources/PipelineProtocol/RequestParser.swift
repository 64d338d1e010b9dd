/// What one request may be; stricter before `AUTH` than after it (P-4).
public struct RequestLimits: Sendable, Equatable {
    /// Most arguments, the command's name included.
    public var arguments: Int
    /// Longest argument, in bytes.
    public var argumentBytes: Int
    /// All arguments together, in bytes.
    public var requestBytes: Int
    /// Whether refusals name the bound (after `AUTH`) or say `unauthenticated` as Redis does.
    public var isAuthenticated: Bool

    /// 10 arguments of at most 16 KiB each.
    public static let beforeAuthentication = RequestLimits(
        arguments: WireBounds.unauthenticatedArguments,
        argumentBytes: WireBounds.unauthenticatedArgumentBytes,
        requestBytes: WireBounds.requestBytes,
        isAuthenticated: false)

    /// The protocol's own bounds; see `WireBounds`.
    public static let afterAuthentication = RequestLimits(
        arguments: WireBounds.argumentsPerRequest,
        argumentBytes: WireBounds.processBytes,
        requestBytes: WireBounds.requestBytes,
        isAuthenticated: true)
}

/// Reads requests out of bytes that arrive in any portions: arrays of bulk strings and inline
/// commands, in turn as the client likes (P-1).
///
/// Nothing is read ahead: bytes become a request only in `next()`, so limits changed by one command
/// hold for the one behind it. Lengths a client declares reserve no memory.
public struct RequestParser: Sendable {
    /// The limits for what is parsed from now on; those before `AUTH` to begin with.
    public var limits = RequestLimits.beforeAuthentication

    private var input = InputBuffer()
    // All of these count from the start of the request under way, so that the buffer may move.
    /// First byte not yet understood.
    private var cursor = 0
    /// No line ending lies before this byte; spares searching the same bytes again.
    private var searched = 0
    private var bounds: [ArgumentBounds] = []
    private var byteCount = 0
    /// Arguments still to come; 0 outside of an array.
    private var missing = 0
    /// Length of the bulk string whose header was read already.
    private var bulkLength: Int?
    private var failure: ProtocolError?

    /// A parser for a new connection, not yet authenticated.
    public init() {}

    /// Bytes received that belong to no request returned yet.
    public var bufferedBytes: Int { input.count }

    /// Takes in what arrived, in any portion. Bytes after a protocol error are dropped.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if failure == nil { input.append(bytes) }
    }

    /// Takes in what arrived, in any portion.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The next whole request; nil when more bytes are needed. Blank lines and arrays of no
    /// elements are skipped, as in Redis.
    ///
    /// Throws what makes the connection unintelligible, and the same again on every later call.
    public mutating func next() throws(ProtocolError) -> Request? {
        if let failure { throw failure }
        do {
            return try parse()
        } catch {
            failure = error
            finishRequest(0)
            input.removeAll()
            throw error
        }
    }

    private mutating func parse() throws(ProtocolError) -> Request? {
        while input.count > 0 {
            if missing == 0 {
                if input.bytes[input.start] != UInt8(ascii: "*") {
                    guard let line = try readLine() else { return nil }
                    if let request = line.request { return request }
                    continue
                }
                guard let count = try readCount() else { return nil }
                if count <= 0 {
                    finishRequest(cursor)
                    continue
                }
                missing = count
            }
            while missing > 0 {
                guard try readArgument() else { return nil }
            }
            let request = Request(
                copying: bounds, of: input.bytes, from: input.start, byteCount: byteCount)
            finishRequest(cursor)
            return request
        }
        return nil
    }

    /// Forgets the request under way and the `consumed` bytes it took.
    private mutating func finishRequest(_ consumed: Int) {
        input.consume(consumed)
        cursor = 0
        searched = 0
        bounds.removeAll(keepingCapacity: bounds.capacity <= WireBounds.idleArgumentSlots)
        byteCount = 0
        missing = 0
        bulkLength = nil
    }

    // MARK: Arrays of bulk strings

    /// The number after `*`; nil while its line is incomplete.
    private mutating func readCount() throws(ProtocolError) -> Int? {
        guard let digits = try readHeader(tooLong: .tooBigMultibulkCount) else { return nil }
        guard let digits = digits.range, let count = input.length(digits), count <= Int32.max
        else { throw .invalidMultibulkLength }
        try checkCount(count)
        return count
    }

    /// Reads one bulk string, or as much of it as there is; false when more bytes are needed.
    private mutating func readArgument() throws(ProtocolError) -> Bool {
        if bulkLength == nil {
            let header = input.start + cursor
            guard let digits = try readHeader(tooLong: .tooBigBulkCount) else { return false }
            let marker = input.bytes[header]
            guard marker == UInt8(ascii: "$") else { throw .expectedBulk(got: marker) }
            guard let digits = digits.range, let length = input.length(digits),
                length >= 0, length <= WireBounds.redisBulkBytes
            else { throw .invalidBulkLength }
            try checkLength(length)
            bulkLength = length
        }
        guard let length = bulkLength, input.count - cursor >= length + 2 else { return false }
        let end = input.start + cursor + length
        guard input.bytes[end] == UInt8(ascii: "\r"), input.bytes[end + 1] == UInt8(ascii: "\n")
        else { throw .unterminatedBulk }
        bounds.append(ArgumentBounds(offset: UInt32(cursor), count: UInt32(length)))
        cursor += length + 2
        searched = cursor
        bulkLength = nil
        missing -= 1
        return true
    }

    /// A header line that was found; `range` is where its digits are, nil if CR without LF ends it.
    private struct Header {
        var range: Range<Int>?
    }

    /// The header line at the cursor, which moves behind it; nil while it is incomplete.
    private mutating func readHeader(
        tooLong: ProtocolError
    ) throws(ProtocolError) -> Header? {
        let start = input.start + cursor
        let available = input.bytes.count
        var index = max(start, input.start + searched)
        // The bound counts from the line's start and not from what happens to have arrived, so the
        // answer is the same however the bytes were cut.
        let last = min(available, start + WireBounds.inlineBytes + 1)
        while index < last, input.bytes[index] != UInt8(ascii: "\r") { index += 1 }
        searched = index - input.start
        if index - start > WireBounds.inlineBytes { throw tooLong }
        guard index + 1 < available else { return nil }
        cursor = index + 2 - input.start
        searched = cursor
        guard input.bytes[index + 1] == UInt8(ascii: "\n") else { return Header(range: nil) }
        return Header(range: min(start + 1, index)..<index)
    }

    private func checkCount(_ count: Int) throws(ProtocolError) {
        guard count > limits.arguments else { return }
        throw limits.isAuthenticated
            ? .tooManyArguments(limit: limits.arguments) : .unauthenticatedMultibulkLength
    }

    private mutating func checkLength(_ length: Int) throws(ProtocolError) {
        if length > limits.argumentBytes {
            throw limits.isAuthenticated
                ? .argumentTooLong(limit: limits.argumentBytes) : .unauthenticatedBulkLength
        }
        byteCount += length
        if byteCount > limits.requestBytes {
            throw .requestTooLong(limit: limits.requestBytes)
        }
    }

    // MARK: Inline commands

    /// A typed line that was consumed; a blank one has no request.
    private struct Line {
        var request: Request?
    }

    /// The line at the start of the buffer, which is consumed; nil while it is incomplete.
    private mutating func readLine() throws(ProtocolError) -> Line? {
        let start = input.start
        let last = min(input.bytes.count, start + WireBounds.inlineBytes + 1)
        var index = start + searched
        while index < last, input.bytes[index] != UInt8(ascii: "\n") { index += 1 }
        searched = index - start
        if searched > WireBounds.inlineBytes { throw .tooBigInlineRequest }
        guard index < last else { return nil }
        var end = index
        if end > start, input.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let command = try InlineCommand(input.bytes[start..<end])
        finishRequest(index + 1 - start)
        guard !command.bounds.isEmpty else { return Line(request: nil) }
        try checkCount(command.bounds.count)
        for bound in command.bounds { try checkLength(Int(bound.count)) }
        byteCount = 0
        return Line(
            request: Request(
                copying: command.bounds, of: command.bytes, from: 0,
                byteCount: command.bytes.count))
    }
}

/// Writes replies into one growing byte buffer, in the subset of the serialization that every
/// client understands (P-2): `+ - : $ * _ # % > ~` and `=txt:`.
///
/// Aggregates are written as a head that says how many elements follow; the caller writes these.
public struct ReplyWriter: Sendable {
    /// The version that replies are written in from now on; `HELLO` changes it.
    public var version: ProtocolVersion
    /// Zeros behind what was written: a reply of many small parts is put down in place, and grows the
    /// room for it few times.
    private var room: [UInt8] = []
    /// Bytes written since the last `removeAll`.
    public private(set) var count = 0

    /// An empty writer for `version`.
    public init(_ version: ProtocolVersion) {
        self.version = version
    }

    public var isEmpty: Bool { count == 0 }

    /// Everything written since the last `removeAll`, as an array of its own.
    public var bytes: [UInt8] { Array(room[..<count]) }

    /// Calls `body` with some of what was written, without copying it. Traps beyond `count`.
    public func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        precondition(range.upperBound <= count, "only what was written can be read")
        return room.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// The byte at `index`, if so much was written.
    public func byte(at index: Int) -> UInt8? {
        index >= 0 && index < count ? room[index] : nil
    }

    /// Forgets everything written.
    public mutating func removeAll(keepingCapacity: Bool = false) {
        if !keepingCapacity { room = [] }
        count = 0
    }

    /// Takes back what was written after the first `count` bytes: undoes a partly written reply.
    public mutating func truncate(to count: Int) {
        self.count = min(self.count, max(0, count))
    }

    /// Appends replies that were encoded already, for the same version.
    public mutating func raw(_ other: [UInt8]) {
        other.withUnsafeBufferPointer { raw($0) }
    }

    /// Appends what was encoded already, for the same version.
    public mutating func raw(_ other: UnsafeBufferPointer<UInt8>) {
        write(upTo: other.count) { $0.put(other) }
    }

    // MARK: Scalars

    /// `+text`: a status of ours, which must hold neither CR nor LF.
    public mutating func simple(_ text: StaticString) {
        text.withUTF8Buffer { writeLine(UInt8(ascii: "+"), $0) }
    }

    /// `+text`: a status; CR and LF become blanks.
    @_disfavoredOverload
    public mutating func simple(_ text: String) {
        let line = text.utf8.map { byte in
            let endsLine = byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
            return endsLine ? UInt8(ascii: " ") : byte
        }
        line.withUnsafeBufferPointer { writeLine(UInt8(ascii: "+"), $0) }
    }

    /// `-CODE text`: an error in one line of printable ASCII, everything else escaped (P-5); cut
    /// off at `WireBounds.errorLineBytes`.
    public mutating func error(_ code: ErrorCode, _ text: String) {
        errorLine(code.rawValue + " " + text)
    }

    /// `-line`: an error whose text brings its first word along, such as Redis's own; escaped and
    /// cut off like the others (P-5).
    public mutating func errorLine(_ line: String) {
        var text: [UInt8] = []
        ErrorText.append(line.utf8, to: &text, upTo: WireBounds.errorLineBytes)
        text.withUnsafeBufferPointer { writeLine(UInt8(ascii: "-"), $0) }
    }

    /// `:n`: an integer of 64 bits; values beyond are clamped.
    @inlinable
    public mutating func integer(_ value: some BinaryInteger) {
        writeHead(UInt8(ascii: ":"), Int64(clamping: value))
    }

    /// `$n`: a byte string, here text of ours.
    public mutating func bulk(_ text: StaticString) {
        text.withUTF8Buffer { writeBulk($0) }
    }

    /// `$n`: a byte string, here text as UTF-8.
    @_disfavoredOverload
    public mutating func bulk(_ text: String) {
        // A variable of its own for `withUTF8` would cost a reference.
        let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { writeBulk($0) }
        if isWritten == nil { Array(text.utf8).withUnsafeBufferPointer { writeBulk($0) } }
    }

    /// `$n`: a byte string.
    @inlinable
    public mutating func bulk(_ bytes: some Collection<UInt8>) {
        let isWritten: Void? = bytes.withContiguousStorageIfAvailable { writeBulk($0) }
        if isWritten == nil { Array(bytes).withUnsafeBufferPointer { writeBulk($0) } }
    }

    /// Text for people over several lines: `=n` with format `txt`, a byte string in RESP2.
    public mutating func verbatim(_ text: String) {
        guard version == .resp3 else { return bulk(text) }
        let body = Array("txt:\(text)".utf8)
        writeHead(UInt8(ascii: "="), Int64(body.count))
        raw(body)
        raw(Array("\r\n".utf8))
    }

    /// `#t` or `#f`; `:1` or `:0` in RESP2.
    public mutating func boolean(_ value: Bool) {
        switch (version, value) {
        case (.resp3, true): plain("#t\r\n")
        case (.resp3, false): plain("#f\r\n")
        case (.resp2, true): plain(":1\r\n")
        case (.resp2, false): plain(":0\r\n")
        }
    }

    /// No value: `_`; `$-1` in RESP2.
    public mutating func null() {
        plain(version == .resp3 ? "_\r\n" : "$-1\r\n")
    }

    /// Text, or null where there is none.
    public mutating func optional(_ text: String?) {
        if let text { bulk(text) } else { null() }
    }

    // MARK: Heads of aggregates

    /// An array; `count` elements follow.
    public mutating func array(_ count: Int) {
        writeHead(UInt8(ascii: "*"), count)
    }

    /// A map; `pairs` keys follow, each with its value. A flat array of both in RESP2.
    public mutating func map(_ pairs: Int) {
        switch version {
        case .resp3: writeHead(UInt8(ascii: "%"), pairs)
        case .resp2: writeHead(UInt8(ascii: "*"), pairs * 2)
        }
    }

    /// A set; `count` elements follow, which must be scalars (P-2). An array in RESP2.
    public mutating func set(_ count: Int) {
        writeHead(UInt8(ascii: version == .resp3 ? "~" : "*"), count)
    }

    /// A push; `count` elements follow, the first of which is a kind that Redis has (P-3). An array
    /// in RESP2.
    public mutating func push(_ count: Int) {
        writeHead(UInt8(ascii: version == .resp3 ? ">" : "*"), count)
    }

    // MARK: Bytes

    /// Most bytes of a head: its type, the sign and digits of 64 bits, the line ending.
    private static let headBytes = 23

    private mutating func writeHead(_ type: UInt8, _ count: Int) {
        writeHead(type, Int64(max(0, count)))
    }

    @usableFromInline
    mutating func writeHead(_ type: UInt8, _ value: Int64) {
        write(upTo: Self.headBytes) { $0.putHead(type, value) }
    }

    @usableFromInline
    mutating func writeBulk(_ text: UnsafeBufferPointer<UInt8>) {
        write(upTo: Self.headBytes + text.count + 2) { place in
            place.putHead(UInt8(ascii: "$"), Int64(text.count))
            place.put(text)
            place.putLineEnding()
        }
    }

    private mutating func writeLine(_ type: UInt8, _ text: UnsafeBufferPointer<UInt8>) {
        write(upTo: 1 + text.count + 2) { place in
            place.put(type)
            place.put(text)
            place.putLineEnding()
        }
    }

    private mutating func plain(_ text: StaticString) {
        text.withUTF8Buffer { raw($0) }
    }

    /// Has `body` put at most `most` bytes behind what was written.
    private mutating func write(upTo most: Int, _ body: (inout Place) -> Void) {
        let needed = count + most
        if needed > room.count { grow(to: needed) }
        count = room.withUnsafeMutableBufferPointer { room in
            // The room is never empty: at least a type or a line ending is put there.
            guard let start = room.baseAddress else { return count }
            var place = Place(next: start + count, left: room.count - count)
            body(&place)
            return start.distance(to: place.next)
        }
    }

    /// At least doubles the room.
    private mutating func grow(to needed: Int) {
        let size = max(needed, 2 * room.count, Self.leastRoomBytes)
        room.reserveCapacity(size)
        room.append(contentsOf: repeatElement(0, count: size - room.count))
    }

    private static let leastRoomBytes = 256

    /// Where the next bytes go. Traps rather than writing beyond its room, which its owner measured.
    private struct Place {
        var next: UnsafeMutablePointer<UInt8>
        var left: Int

        mutating func put(_ byte: UInt8) {
            precondition(left > 0, "more was put than announced")
            next.pointee = byte
            next += 1
            left -= 1
        }

        mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
            guard let source = text.baseAddress else { return }
            precondition(left >= text.count, "more was put than announced")
            next.update(from: source, count: text.count)
            next += text.count
            left -= text.count
        }

        mutating func putLineEnding() {
            put(UInt8(ascii: "\r"))
            put(UInt8(ascii: "\n"))
        }

        mutating func putHead(_ type: UInt8, _ value: Int64) {
            put(type)
            if value < 0 { put(UInt8(ascii: "-")) }
            var rest = value.magnitude
            if rest < 10 {
                put(UInt8(ascii: "0") + UInt8(rest))
            } else {
                var divisor: UInt64 = 10
                while rest / divisor >= 10 { divisor *= 10 }
                while divisor > 0 {
                    put(UInt8(ascii: "0") + UInt8(rest / divisor))
                    rest %= divisor
                    divisor /= 10
                }
            }
            putLineEnding()
        }
    }
}

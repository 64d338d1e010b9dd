/// Writes replies into one growing byte buffer, in the subset of the serialization that every
/// client understands (P-2): `+ - : $ * _ # % > ~` and `=txt:`.
///
/// Aggregates are written as a head that says how many elements follow; the caller writes these.
public struct ReplyWriter: Sendable {
    /// The version that replies are written in from now on; `HELLO` changes it.
    public var version: ProtocolVersion
    /// Everything written since the last `removeAll`.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer for `version`.
    public init(_ version: ProtocolVersion) {
        self.version = version
    }

    /// Forgets everything written.
    public mutating func removeAll(keepingCapacity: Bool = false) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Takes back what was written after the first `count` bytes: undoes a partly written reply.
    public mutating func truncate(to count: Int) {
        guard count < bytes.count else { return }
        bytes.removeLast(bytes.count - max(0, count))
    }

    /// Appends replies that were encoded already, for the same version.
    public mutating func raw(_ other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    /// Appends what was encoded already, for the same version.
    public mutating func raw(_ other: UnsafeBufferPointer<UInt8>) {
        reserve(other.count)
        bytes.append(addingCapacity: other.count) { Self.put(other, into: &$0) }
    }

    // MARK: Scalars

    /// `+text`: a status of ours, which must hold neither CR nor LF.
    public mutating func simple(_ text: StaticString) {
        text.withUTF8Buffer { writeLine(UInt8(ascii: "+"), $0) }
    }

    /// `+text`: a status; CR and LF become blanks.
    @_disfavoredOverload
    public mutating func simple(_ text: String) {
        bytes.append(UInt8(ascii: "+"))
        for byte in text.utf8 {
            let endsLine = byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
            bytes.append(endsLine ? UInt8(ascii: " ") : byte)
        }
        writeLineEnding()
    }

    /// `-CODE text`: an error in one line of printable ASCII, everything else escaped (P-5); cut
    /// off at `WireBounds.errorLineBytes`.
    public mutating func error(_ code: ErrorCode, _ text: String) {
        errorLine(code.rawValue + " " + text)
    }

    /// `-line`: an error whose text brings its first word along, such as Redis's own; escaped and
    /// cut off like the others (P-5).
    public mutating func errorLine(_ line: String) {
        bytes.append(UInt8(ascii: "-"))
        ErrorText.append(line.utf8, to: &bytes, upTo: bytes.count + WireBounds.errorLineBytes)
        writeLineEnding()
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
        let format = "txt:"
        writeHead(UInt8(ascii: "="), Int64(text.utf8.count + format.utf8.count))
        bytes.append(contentsOf: format.utf8)
        bytes.append(contentsOf: text.utf8)
        writeLineEnding()
    }

    /// `#t` or `#f`; `:1` or `:0` in RESP2.
    public mutating func boolean(_ value: Bool) {
        switch (version, value) {
        case (.resp3, true): bytes.append(contentsOf: "#t\r\n".utf8)
        case (.resp3, false): bytes.append(contentsOf: "#f\r\n".utf8)
        case (.resp2, true): bytes.append(contentsOf: ":1\r\n".utf8)
        case (.resp2, false): bytes.append(contentsOf: ":0\r\n".utf8)
        }
    }

    /// No value: `_`; `$-1` in RESP2.
    public mutating func null() {
        bytes.append(contentsOf: (version == .resp3 ? "_\r\n" : "$-1\r\n").utf8)
    }

    /// No array, such as the answer to an `EXEC` that was not run: `_`; `*-1` in RESP2.
    public mutating func nullArray() {
        bytes.append(contentsOf: (version == .resp3 ? "_\r\n" : "*-1\r\n").utf8)
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
        reserve(Self.headBytes)
        bytes.append(addingCapacity: Self.headBytes) { Self.putHead(type, value, into: &$0) }
    }

    @usableFromInline
    mutating func writeBulk(_ text: UnsafeBufferPointer<UInt8>) {
        let total = Self.headBytes + text.count + 2
        reserve(total)
        bytes.append(addingCapacity: total) { output in
            Self.putHead(UInt8(ascii: "$"), Int64(text.count), into: &output)
            Self.put(text, into: &output)
            output.append(UInt8(ascii: "\r"))
            output.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func writeLine(_ type: UInt8, _ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(type)
        bytes.append(contentsOf: text)
        writeLineEnding()
    }

    private mutating func writeLineEnding() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Doubles the buffer where it must grow: a reply of many small parts is copied few times.
    private mutating func reserve(_ count: Int) {
        let needed = bytes.count + count
        if needed > bytes.capacity { bytes.reserveCapacity(max(needed, bytes.capacity * 2)) }
    }

    private static func putHead(
        _ type: UInt8, _ value: Int64, into output: inout OutputSpan<UInt8>
    ) {
        output.append(type)
        if value < 0 { output.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        if rest < 10 {
            output.append(UInt8(ascii: "0") + UInt8(rest))
        } else {
            var divisor: UInt64 = 10
            while rest / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                output.append(UInt8(ascii: "0") + UInt8(rest / divisor))
                rest %= divisor
                divisor /= 10
            }
        }
        output.append(UInt8(ascii: "\r"))
        output.append(UInt8(ascii: "\n"))
    }

    private static func put(
        _ text: UnsafeBufferPointer<UInt8>, into output: inout OutputSpan<UInt8>
    ) {
        output.withUnsafeMutableBufferPointer { buffer, count in
            let end = count + text.count
            precondition(end <= buffer.count, "the caller reserved the space")
            _ = UnsafeMutableBufferPointer(rebasing: buffer[count..<end]).initialize(from: text)
            count = end
        }
    }
}

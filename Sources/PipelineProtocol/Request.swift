/// One request: byte strings in one flat buffer, the command's name first (P-1).
public struct Request: Sendable, Equatable {
    /// The arguments one after the other, then the end of each as a `UInt32`: one allocation for
    /// the whole request.
    private let storage: [UInt8]
    /// Number of arguments, the command's name included; at least 1 when a parser returns it.
    public let count: Int

    /// A request from text, for clients and tests.
    public init(_ arguments: [String]) {
        self.init(arguments.map { Array($0.utf8) })
    }

    /// A request from byte strings, for clients and tests.
    public init(_ arguments: [[UInt8]]) {
        var storage = Array(arguments.joined())
        var end: UInt32 = 0
        for argument in arguments {
            end += UInt32(argument.count)
            withUnsafeBytes(of: end) { storage.append(contentsOf: $0) }
        }
        self.storage = storage
        count = arguments.count
    }

    /// Copies the arguments at `bounds`, relative to `start`, out of `source`.
    init(copying bounds: [ArgumentBounds], of source: [UInt8], from start: Int, byteCount: Int) {
        let entryBytes = MemoryLayout<UInt32>.size
        let total = byteCount + bounds.count * entryBytes
        storage = source.withUnsafeBytes { source in
            [UInt8](unsafeUninitializedCapacity: total) { target, initializedCount in
                let target = UnsafeMutableRawBufferPointer(target)
                var end = 0
                var entry = byteCount
                for bound in bounds {
                    let from = start + Int(bound.offset)
                    let argument = UnsafeRawBufferPointer(
                        rebasing: source[from..<from + Int(bound.count)])
                    UnsafeMutableRawBufferPointer(rebasing: target[end..<byteCount])
                        .copyMemory(from: argument)
                    end += argument.count
                    target.storeBytes(of: UInt32(end), toByteOffset: entry, as: UInt32.self)
                    entry += entryBytes
                }
                initializedCount = total
            }
        }
        count = bounds.count
    }

    /// All arguments together, in bytes.
    public var byteCount: Int { storage.count - count * MemoryLayout<UInt32>.size }

    /// Argument `index` as bytes; empty when there is no such argument, so that no request can
    /// reach a trap.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        storage[range(of: index)]
    }

    /// Argument `index` as text; nil when it is not UTF-8 or there is no such argument.
    public func string(_ index: Int) -> String? {
        guard index >= 0, index < count else { return nil }
        return String(validating: self[index], as: UTF8.self)
    }

    /// Argument `index` as a decimal number, as strictly as Redis reads one: no `+`, no leading
    /// zeros or blanks, 64 bits. Nil for anything else.
    public func integer(_ index: Int) -> Int64? {
        withArgument(index) { Decimal.int64($0) }
    }

    /// Calls `body` with the bytes of argument `index` (none when there is no such argument),
    /// without copying them.
    public func withArgument<R, E: Error>(
        _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let range = range(of: index)
        return try storage.withUnsafeBufferPointer { (all) throws(E) -> R in
            try body(UnsafeBufferPointer(rebasing: all[range]))
        }
    }

    /// Whether argument `index` is the ASCII `keyword`, in whatever case.
    public func matches(_ index: Int, _ keyword: StaticString) -> Bool {
        keyword.withUTF8Buffer { equalsIgnoringCase(index, $0) }
    }

    /// Whether argument `index` is the ASCII `keyword`, in whatever case.
    @_disfavoredOverload
    public func matches(_ index: Int, _ keyword: String) -> Bool {
        var keyword = keyword
        return keyword.withUTF8 { equalsIgnoringCase(index, $0) }
    }

    /// The same request without its first arguments, such as the command inside `DRYRUN`.
    public func dropFirst(_ dropped: Int = 1) -> Request {
        let dropped = max(0, dropped)
        guard dropped < count else { return Request([[UInt8]]()) }
        return Request((dropped..<count).map { Array(self[$0]) })
    }

    /// The request as a client sends it: an array of bulk strings.
    public var encoded: [UInt8] {
        var writer = ReplyWriter(.resp2)
        writer.array(count)
        for index in 0..<count { writer.bulk(self[index]) }
        return writer.bytes
    }

    private func range(of index: Int) -> Range<Int> {
        guard index >= 0, index < count else { return 0..<0 }
        return (index == 0 ? 0 : end(of: index - 1))..<end(of: index)
    }

    private func end(of index: Int) -> Int {
        let offset = byteCount + index * MemoryLayout<UInt32>.size
        return storage.withUnsafeBytes {
            Int($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    private func equalsIgnoringCase(_ index: Int, _ keyword: UnsafeBufferPointer<UInt8>) -> Bool {
        guard index >= 0, index < count else { return false }
        return withArgument(index) { argument in
            guard argument.count == keyword.count else { return false }
            for position in argument.indices
            where ASCII.lowercased(argument[position]) != ASCII.lowercased(keyword[position]) {
                return false
            }
            return true
        }
    }
}

/// Where one argument lies, in bytes from the start of its request.
struct ArgumentBounds: Sendable {
    var offset: UInt32
    var count: UInt32
}

/// ASCII without locale and without `String`.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

/// Decimal numbers from bytes, without `String` and without overflow.
enum Decimal {
    /// An optional `-` and digits without leading zeros; nil for anything else and beyond 64 bits.
    static func int64(_ bytes: some Collection<UInt8>) -> Int64? {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        guard let first = rest.first else { return nil }
        if first == UInt8(ascii: "0") { return rest.count == 1 && !isNegative ? 0 : nil }
        var value: Int64 = 0
        for byte in rest {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            // Counting downwards, because the smallest number has no positive counterpart.
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (difference, underflows) = product.subtractingReportingOverflow(Int64(digit))
            if overflows || underflows { return nil }
            value = difference
        }
        if isNegative { return value }
        let (positive, overflows) = Int64(0).subtractingReportingOverflow(value)
        return overflows ? nil : positive
    }
}

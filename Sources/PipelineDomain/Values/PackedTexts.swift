/// A few texts under small numbers, one behind the other in one piece of memory: customers by the hundred
/// thousand have several each, and a `String` of its own costs 16 bytes even where there is none and 48 more from the
/// sixteenth byte on.
///
/// A value. What is there is never changed: another text makes the piece anew. Hence `Sendable`.
package struct PackedTexts: @unchecked Sendable {
    /// The header is how many bytes there are.
    private final class Storage: ManagedBuffer<UInt32, UInt8> {}

    private var storage: Storage?

    package init() {}

    package init(_ maker: TextRunMaker) {
        self = maker.bytes.withUnsafeBufferPointer { PackedTexts($0) }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return }
        let made = Storage.create(minimumCapacity: bytes.count) { _ in UInt32(bytes.count) }
        made.withUnsafeMutablePointerToElements {
            _ = UnsafeMutableBufferPointer(start: $0, count: bytes.count)
                .initialize(fromContentsOf: bytes)
        }
        storage = unsafeDowncast(made, to: Storage.self)
    }

    /// The texts as they lie, valid during the call.
    package func read<Result>(_ body: (TextRun) -> Result) -> Result {
        guard let storage else { return body(TextRun(UnsafeBufferPointer(start: nil, count: 0))) }
        return storage.withUnsafeMutablePointers { count, bytes in
            body(TextRun(UnsafeBufferPointer(start: bytes, count: Int(count.pointee))))
        }
    }

    package subscript(number: Int) -> String? {
        get { read { $0.text(number) } }
        set {
            guard var text = newValue else {
                if has(number) { replace(number, with: nil) }
                return
            }
            text.withUTF8 { replace(number, with: $0) }
        }
    }

    /// Whether there is such a text, be it an empty one.
    package func has(_ number: Int) -> Bool { read { $0.has(number) } }

    private mutating func replace(_ number: Int, with text: UnsafeBufferPointer<UInt8>?) {
        let bytes = read { $0.replacing(number, with: text) }
        self = bytes.withUnsafeBufferPointer { PackedTexts($0) }
    }
}

extension PackedTexts: CustomReflectable {
    /// What it holds, not how.
    package var customMirror: Mirror {
        Mirror(
            self, unlabeledChildren: (0..<TextRun.count).map { self[$0] },
            displayStyle: .collection)
    }
}

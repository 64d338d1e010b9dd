/// The texts and lists of a deal, one behind the other in one piece of memory and each in a few bytes. There
/// are several for every deal, and strings and arrays of their own would take three times as much.
///
/// A value: changed in place where nobody else holds it, copied before where somebody does. Hence `Sendable`.
package struct DealPack: @unchecked Sendable {
    /// In the order in which they lie. What grows most lies near the end.
    package enum Part: Int, CaseIterable, Sendable {
        case texts, approvals, notes, activities, visits, records, reminders
    }

    /// First the length of each part, then the parts. The header is how many bytes that is.
    private final class Storage: ManagedBuffer<UInt32, UInt8> {}

    /// `nil` where every part is empty.
    private var storage: Storage?

    package init() {}

    /// - Parameter image: as `withImage` gave it, or checked.
    init(image: UnsafeBufferPointer<UInt8>) {
        guard !image.isEmpty else { return }
        storage = Self.storage(image.count, capacity: image.count)
        storage?.withUnsafeMutablePointerToElements {
            _ = UnsafeMutableBufferPointer(start: $0, count: image.count)
                .initialize(fromContentsOf: image)
        }
    }

    private static func storage(_ used: Int, capacity: Int) -> Storage {
        let made = Storage.create(minimumCapacity: capacity) { _ in UInt32(used) }
        return unsafeDowncast(made, to: Storage.self)
    }

    /// All bytes as they lie, valid during the call: none where every part is empty.
    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard let storage else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        return storage.withUnsafeMutablePointers { used, bytes in
            body(UnsafeBufferPointer(start: bytes, count: Int(used.pointee)))
        }
    }

    /// The bytes of a part, valid during the call.
    func read<Result>(_ part: Part, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withBytes { bytes in body(bytes.extracting(PackLengths(reading: bytes).place(of: part))) }
    }

    /// The bytes but for the reminders, which hold what belongs to this process alone: what a snapshot keeps.
    package func withImage<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard !reminders.isEmpty else { return withBytes(body) }
        var copy = self
        copy.replaceReminders(with: [])
        return copy.withBytes(body)
    }

    // MARK: Changing

    mutating func replace(_ part: Part, with new: UnsafeBufferPointer<UInt8>) {
        let old = withBytes { PackLengths(reading: $0).place(of: part).count }
        splice(part, 0..<old, with: new)
    }

    /// Puts bytes in the place of some bytes of a part.
    mutating func splice(_ part: Part, _ old: Range<Int>, with new: UnsafeBufferPointer<UInt8>) {
        let lengths = withBytes { PackLengths(reading: $0) }
        var newLengths = lengths
        newLengths[part] += new.count - old.count
        guard newLengths.total > 0 else {
            storage = nil
            return
        }
        let used = lengths.headCount + lengths.total
        let start = lengths.place(of: part).lowerBound
        // What lies before the place and behind it, and where it will.
        let front = lengths.headCount..<start + old.lowerBound
        let back = start + old.upperBound..<used
        let newUsed = newLengths.headCount + newLengths.total
        let place = newLengths.headCount + front.count
        if storage != nil, isKnownUniquelyReferenced(&storage), newUsed <= storage?.capacity ?? 0 {
            storage?.withUnsafeMutablePointerToElements { bytes in
                func moveFront() {
                    (bytes + newLengths.headCount).update(
                        from: bytes + front.lowerBound, count: front.count)
                }
                // Each moves where the other no longer is.
                if newUsed < used { moveFront() }
                (bytes + place + new.count).update(from: bytes + back.lowerBound, count: back.count)
                if newUsed >= used { moveFront() }
            }
        } else {
            let copy = Self.storage(newUsed, capacity: newUsed + newUsed / 8 + 8)
            withBytes { bytes in
                guard let bytes = bytes.baseAddress else { return }
                copy.withUnsafeMutablePointerToElements { target in
                    (target + newLengths.headCount).initialize(
                        from: bytes + front.lowerBound, count: front.count)
                    (target + place + new.count).initialize(
                        from: bytes + back.lowerBound, count: back.count)
                }
            }
            storage = copy
        }
        storage?.withUnsafeMutablePointers { header, bytes in
            header.pointee = UInt32(newUsed)
            newLengths.write(to: bytes)
            if let start = new.baseAddress { (bytes + place).update(from: start, count: new.count) }
        }
    }
}

/// The lengths of a pack's parts, as its first bytes tell them.
struct PackLengths {
    private var lengths = InlineArray<7, Int>(repeating: 0)
    /// How many bytes the lengths take themselves.
    private(set) var headCount = 0
    private(set) var total = 0

    /// All are 0 where there are no bytes.
    @inline(__always)
    init(reading bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        for part in lengths.indices {
            let length = Int(Varint.read(base, &headCount))
            lengths[part] = length
            total += length
        }
    }

    subscript(part: DealPack.Part) -> Int {
        get { lengths[part.rawValue] }
        set {
            total += newValue - lengths[part.rawValue]
            lengths[part.rawValue] = newValue
            headCount = 0
            for part in lengths.indices { headCount += Varint.byteCount(UInt64(lengths[part])) }
        }
    }

    func place(of part: DealPack.Part) -> Range<Int> {
        var start = headCount
        for earlier in 0..<part.rawValue { start += lengths[earlier] }
        return start..<start + lengths[part.rawValue]
    }

    func write(to bytes: UnsafeMutablePointer<UInt8>) {
        var buffer = VarintBuffer()
        for part in lengths.indices { buffer.append(UInt64(lengths[part])) }
        buffer.withBytes { head in
            guard let start = head.baseAddress else { return }
            bytes.update(from: start, count: head.count)
        }
    }
}

// MARK: - Texts

extension DealPack {
    init(_ texts: TextRunMaker) {
        texts.bytes.withUnsafeBufferPointer { replace(.texts, with: $0) }
    }

    subscript(text: DealText) -> String? {
        get { read(.texts) { TextRun($0).text(text.rawValue) } }
        set {
            guard var new = newValue else {
                if read(.texts, { TextRun($0).has(text.rawValue) }) { replace(text, with: nil) }
                return
            }
            new.withUTF8 { replace(text, with: $0) }
        }
    }

    private mutating func replace(_ text: DealText, with new: UnsafeBufferPointer<UInt8>?) {
        let bytes = read(.texts) { TextRun($0).replacing(text.rawValue, with: new) }
        bytes.withUnsafeBufferPointer { replace(.texts, with: $0) }
    }
}

extension DealPack: CustomReflectable {
    /// What it holds, not how.
    package var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "texts": DealText.allCases.map { self[$0] },
                "approvals": ids(.approvals, of: ApprovalKind.self),
                "notes": ids(.notes, of: NoteKind.self),
                "activities": ids(.activities, of: ActivityKind.self), "visits": visits,
                "records": records, "reminders": reminders,
            ], displayStyle: .struct)
    }
}

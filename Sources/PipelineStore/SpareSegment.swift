/// The next segment, made ahead of use: zeros written and synced, so that a commit changes no
/// metadata of the file system (W-4).
///
/// It is made in steps of 1 MiB, because a sync of 16 MiB at once would hold up the commits beside
/// it. It is called `spare.new` until it is whole, so `spare` can be trusted after a crash.
struct SpareSegment {
    private enum State {
        case missing
        case filling(OpenFile, done: Int)
        case ready(OpenFile)
    }

    private let directory: LogDirectory
    private let segmentBytes: Int
    private let zeros: AlignedBuffer
    private var state = State.missing

    private static let stepBytes = 1 << 20

    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    var isMissing: Bool {
        if case .missing = state { true } else { false }
    }

    var byteCount: UInt64 { UInt64(segmentBytes) }

    init(directory: LogDirectory, segmentBytes: Int) {
        self.directory = directory
        self.segmentBytes = segmentBytes
        zeros = .zeroed(byteCount: min(SpareSegment.stepBytes, segmentBytes))
    }

    /// Takes over what an earlier run left: a whole spare is kept, anything else removed.
    mutating func adopt(among names: [String]) throws(StoreError) {
        guard names.contains("spare") else { return }
        let file = try directory.open(directory.spare, .update)
        let isTrusted = isPlanted(.spareTrusted)
        let isUsable = isTrusted ? true : try isWhole(file)
        if isUsable {
            state = .ready(file)
        } else {
            directory.files.close(file)
            try directory.remove(directory.spare)
        }
    }

    private func isWhole(_ file: OpenFile) throws(StoreError) -> Bool {
        guard try directory.size(file) == segmentBytes else { return false }
        let buffer = AlignedBuffer(byteCount: zeros.bytes.count)
        var offset = 0
        while offset < segmentBytes {
            let count = try directory.read(file, into: buffer.bytes, at: offset)
            let part = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
            guard count > 0, part.lastNonzeroEnd == 0 else { return false }
            offset += count
        }
        return true
    }

    /// Does a bounded part of the work; true when there was work to do. Once it is done,
    /// `isReady`. Without room it gives up what it has and throws `diskFull`, to be tried again.
    mutating func step() throws(StoreError) -> Bool {
        var whole: OpenFile?
        do throws(StoreError) {
            switch state {
            case .ready: return false
            case .missing: try begin()
            case .filling(let file, let done): if try fill(file, from: done) { whole = file }
            }
        } catch {
            guard case .io(let failure) = error, failure.isNoSpace else { throw error }
            try giveUp()
            throw .diskFull(directory: directory.path)
        }
        // An error of its name is final, whatever it says (W-7): which name it has is not known then.
        if let whole { try name(whole) }
        return true
    }

    private mutating func begin() throws(StoreError) {
        let file = try directory.open(
            directory.spare + LogDirectory.unfinishedSuffix, .create)
        state = .filling(file, done: 0)
        let bytes = segmentBytes
        try directory.io { files throws(IOFailure) in
            try files.allocate(file, bytes: bytes)
        }
    }

    /// Returns whether the file is whole.
    private mutating func fill(_ file: OpenFile, from done: Int) throws(StoreError) -> Bool {
        let count = min(zeros.bytes.count, segmentBytes - done)
        try directory.write(
            file, UnsafeRawBufferPointer(rebasing: zeros.bytes[..<count]), at: done)
        guard done + count == segmentBytes else {
            try directory.synchronizeData(file)
            state = .filling(file, done: done + count)
            return false
        }
        try directory.synchronize(file)
        return true
    }

    private mutating func name(_ file: OpenFile) throws(StoreError) {
        try directory.rename(
            directory.spare + LogDirectory.unfinishedSuffix, to: directory.spare)
        try directory.synchronizeNames()
        state = .ready(file)
    }

    private mutating func giveUp() throws(StoreError) {
        guard case .filling(let file, _) = state else { return }
        directory.files.close(file)
        state = .missing
        try directory.remove(directory.spare + LogDirectory.unfinishedSuffix)
    }

    /// Turns the spare into the segment that begins with `firstSequence`, durable in name.
    /// When there is no spare yet, makes one now.
    mutating func take(as firstSequence: UInt64) throws(StoreError) -> OpenFile {
        while try step() {}
        guard case .ready(let file) = state else { throw .diskFull(directory: directory.path) }
        try directory.rename(directory.spare, to: directory.segment(firstSequence))
        try directory.synchronizeNames()
        state = .missing
        return file
    }

    func close() {
        switch state {
        case .missing: break
        case .filling(let file, _), .ready(let file): directory.files.close(file)
        }
    }
}

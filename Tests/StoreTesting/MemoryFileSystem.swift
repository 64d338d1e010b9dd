import Glibc
package import PipelineStore
import Synchronization

/// Files in memory that know what a power cut takes away: sectors not synced, names whose
/// directory was not synced.
package final class MemoryFileSystem: FileSystem {
    private enum NameChange {
        case set(String, Int)
        case rename(String, String)
        case remove(String)
    }

    private struct State {
        var inodes: [Int: MemoryInode] = [:]
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var changes: [NameChange] = []
        var handles: [Int32: (inode: Int, path: String, holdsLock: Bool)] = [:]
        var directories: Set<String> = ["/"]
        var next = 1
        var calls: [String] = []
        var faults: [Int: DiskFault] = [:]
        var crashed = false
        var capacity = Int.max
        var bytesRead = 0
        var lies = 0
        var observer: (@Sendable (String) -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: What tests do to it

    /// Every call made so far: its name and the last part of its path.
    package var calls: [String] { state.withLock { $0.calls } }

    /// Injects a fault into the call with this number, counted as `calls` counts.
    package func inject(_ fault: DiskFault, at call: Int) {
        state.withLock { $0.faults[call] = fault }
    }

    /// Is told every call before it is made.
    package func observe(_ observer: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Bytes all files together may have.
    package func setCapacity(_ bytes: Int) {
        state.withLock { $0.capacity = bytes }
    }

    package var usedBytes: Int {
        state.withLock { state in
            Set(state.names.values).reduce(0) { $0 + (state.inodes[$1]?.current.count ?? 0) }
        }
    }

    /// Calls so far that did something else than they said.
    package var lies: Int { state.withLock { $0.lies } }

    /// Bytes handed to readers so far.
    package var bytesRead: Int { state.withLock { $0.bytesRead } }

    package func contents(_ path: String) -> [UInt8] {
        state.withLock { state in
            state.names[path].flatMap { state.inodes[$0]?.current } ?? []
        }
    }

    /// What a power cut that loses all it can would leave of a file.
    package func durableContents(_ path: String) -> [UInt8] {
        state.withLock { state in
            state.durableNames[path].flatMap { state.inodes[$0]?.synced } ?? []
        }
    }

    /// Replaces a file, durably and without a call being counted.
    package func put(_ path: String, _ bytes: [UInt8]?) {
        state.withLock { state in
            guard let bytes else {
                state.names[path] = nil
                state.durableNames[path] = nil
                return
            }
            let number = state.names[path] ?? state.next
            state.next += 1
            state.names[path] = number
            state.durableNames[path] = number
            state.inodes[number] = MemoryInode(current: bytes, synced: bytes)
        }
    }

    package var paths: [String] { state.withLock { $0.names.keys.sorted() } }

    /// The process is gone, the machine goes on: nothing written is lost.
    package func kill() {
        state.withLock { state in
            state.handles = [:]
            state.crashed = false
            state.faults = [:]
        }
    }

    /// The machine is gone too. Each unsynced sector survives or not, and the name changes not
    /// synced survive up to some point.
    package func cutPower(_ random: inout SeededGenerator) {
        var generator = random
        state.withLock { state in
            for number in state.inodes.keys.sorted() {
                guard let inode = state.inodes[number] else { continue }
                let survivor = inode.survivor(&generator)
                state.inodes[number] = MemoryInode(current: survivor, synced: survivor)
            }
            let kept = Int.random(in: 0...state.changes.count, using: &generator)
            for change in state.changes.prefix(kept) { Self.apply(change, &state.durableNames) }
            state.changes = []
            state.names = state.durableNames
            state.handles = [:]
            state.faults = [:]
            state.crashed = false
        }
        random = generator
    }

    private static func apply(_ change: NameChange, _ names: inout [String: Int]) {
        switch change {
        case .set(let path, let number): names[path] = number
        case .rename(let source, let target):
            names[target] = names[source]
            names[source] = nil
        case .remove(let path): names[path] = nil
        }
    }

    // MARK: Calls

    /// Counts the call and lets it fail; returns what else is to be wrong with it.
    private static func begin(
        _ state: inout State, _ operation: String, _ path: String
    ) throws(IOFailure) -> DiskFault? {
        let call = state.calls.count
        state.calls.append(operation + " " + (path.split(separator: "/").last ?? ""))
        if state.faults[call] == .crash { state.crashed = true }
        if state.crashed { throw IOFailure(operation: operation, path: path, code: EIO) }
        let fault = state.faults[call]
        if case .error(let code) = fault {
            throw IOFailure(operation: operation, path: path, code: code)
        }
        if fault?.isSilent == true { state.lies += 1 }
        return fault
    }

    private func call<Result: Sendable>(
        _ operation: String, _ path: String,
        _ body: (inout State, DiskFault?) throws(IOFailure) -> Result
    ) throws(IOFailure) -> Result {
        state.withLock { $0.observer }?(operation)
        return try state.withLock { state throws(IOFailure) in
            let fault = try Self.begin(&state, operation, path)
            return try body(&state, fault)
        }
    }

    private func call<Result: Sendable>(
        _ operation: String, _ file: OpenFile,
        _ body: (inout State, Int, DiskFault?) throws(IOFailure) -> Result
    ) throws(IOFailure) -> Result {
        state.withLock { $0.observer }?(operation)
        return try state.withLock { state throws(IOFailure) in
            guard let handle = state.handles[file.descriptor] else {
                throw IOFailure(operation: operation, path: "closed file", code: EBADF)
            }
            let fault: DiskFault?
            do throws(IOFailure) {
                fault = try Self.begin(&state, operation, handle.path)
            } catch {
                if operation.hasSuffix("sync"), !state.crashed {
                    state.inodes[handle.inode]?.dirtySectors = []
                }
                throw error
            }
            return try body(&state, handle.inode, fault)
        }
    }

    package func makeDirectory(_ path: String) throws(IOFailure) {
        try call("mkdir", path) { state, _ throws(IOFailure) in
            _ = state.directories.insert(path)
        }
    }

    package func list(_ directory: String) throws(IOFailure) -> [String] {
        try call("list", directory) { state, _ throws(IOFailure) in
            guard state.directories.contains(directory) else {
                throw IOFailure(operation: "list", path: directory, code: ENOENT)
            }
            return state.names.keys.filter { $0.hasPrefix(directory + "/") }
                .map { String($0.dropFirst(directory.count + 1)) }
        }
    }

    private static func openHandle(
        _ state: inout State, _ inode: Int, _ path: String, holdsLock: Bool
    ) -> OpenFile {
        let descriptor = Int32(state.next)
        state.next += 1
        state.handles[descriptor] = (inode, path, holdsLock)
        return OpenFile(descriptor: descriptor)
    }

    private static func createInode(_ state: inout State, _ path: String) -> Int {
        let number = state.next
        state.next += 1
        state.inodes[number] = MemoryInode()
        state.names[path] = number
        state.changes.append(.set(path, number))
        return number
    }

    package func open(_ path: String, _ mode: OpenMode) throws(IOFailure) -> OpenFile {
        try call("open", path) { state, _ throws(IOFailure) in
            let existing = state.names[path]
            if mode == .create, existing != nil {
                throw IOFailure(operation: "open", path: path, code: EEXIST)
            }
            if mode != .create, existing == nil {
                throw IOFailure(operation: "open", path: path, code: ENOENT)
            }
            let inode = existing ?? Self.createInode(&state, path)
            return Self.openHandle(&state, inode, path, holdsLock: false)
        }
    }

    package func openLocked(_ path: String) throws(IOFailure) -> OpenFile? {
        try call("lock", path) { state, _ throws(IOFailure) in
            let inode = state.names[path] ?? Self.createInode(&state, path)
            if state.handles.values.contains(where: { $0.inode == inode && $0.holdsLock }) {
                return nil
            }
            return Self.openHandle(&state, inode, path, holdsLock: true)
        }
    }

    package func close(_ file: OpenFile) {
        state.withLock { $0.handles[file.descriptor] = nil }
    }

    /// Files now open: none may be left behind.
    package var openCount: Int { state.withLock { $0.handles.count } }

    package func size(_ file: OpenFile) throws(IOFailure) -> Int {
        try call("size", file) { state, inode, _ throws(IOFailure) in
            state.inodes[inode]?.current.count ?? 0
        }
    }

    package func read(
        _ file: OpenFile, into bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(IOFailure) -> Int {
        let part = try call("read", file) { state, inode, fault throws(IOFailure) in
            let current = state.inodes[inode]?.current ?? []
            let wanted = fault == .short ? (bytes.count + 1) / 2 : bytes.count
            guard offset < current.count else { return [UInt8]() }
            let part = Array(current[offset..<min(current.count, offset + wanted)])
            state.bytesRead += part.count
            return fault?.applied(to: part) ?? part
        }
        bytes.copyBytes(from: part)
        return part.count
    }

    package func write(
        _ file: OpenFile, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(IOFailure) -> Int {
        let all = [UInt8](bytes)
        return try call("write", file) { state, inode, fault throws(IOFailure) in
            let part = fault == .short ? Array(all.prefix((all.count + 1) / 2)) : all
            var place = offset
            switch fault {
            case .lost: return part.count
            case .misdirected(let blocks): place += blocks * 4096
            case .error, .short, .crash, .flipped, nil: break
            }
            try Self.grow(&state, inode, to: place + part.count, "write")
            let stored = fault?.applied(to: part) ?? part
            state.inodes[inode]?.current
                .replaceSubrange(place..<(place + part.count), with: stored)
            let last = (place + part.count - 1) / MemoryInode.sectorBytes
            let sectors = (place / MemoryInode.sectorBytes)...last
            state.inodes[inode]?.dirtySectors.formUnion(sectors)
            return part.count
        }
    }

    private static func grow(
        _ state: inout State, _ inode: Int, to bytes: Int, _ operation: String
    ) throws(IOFailure) {
        let old = state.inodes[inode]?.current.count ?? 0
        guard bytes > old else { return }
        let used = Set(state.names.values).reduce(0) { $0 + (state.inodes[$1]?.current.count ?? 0) }
        guard used - old + bytes <= state.capacity else {
            throw IOFailure(operation: operation, path: "full", code: ENOSPC)
        }
        state.inodes[inode]?.current += [UInt8](repeating: 0, count: bytes - old)
    }

    package func allocate(_ file: OpenFile, bytes: Int) throws(IOFailure) {
        try call("allocate", file) { state, inode, _ throws(IOFailure) in
            try Self.grow(&state, inode, to: bytes, "allocate")
        }
    }

    package func resize(_ file: OpenFile, bytes: Int) throws(IOFailure) {
        try call("resize", file) { state, inode, _ throws(IOFailure) in
            try Self.grow(&state, inode, to: bytes, "resize")
            let surplus = (state.inodes[inode]?.current.count ?? 0) - bytes
            state.inodes[inode]?.current.removeLast(max(0, surplus))
        }
    }

    private func synchronize(_ file: OpenFile, _ operation: String) throws(IOFailure) {
        try call(operation, file) { state, inode, fault throws(IOFailure) in
            guard fault != .lost, var node = state.inodes[inode] else { return }
            // Sectors dropped by an earlier failed sync stay lost: only dirty ones are written.
            var synced = Array(node.synced.prefix(node.current.count))
            synced += [UInt8](repeating: 0, count: node.current.count - synced.count)
            for sector in node.dirtySectors {
                let start = sector * MemoryInode.sectorBytes
                let end = min(start + MemoryInode.sectorBytes, synced.count)
                if start < end {
                    synced.replaceSubrange(start..<end, with: node.current[start..<end])
                }
            }
            node.synced = synced
            node.dirtySectors = []
            state.inodes[inode] = node
        }
    }

    package func synchronizeData(_ file: OpenFile) throws(IOFailure) {
        try synchronize(file, "fdatasync")
    }

    package func synchronize(_ file: OpenFile) throws(IOFailure) {
        try synchronize(file, "fsync")
    }

    package func synchronizeDirectory(_ path: String) throws(IOFailure) {
        try call("dirsync", path) { state, _ throws(IOFailure) in
            state.durableNames = state.names
            state.changes = []
        }
    }

    package func discardCached(_ file: OpenFile) throws(IOFailure) {
        try call("discard", file) { state, inode, _ throws(IOFailure) in
            if let node = state.inodes[inode], node.dirtySectors.isEmpty {
                state.inodes[inode]?.current = node.synced
            }
        }
    }

    package func rename(_ source: String, to target: String) throws(IOFailure) {
        try call("rename", source) { state, _ throws(IOFailure) in
            if state.directories.contains(source) {
                Self.renameDirectory(&state, source, target)
                return
            }
            guard let inode = state.names[source] else {
                throw IOFailure(operation: "rename", path: source, code: ENOENT)
            }
            state.names[source] = nil
            state.names[target] = inode
            state.changes.append(.rename(source, target))
        }
    }

    private static func renameDirectory(
        _ state: inout State, _ source: String, _ target: String
    ) {
        for directory in state.directories
        where directory == source || directory.hasPrefix(source + "/") {
            state.directories.remove(directory)
            state.directories.insert(target + directory.dropFirst(source.count))
        }
        for path in state.names.keys.sorted() where path.hasPrefix(source + "/") {
            let moved = target + path.dropFirst(source.count)
            state.names[moved] = state.names[path]
            state.names[path] = nil
            state.changes.append(.rename(path, moved))
        }
    }

    package func remove(_ path: String) throws(IOFailure) {
        try call("remove", path) { state, _ throws(IOFailure) in
            guard state.names[path] != nil else {
                throw IOFailure(operation: "remove", path: path, code: ENOENT)
            }
            state.names[path] = nil
            state.changes.append(.remove(path))
        }
    }

    package func freeBytes(_ directory: String) throws(IOFailure) -> UInt64 {
        let used = usedBytes
        return try call("free", directory) { state, _ throws(IOFailure) in
            UInt64(max(0, state.capacity - used))
        }
    }
}

import Glibc

/// The operating system's files.
public struct PosixFileSystem: FileSystem {
    public init() {}

    public func makeDirectory(_ path: String) throws(IOFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
    }

    public func list(_ directory: String) throws(IOFailure) -> [String] {
        guard let stream = opendir(directory) else { throw failure("opendir", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw failure("readdir", directory) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    public func open(_ path: String, _ mode: OpenMode) throws(IOFailure) -> OpenFile {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .update: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        let descriptor = try repeating("open", path) {
            Glibc.open(path, flags | O_CLOEXEC, 0o600)
        }
        return OpenFile(descriptor: descriptor)
    }

    public func openLocked(_ path: String) throws(IOFailure) -> OpenFile? {
        let descriptor = try repeating("open", path) {
            Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        }
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        // Owned by the open file description, not by the process: it also refuses a second log in
        // this process, and closing some other descriptor of the file does not drop it.
        guard fcntl(descriptor, PosixFileSystem.setOpenFileLock, &request) == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            if code == EAGAIN || code == EACCES { return nil }
            throw IOFailure(operation: "fcntl", path: path, code: code)
        }
        return OpenFile(descriptor: descriptor)
    }

    /// `F_OFD_SETLK` of Linux; the headers show it only to C with `_GNU_SOURCE`.
    private static let setOpenFileLock: Int32 = 37

    public func close(_ file: OpenFile) {
        // Whatever was to be kept was synced before; nothing useful can follow from an error here.
        _ = Glibc.close(file.descriptor)
    }

    public func size(_ file: OpenFile) throws(IOFailure) -> Int {
        var status = stat()
        _ = try repeating("fstat", name(of: file)) { fstat(file.descriptor, &status) }
        return Int(status.st_size)
    }

    public func read(
        _ file: OpenFile, into bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(IOFailure) -> Int {
        try repeating("pread", name(of: file)) {
            pread(file.descriptor, bytes.baseAddress, bytes.count, offset)
        }
    }

    public func write(
        _ file: OpenFile, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(IOFailure) -> Int {
        let count = try repeating("pwrite", name(of: file)) {
            pwrite(file.descriptor, bytes.baseAddress, bytes.count, offset)
        }
        // A write of some bytes that moves none would be tried for ever.
        guard count > 0 else {
            throw IOFailure(operation: "pwrite", path: name(of: file), code: EIO)
        }
        return count
    }

    public func allocate(_ file: OpenFile, bytes: Int) throws(IOFailure) {
        var code = EINTR
        while code == EINTR { code = posix_fallocate(file.descriptor, 0, bytes) }
        guard code == 0 else {
            throw IOFailure(operation: "posix_fallocate", path: name(of: file), code: code)
        }
    }

    public func resize(_ file: OpenFile, bytes: Int) throws(IOFailure) {
        _ = try repeating("ftruncate", name(of: file)) { ftruncate(file.descriptor, bytes) }
    }

    public func synchronizeData(_ file: OpenFile) throws(IOFailure) {
        _ = try repeating("fdatasync", name(of: file)) { fdatasync(file.descriptor) }
    }

    public func synchronize(_ file: OpenFile) throws(IOFailure) {
        _ = try repeating("fsync", name(of: file)) { fsync(file.descriptor) }
    }

    public func synchronizeDirectory(_ path: String) throws(IOFailure) {
        let descriptor = try repeating("open", path) {
            Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { _ = Glibc.close(descriptor) }
        _ = try repeating("fsync", path) { fsync(descriptor) }
    }

    /// About as long as a disk takes for one piece: half of its time is left to the others.
    public func giveWay() { usleep(1_000) }

    public func discardCached(_ file: OpenFile) throws(IOFailure) {
        let code = posix_fadvise(file.descriptor, 0, 0, POSIX_FADV_DONTNEED)
        guard code == 0 else {
            throw IOFailure(operation: "posix_fadvise", path: name(of: file), code: code)
        }
    }

    public func rename(_ source: String, to target: String) throws(IOFailure) {
        guard Glibc.rename(source, target) == 0 else { throw failure("rename", source) }
    }

    public func remove(_ path: String) throws(IOFailure) {
        guard unlink(path) == 0 else { throw failure("unlink", path) }
    }

    public func freeBytes(_ directory: String) throws(IOFailure) -> UInt64 {
        var status = statvfs()
        _ = try repeating("statvfs", directory) { statvfs(directory, &status) }
        return UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
            .partialValue
    }

    private func repeating<Count: SignedInteger>(
        _ operation: StaticString, _ path: @autoclosure () -> String, _ call: () -> Count
    ) throws(IOFailure) -> Count {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR {
                let code = errno
                throw IOFailure(operation: "\(operation)", path: path(), code: code)
            }
        }
    }

    private func failure(_ operation: String, _ path: String) -> IOFailure {
        IOFailure(operation: operation, path: path, code: errno)
    }

    /// The path behind a descriptor, for messages.
    private func name(of file: OpenFile) -> String {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(file.descriptor)", &target, target.count)
        guard count > 0 else { return "descriptor \(file.descriptor)" }
        return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension IOFailure {
    /// The file system is full, or the quota is.
    var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
    var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
}

/// What the C library says about an `errno`.
enum SystemErrorText {
    static func of(_ code: Int32) -> String {
        // Safe beside other threads in glibc since 2.32.
        strerror(code).map { String(cString: $0) } ?? "unknown error"
    }
}

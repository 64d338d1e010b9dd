import Glibc

/// Small files of the person's own, kept from others: read only when nobody else could have read
/// or written them (S-6).
enum PrivateFile {
    /// The text, or nil when there is no such file.
    ///
    /// Throws `badFileMode` when group or others have any right to it, `notOurFile` for a link to or
    /// a file of somebody else's, `cannotRead` for the rest.
    static func read(_ path: String) throws(Failure) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(.usage, .cannotRead, path, reason())
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Failure(.usage, .cannotRead, path, reason())
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
            throw Failure(.usage, .notOurFile, path)
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw Failure(.usage, .badFileMode, path, mode)
        }
        guard let text = contents(descriptor) else {
            throw Failure(.usage, .cannotRead, path, reason())
        }
        return text
    }

    /// The text of a file whoever may read it, such as a mounted secret.
    static func readShared(_ path: String) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.usage, .cannotRead, path, reason()) }
        defer { close(descriptor) }
        guard let text = contents(descriptor) else {
            throw Failure(.usage, .cannotRead, path, reason())
        }
        return text
    }

    /// Replaces the file at once with mode 0600, its directory made with mode 0700 where missing.
    static func write(_ text: String, to path: String) throws(Failure) {
        try makeDirectories(for: path)
        let draft = path + ".\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(.usage, .cannotWrite, path, reason()) }
        var bytes = Array(text.utf8)[...]
        var failed = false
        while !bytes.isEmpty && !failed {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written > 0 { bytes = bytes.dropFirst(written) }
            failed = written < 0 && errno != EINTR
        }
        failed = failed || fsync(descriptor) != 0
        failed = close(descriptor) != 0 || failed
        if failed || rename(draft, path) != 0 {
            let why = reason()
            unlink(draft)
            throw Failure(.usage, .cannotWrite, path, why)
        }
    }

    /// The path as it is from any working directory.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    static func makeDirectories(for path: String) throws(Failure) {
        var made = ""
        for part in path.split(separator: "/").dropLast() {
            made += "/" + part
            if mkdir(made, 0o700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES {
                throw Failure(.usage, .cannotWrite, made, reason())
            }
        }
    }

    private static func contents(_ descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= 1 << 20 {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        errno = EFBIG
        return nil
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}

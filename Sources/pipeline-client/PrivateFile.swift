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
        try WholeFile.replace(path, with: text, mode: 0o600)
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
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            let failure = Failure(.server, .cannotWrite, made, reason())
            guard access(made, F_OK) == 0 else { throw failure }
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

/// A file that is there whole or as it was before, whatever happens while it is written.
enum WholeFile {
    /// Throws `cannotWrite`, with nothing left behind.
    static func replace(_ path: String, with text: String, mode: mode_t) throws(Failure) {
        let draft = path + ".\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = write(text, descriptor) && fsync(descriptor) == 0
        let why = failure(path)
        guard close(descriptor) == 0, isWritten, rename(draft, path) == 0 else {
            let failure = isWritten ? failure(path) : why
            unlink(draft)
            throw failure
        }
    }

    /// Writes into what is there and is no regular file: a pipe, a device.
    static func fill(_ path: String, with text: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = write(text, descriptor)
        let failure = failure(path)
        close(descriptor)
        guard isWritten else { throw failure }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(.server, .cannotWrite, path, String(cString: strerror(errno)))
    }

    private static func write(_ text: String, _ descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}

import COpenSSL
import Foundation
import Glibc
package import PipelineCommands
package import PipelineDomain
package import PipelineStore

/// Why an operator's command could not be carried out; ends the process with `code`.
public struct OperationError: Error, Sendable, CustomStringConvertible {
    public let code: ExitCode
    public let description: String

    public init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// A company's directory: `DIR/log` holds the log, `DIR/tls` what `--dev-tls` made (O-2).
public struct Company {
    package let ledger: Ledger
    package let log: Log
    let report: RecoveryReport

    /// What founding needs to know.
    public struct Charter: Sendable {
        public var name: String
        public var adminLogin: String
        /// As typed; only its scrypt string is kept.
        public var adminPassword: [UInt8]
        public var currency: String
        public var zone: String

        public init(
            name: String, adminLogin: String, adminPassword: [UInt8], currency: String,
            zone: String
        ) {
            self.name = name
            self.adminLogin = adminLogin
            self.adminPassword = adminPassword
            self.currency = currency
            self.zone = zone
        }
    }

    static func logDirectory(_ data: String) -> String { data + "/log" }

    /// Whether `data` holds a company, or what may be left of one: anything but an empty log.
    /// Throws where that cannot be told, and where `data` is the log itself.
    public static func isFounded(_ data: String) throws(OperationError) -> Bool {
        var status = stat()
        if stat(logDirectory(data), &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { return true }
            throw OperationError(
                .notFounded,
                "\(logDirectory(data)) is no directory, so there is no company in \(data)")
        }
        let code = errno
        guard code == ENOENT || code == ENOTDIR else {
            throw OperationError(
                .system, "cannot look into \(data): \(String(cString: strerror(code)))")
        }
        if stat(data + "/format", &status) == 0, stat(data + "/marks", &status) == 0 {
            let parent = (data as NSString).deletingLastPathComponent
            throw OperationError(
                .notFounded,
                "\(data) is the log of a company; name the directory that it lies in:"
                    + " \(parent.isEmpty ? "." : parent)")
        }
        return false
    }

    /// Explains `init` where there is nothing yet (O-2).
    static func requireFounded(_ data: String) throws(OperationError) {
        guard try isFounded(data) else { throw notFounded(data) }
    }

    // MARK: Opening

    /// Recovers the log and replays it (W-6).
    package static func open(
        _ data: String, acceptDataLossAfter: UInt64? = nil,
        fileSystem: any FileSystem = PosixFileSystem()
    ) throws(OperationError) -> Company {
        let company = try openLog(
            data, acceptDataLossAfter: acceptDataLossAfter, fileSystem: fileSystem)
        guard company.ledger.lastSequence > 0 else { throw notFounded(data) }
        return company
    }

    private static func openLog(
        _ data: String, acceptDataLossAfter: UInt64?,
        fileSystem: any FileSystem = PosixFileSystem()
    ) throws(OperationError) -> Company {
        var ledger = Ledger(zones: SystemZones())
        do throws(StoreError) {
            let (log, report) = try Log.open(
                directory: logDirectory(data), fileSystem: fileSystem,
                acceptDataLossAfter: acceptDataLossAfter,
                restore: { snapshot in
                    ledger =
                        try snapshot.map { try SnapshotLoading.ledger($0, SystemZones()) }
                        ?? Ledger(zones: SystemZones())
                },
                replay: { sequence, _, record in
                    ledger.deferSums()
                    try ledger.replay(record, sequence: sequence)
                })
            ledger.settleSums()
            return Company(ledger: ledger, log: log, report: report)
        } catch {
            throw described(error, data)
        }
    }

    static func notFounded(_ data: String) -> OperationError {
        OperationError(
            .notFounded,
            "there is no company in \(data); found one first:\n"
                + "  pipelined init --data \(data) --company NAME --admin LOGIN --dev-tls")
    }

    /// What is wrong, and every way on from there; none of them changes what is there but the last.
    static func damaged(_ corruption: Corruption, _ data: String) -> OperationError {
        let (file, last) = (corruption.file, corruption.lastTrustedSequence)
        var ways = ["a backup: pipelined restore BACKUP TARGET"]
        if !file.hasSuffix("/marks") {
            ways.append("this log with \(file) put back from a backup that has that file whole")
        }
        if let doubted = corruption.doubted, doubted.lowerBound > 1 {
            ways.append(
                "a copy up to record \(doubted.lowerBound - 1): pipelined restore \(data) TARGET"
                    + " --to-seq \(doubted.lowerBound - 1)")
        }
        if last > 0 {
            ways.append("a copy up to record \(last): pipelined repair --data \(data) TARGET")
        }
        // An archived segment is never written to.
        if last > 0, !file.hasSuffix(".packed") {
            ways.append(
                "all behind record \(last) given up: pipelined serve --data \(data)"
                    + " --accept-data-loss-after \(last)")
        }
        let lines = ways.map { "\n  \($0)" }.joined()
        return OperationError(.corruptData, "\(corruption)\nways on:\(lines)")
    }

    static func described(_ error: StoreError, _ data: String) -> OperationError {
        switch error {
        case .corrupt(let corruption): damaged(corruption, data)
        case .recordRefused: OperationError(.corruptData, "\(error)")
        case .locked: OperationError(.locked, "\(error)")
        case .newerFormat: OperationError(.newerFormat, "\(error)")
        case .notFounded: notFounded(data)
        case .alreadyFounded: OperationError(.refused, "\(error)")
        case .io, .unitTooLarge, .diskFull, .notDurable, .closed:
            OperationError(.durability, "\(error)")
        }
    }

    // MARK: Founding

    /// Makes the directory and writes the first records; with `devTLS` a certificate too.
    public static func found(
        _ data: String, _ charter: Charter, devTLS: Bool
    ) throws(OperationError) {
        try found(data, charter, devTLS: devTLS, at: Clock.now)
    }

    /// At an instant of the caller's own, such as a simulation's.
    package static func found(
        _ data: String, _ charter: Charter, devTLS: Bool, at now: Instant
    ) throws(OperationError) {
        let founding = try checked(charter)
        try makeDirectory(data)
        if devTLS { try writeCertificate(data) }
        do throws(StoreError) {
            try Log.create(directory: logDirectory(data))
        } catch {
            // A founding that was interrupted left an empty log, which is taken up again.
            guard case .alreadyFounded = error else { throw described(error, data) }
        }
        var company = try openLog(data, acceptDataLossAfter: nil)
        guard company.ledger.lastSequence == 0 else {
            throw OperationError(.refused, "there is already a company in \(data)")
        }
        let hash = try passwordHash(charter.adminPassword)
        try company.write(at: now) { ledger, records in
            ledger.found(
                founding, adminLogin: charter.adminLogin, adminPasswordHash: hash, at: now,
                records: &records)
        }
    }

    private static func checked(_ charter: Charter) throws(OperationError) -> Founding {
        let name = charter.name.precomposedStringWithCanonicalMapping
        guard (1...Bounds.nameCharacters).contains(name.unicodeScalars.count),
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }),
            !name.allSatisfy(\.isWhitespace)
        else {
            throw OperationError(
                .usage,
                "--company must be 1 to \(Bounds.nameCharacters) printable characters, not all blanks"
            )
        }
        if let problem = Key.problem(
            charter.adminLogin, reserved: CommandTable.isKeyword)
        {
            throw OperationError(.usage, "--admin '\(charter.adminLogin)' \(problem)")
        }
        guard let currency = Currency(charter.currency) else {
            throw OperationError(
                .usage, "--currency '\(charter.currency)' is not the code of a currency, like CNY")
        }
        guard SystemZones().isKnown(charter.zone) else {
            throw OperationError(
                .usage, "--zone '\(charter.zone)' is not a time zone, like Asia/Shanghai")
        }
        try checkPassword(charter.adminPassword)
        return Founding(company: name, currency: currency, zone: charter.zone)
    }

    private static func checkPassword(_ password: [UInt8]) throws(OperationError) {
        guard Bounds.passwordBytes.contains(password.count) else {
            throw OperationError(
                .usage,
                "the password must be \(Bounds.passwordBytes.lowerBound) to"
                    + " \(Bounds.passwordBytes.upperBound) bytes long")
        }
    }

    private static func passwordHash(_ password: [UInt8]) throws(OperationError) -> String {
        do throws(CredentialError) {
            return try PasswordHash(of: password).phc
        } catch {
            throw OperationError(.system, "the password cannot be hashed: \(error)")
        }
    }

    /// A password that nobody has to think of, for `serve --dev`.
    public static func randomPassword() throws(OperationError) -> String {
        var bytes = [UInt8](repeating: 0, count: 18)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else {
            throw OperationError(.system, "libcrypto gives no random bytes")
        }
        return Base64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_")
    }

    // MARK: Passwords

    /// Sets a password by the operator's own hand; the daemon must not run.
    public static func setPassword(
        _ data: String, login: String, password: [UInt8]
    ) throws(OperationError) {
        try checkPassword(password)
        var company = try open(data)
        let hash = try passwordHash(password)
        var isKnown = false
        let now = Clock.now
        try company.write(at: now) { ledger, records in
            isKnown = ledger.setPassword(of: login, hash: hash, at: now, records: &records)
        }
        guard isKnown else {
            throw OperationError(.refused, "there is nobody with the login '\(login)'")
        }
    }

    /// Makes what `body` records durable, as one frame.
    private mutating func write(
        at now: Instant, _ body: (inout Ledger, inout Records) -> Void
    ) throws(OperationError) {
        var ledger = ledger
        var records = Records()
        var commit = GroupCommit(durable: log.durable)
        body(&ledger, &records)
        do throws(StoreError) {
            _ = try commit.append(
                RecordBuffer(bytes: records.bytes, ends: records.ends), at: now.milliseconds)
            if let batch = commit.takeBatch() { try log.commit(batch) }
            try log.close()
        } catch {
            throw Self.described(error, "")
        }
    }

    // MARK: Files

    private static func writeCertificate(_ data: String) throws(OperationError) {
        let directory = data + "/tls"
        guard !FileManager.default.fileExists(atPath: directory + "/cert.pem") else { return }
        let certificate: DevelopmentCertificate
        do throws(CertificateError) {
            certificate = try DevelopmentCertificate()
        } catch {
            throw OperationError(.certificate, "\(error)")
        }
        try makeDirectory(directory)
        try writeFile(directory + "/ca.pem", certificate.authorityPEM, mode: 0o644)
        try writeFile(directory + "/key.pem", certificate.keyPEM, mode: 0o600)
        try writeFile(directory + "/cert.pem", certificate.certificatePEM, mode: 0o644)
    }

    static func makeDirectory(_ path: String) throws(OperationError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            let error = error as NSError
            let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error
            let cause = underlying.map { $0 as NSError } ?? error
            let reason =
                cause.domain == NSPOSIXErrorDomain
                ? String(cString: strerror(Int32(cause.code))) : "\(cause)"
            throw OperationError(.system, "cannot make the directory \(path): \(reason)")
        }
    }

    private static func writeFile(
        _ path: String, _ bytes: [UInt8], mode: mode_t
    ) throws(OperationError) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw OperationError(
                .system, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0
        else {
            throw OperationError(
                .system, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}

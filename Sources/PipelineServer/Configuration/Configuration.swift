public import Logging

/// The daemon's settings with where each comes from: flags > environment > file > defaults (O-2).
public struct Configuration: Sendable {
    public struct Value: Sendable, Equatable {
        public let text: String
        public let source: SettingSource
    }

    private let values: [Setting: Value]
    /// Variables named `PIPELINED_…` that mean nothing here, to be warned of.
    public let strangers: [String]

    public let data: String
    public let listen: HostPort
    /// A listener without TLS; on the loopback only (P-1).
    public let plaintextListen: HostPort?
    public let maxClients: Int
    /// Output waiting for a subscriber after which it is cut off, in bytes (N-7).
    public let outputCap: Int
    /// 0: one a core.
    public let eventLoops: Int
    /// Records after which a snapshot is written; 0: only when told (W-9).
    public let snapshotRecords: Int
    /// Days that archived segments are kept for; 0: for ever (W-9).
    public let retentionDays: Int
    /// Backups are made below it, and nowhere else.
    public let backupDirectory: String
    public let logLevel: Logger.Level
    public let logFormat: ServerLog.Format

    /// - Parameters:
    ///   - flags: given on the command line.
    ///   - environment: all variables of the process.
    ///   - file: the file's path and text, if there is one.
    public init(
        flags: [Setting: String], environment: [String: String], file: (path: String, text: String)?
    ) throws(ConfigurationError) {
        var values: [Setting: Value] = [:]
        for setting in Setting.allCases {
            values[setting] = setting.defaultValue.map { Value(text: $0, source: .standard) }
        }
        if let file {
            for entry in try ConfigurationFile(file.text, path: file.path).entries {
                let source = SettingSource.file(path: file.path, line: entry.line)
                values[entry.setting] = Value(text: entry.value, source: source)
            }
        }
        for setting in Setting.allCases {
            let name = setting.environmentName
            if let text = environment[name] {
                values[setting] = Value(text: text, source: .environment(name))
            }
            if let text = flags[setting] {
                values[setting] = Value(text: text, source: .flag("--\(setting.rawValue)"))
            }
        }
        let data = values[.data]?.text ?? ""
        for (setting, name) in [(Setting.tlsCertificate, "cert.pem"), (.tlsKey, "key.pem")]
        where values[setting] == nil {
            values[setting] = Value(text: "\(data)/tls/\(name)", source: .standard)
        }
        if values[.backupDirectory] == nil {
            values[.backupDirectory] = Value(text: "\(data)/backups", source: .standard)
        }
        strangers = try Setting.strangers(in: environment)

        let reader = ValueReader(values)
        self.values = values
        self.data = try reader.text(.data)
        listen = try reader.hostPort(.listen)
        plaintextListen = try reader.loopback(.plaintextListen)
        maxClients = try reader.number(.maxClients, in: 1...1_000_000)
        outputCap = try reader.number(.outputCap, in: 65_536...1_073_741_824)
        eventLoops = try reader.number(.eventLoops, in: 0...256)
        snapshotRecords = try reader.number(.snapshotRecords, in: 0...1_000_000_000)
        retentionDays = try reader.number(.retentionDays, in: 30...36_500, orZero: true)
        backupDirectory = try reader.text(.backupDirectory)
        logLevel = try reader.choice(.logLevel)
        logFormat = try reader.choice(.logFormat)
    }

    public subscript(setting: Setting) -> Value {
        values[setting] ?? Value(text: "", source: .standard)
    }

    /// What is not as it was when the daemon started, and stays so until it starts again (O-3).
    func awaitingRestart(since running: Configuration) -> [Setting] {
        Setting.allCases.filter { !$0.isReloadable && self[$0].text != running[$0].text }
    }

    /// One line a setting for `print-config`, secrets masked.
    public var lines: [String] {
        let width = Setting.allCases.map(\.rawValue.count).max() ?? 0
        return Setting.allCases.map { setting in
            let value = self[setting]
            let text = setting.isSecret && !value.text.isEmpty ? "********" : value.text
            let name =
                setting.rawValue + String(repeating: " ", count: width - setting.rawValue.count)
            return "\(name) = \(text)   # \(value.source)"
        }
    }

    /// Whether certificate and key can be used.
    public func checkCertificate() throws(OperationError) {
        do throws(TLSError) {
            _ = try TLSSource(tls)
        } catch {
            throw OperationError(.certificate, "\(error)")
        }
    }

    var tls: TLSSettings {
        let passphrase = self[.tlsKeyPassphrase].text
        return TLSSettings(
            certificate: self[.tlsCertificate].text, key: self[.tlsKey].text,
            passphrase: passphrase.isEmpty ? nil : passphrase)
    }
}

/// A host and a port, as in `127.0.0.1:6699` and `[::1]:6699`.
public struct HostPort: Sendable, Equatable, CustomStringConvertible {
    public let host: String
    public let port: Int

    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Turns texts into values; a text that is none is an error which says where it stands.
private struct ValueReader {
    let values: [Setting: Configuration.Value]

    init(_ values: [Setting: Configuration.Value]) { self.values = values }

    func text(_ setting: Setting) throws(ConfigurationError) -> String {
        guard let text = values[setting]?.text, !text.isEmpty else { throw wrong(setting) }
        return text
    }

    func hostPort(_ setting: Setting) throws(ConfigurationError) -> HostPort {
        guard let value = HostPort(try text(setting)) else { throw wrong(setting) }
        return value
    }

    func loopback(_ setting: Setting) throws(ConfigurationError) -> HostPort? {
        guard values[setting]?.text.isEmpty == false else { return nil }
        let value = try hostPort(setting)
        guard value.isLoopback else { throw wrong(setting) }
        return value
    }

    func number(
        _ setting: Setting, in range: ClosedRange<Int>, orZero: Bool = false
    ) throws(ConfigurationError) -> Int {
        guard let value = Int(try text(setting)),
            range.contains(value) || (orZero && value == 0)
        else {
            throw wrong(setting)
        }
        return value
    }

    func choice<Value: RawRepresentable<String>>(
        _ setting: Setting
    ) throws(ConfigurationError) -> Value {
        guard let value = Value(rawValue: try text(setting)) else { throw wrong(setting) }
        return value
    }

    private func wrong(_ setting: Setting) -> ConfigurationError {
        let value = values[setting]
        let shown = setting.isSecret ? "********" : value?.text ?? ""
        let source = value?.source ?? .standard
        return ConfigurationError(
            "\(source): '\(setting.rawValue)' is '\(shown)', but must be \(setting.expectation)")
    }
}

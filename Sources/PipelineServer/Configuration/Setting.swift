import Logging
import PipelineProtocol

/// One thing that can be configured, by the same name everywhere: `--log-level`, `PIPELINED_LOG_LEVEL`
/// and `log-level = …` in the file (O-2).
public enum Setting: String, Sendable, CaseIterable {
    case data
    case listen
    case plaintextListen = "plaintext-listen"
    case tlsCertificate = "tls-cert"
    case tlsKey = "tls-key"
    case tlsKeyPassphrase = "tls-key-passphrase"
    case maxClients = "maxclients"
    case outputCap = "output-cap"
    case eventLoops = "event-loops"
    case snapshotRecords = "snapshot-records"
    case retentionDays = "retention-days"
    case backupDirectory = "backup-dir"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// As a variable of the environment.
    public var environmentName: String {
        "PIPELINED_" + rawValue.uppercased().replacing("-", with: "_")
    }

    /// Variables named `PIPELINED_…` that are no setting and none of the shell's: one that is nearly a
    /// setting is a slip and refused; others, such as those that container platforms set for a service
    /// of that name, mean nothing here.
    static func strangers(in environment: [String: String]) throws(ConfigurationError) -> [String] {
        let settings = allCases.map(\.environmentName) + ["PIPELINED_CONFIG"]
        let known = Set(settings + shellVariables.map { "PIPELINED_" + $0 })
        let strangers = environment.keys.filter {
            $0.hasPrefix("PIPELINED_") && !known.contains($0)
        }.sorted()
        for name in strangers {
            let names = settings.map { String($0.dropFirst("PIPELINED_".count)) }
            let given = String(name.dropFirst("PIPELINED_".count))
            guard let nearest = Spelling.nearest(to: given, among: names) else { continue }
            throw ConfigurationError(
                "environment: unknown variable '\(name)'; did you mean 'PIPELINED_\(nearest)'?")
        }
        return strangers
    }

    /// What pipeline-client reads, which may run beside the daemon.
    private static let shellVariables = [
        "PROFILE", "URL", "USER", "CACERT", "PASSWORD", "PASSWORD_FILE",
    ]

    /// Whether SIGHUP takes it up (O-3).
    var isReloadable: Bool {
        switch self {
        case .tlsCertificate, .tlsKey, .tlsKeyPassphrase, .logLevel, .logFormat: true
        default: false
        }
    }

    /// Whether `print-config` and the log must not show it.
    public var isSecret: Bool { self == .tlsKeyPassphrase }

    /// For `print-config`, and for a message about a wrong value.
    public var expectation: String {
        switch self {
        case .data: "a directory"
        case .listen: "HOST:PORT"
        case .plaintextListen: "HOST:PORT on the loopback, such as 127.0.0.1:6700, or nothing"
        case .tlsCertificate: "a PEM file with the certificate, then those that sign it"
        case .tlsKey: "a PEM file with the certificate's key"
        case .tlsKeyPassphrase: "the passphrase of the key file, or nothing"
        case .maxClients: "a number from 1 to 1000000"
        case .outputCap: "bytes, from 65536 to 1073741824"
        case .eventLoops: "a number from 1 to 256, or 0 for one to two cores"
        case .snapshotRecords: "a number of records up to 1000000000, or 0 for only when told"
        case .retentionDays:
            "a number of days from 30 to 36500 that history is kept for, or 0 for ever"
        case .backupDirectory: "a directory"
        case .logLevel: "trace, debug, info, notice, warning, error or critical"
        case .logFormat: "text or json"
        }
    }

    /// The value where nothing else says one; `nil` where it depends on `data`.
    var defaultValue: String? {
        switch self {
        case .data: "./data"
        case .listen: "127.0.0.1:6699"
        case .plaintextListen, .tlsKeyPassphrase: ""
        case .tlsCertificate, .tlsKey, .backupDirectory: nil
        case .snapshotRecords: "500000"
        case .retentionDays: "0"
        case .maxClients: "10000"
        case .outputCap: "1048576"
        case .eventLoops: "0"
        case .logLevel: "info"
        case .logFormat: "text"
        }
    }
}

/// Where a value comes from; the later beats the earlier.
public enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    case standard
    case file(path: String, line: Int)
    case environment(String)
    case flag(String)

    public var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): name
        case .flag(let name): name
        }
    }
}

/// A mistake in the configuration, in one line that says how to mend it.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

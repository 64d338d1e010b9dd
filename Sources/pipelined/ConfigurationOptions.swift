import ArgumentParser
import Foundation
import PipelineServer

/// The flags that stand for settings, and where the others come from (O-2).
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The company's directory.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Where to listen with TLS.", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "A listener without TLS, on the loopback only.", valueName: "host:port"))
    var plaintextListen: String?

    @Option(help: ArgumentHelp("Certificate, as PEM.", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's key, as PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("Lines of 'key = value'.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("How much to log.", valueName: "level"))
    var logLevel: String?

    private var flags: [Setting: String] {
        var flags: [Setting: String] = [:]
        flags[.data] = data
        flags[.listen] = listen
        flags[.plaintextListen] = plaintextListen
        flags[.tlsCertificate] = tlsCert
        flags[.tlsKey] = tlsKey
        flags[.logLevel] = logLevel
        return flags
    }

    /// Path of the configuration file; `nil` if none was named.
    var configPath: String? { config ?? ProcessInfo.processInfo.environment["PIPELINED_CONFIG"] }

    /// Reads everything anew.
    func configuration() throws(ConfigurationError) -> Configuration {
        var file: (path: String, text: String)?
        if let path = configPath {
            file = (path, try text(of: path))
        }
        return try Configuration(
            flags: flags, environment: ProcessInfo.processInfo.environment, file: file)
    }

    private func text(of path: String) throws(ConfigurationError) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError("the configuration file \(path) cannot be read")
        }
    }
}

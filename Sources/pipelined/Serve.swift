import ArgumentParser
import PipelineServer

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the daemon.",
        discussion: """
            SIGTERM and SIGINT end it in order, a second one at once. SIGHUP reads certificate and \
            log settings again, keeping the old ones on failure.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(
        help:
            "Founds a company for trying things out if there is none, with a certificate for localhost."
    )
    var dev = false

    @Option(
        help: ArgumentHelp(
            "Gives up everything behind this record of a corrupt log; it must be the one that the"
                + " refusal names.", valueName: "seq"))
    var acceptDataLossAfter: UInt64?

    func run() throws {
        try reportingErrors {
            let configuration = try options.configuration()
            if dev, try !Company.isFounded(configuration.data) {
                try found(in: configuration.data)
            }
            let options = options
            try Daemon.run(
                configuration, configFile: options.configPath ?? "",
                acceptDataLossAfter: acceptDataLossAfter
            ) { () throws(ConfigurationError) in try options.configuration() }
        }
    }

    private func found(in data: String) throws {
        let password = try Company.randomPassword()
        try Company.found(
            data,
            Company.Charter(
                name: "Development", adminLogin: "admin", adminPassword: Array(password.utf8),
                currency: "CNY", zone: "Asia/Shanghai"), devTLS: true)
        print("Founded a company for trying things out in \(data).")
        print("The password of 'admin', shown this once: \(password)")
    }
}

import ArgumentParser
import PipelineServer

struct PrintConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print-config",
        abstract: "Shows every setting and where it comes from; secrets are masked.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        try reportingErrors {
            for line in try options.configuration().lines { print(line) }
        }
    }
}

struct CheckConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Says whether the daemon could start with this configuration.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        try reportingErrors {
            let configuration = try options.configuration()
            for name in configuration.strangers {
                Console.error("warning: unknown variable \(name) is ignored")
            }
            try configuration.checkCertificate()
            print("The configuration is in order.")
        }
    }
}

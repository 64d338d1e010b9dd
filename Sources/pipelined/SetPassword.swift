import ArgumentParser
import PipelineServer

struct SetPassword: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Sets a person's password while the daemon is not running.")

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "Reads the password from a file's first line; without it, it is asked for at the"
                + " terminal.", valueName: "file"))
    var passwordFile: String?

    @Argument(help: "The person's login.")
    var login: String

    func run() throws {
        try reportingErrors {
            let data = try options.configuration().data
            let password = try Console.newPassword(of: login, file: passwordFile)
            try Company.setPassword(data, login: login, password: password)
            print("The password of '\(login)' is set.")
        }
    }
}

import ArgumentParser
import PipelineServer

struct Initialise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Founds a company in a new directory.")

    @Option(help: ArgumentHelp("The directory to make.", valueName: "dir"))
    var data: String

    @Option(help: ArgumentHelp("The company's name.", valueName: "name"))
    var company: String

    @Option(help: ArgumentHelp("The first administrator's login.", valueName: "login"))
    var admin: String

    @Option(
        help: ArgumentHelp(
            "Reads the administrator's password from a file's first line; without it, it is asked"
                + " for at the terminal.", valueName: "file"))
    var adminPasswordFile: String?

    @Flag(help: "Makes a certificate for localhost in DIR/tls.")
    var devTls = false

    @Option(help: ArgumentHelp("The company's currency.", valueName: "code"))
    var currency = "CNY"

    @Option(help: ArgumentHelp("The company's time zone.", valueName: "zone"))
    var zone = "Asia/Shanghai"

    func run() throws {
        try reportingErrors {
            let password = try Console.newPassword(of: admin, file: adminPasswordFile)
            try Company.found(
                data,
                Company.Charter(
                    name: company, adminLogin: admin, adminPassword: password, currency: currency,
                    zone: zone), devTLS: devTls)
            print("Founded '\(company)' in \(data), with the administrator '\(admin)'.")
            print("Next:")
            if devTls {
                print("  pipelined serve --data \(data)")
                print(
                    "  redis-cli --tls --cacert \(data)/tls/ca.pem -p 6699 --user \(admin) --askpass"
                )
            } else {
                print("  pipelined serve --data \(data) --tls-cert CERT --tls-key KEY")
                print("  redis-cli --tls --cacert CA -p 6699 --user \(admin) --askpass")
            }
        }
    }
}

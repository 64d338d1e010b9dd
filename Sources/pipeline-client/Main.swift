import FoundationEssentials
import Glibc

@main
struct PipelineClient {
    @MainActor
    static func main() async {
        let environment = ProcessInfo.processInfo.environment
        let arguments = Array(CommandLine.arguments.dropFirst())
        let exit = await Start(arguments, environment).run()
        Glibc.exit(exit.rawValue)
    }
}

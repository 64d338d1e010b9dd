import ArgumentParser
import PipelineServer

@main
struct Pipelined: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipelined",
        abstract: "A sales-pipeline server that speaks the Redis protocol over TLS.",
        discussion: """
            Exit codes: 0 success, 64 usage, 65 corrupt data, 66 no company here, 67 refused, \
            69 address not available, 70 defect, 71 system, 74 durable write failed, 75 locked by \
            another daemon, 76 newer format, 77 certificate, 78 configuration, 130 forced end.
            """,
        version: ServerIdentity.version,
        subcommands: [
            Initialise.self, Serve.self, SetPassword.self, CheckConfiguration.self,
            PrintConfiguration.self, Check.self, Verify.self, Dump.self, Repair.self, Backup.self,
            Restore.self,
        ])
}

/// Ends the process as an operator's error says: one line on stderr, and its exit code.
func reportingErrors(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as OperationError {
        try end(error.code, error.description)
    } catch let error as ConfigurationError {
        try end(.configuration, error.description)
    }
}

private func end(_ code: PipelineServer.ExitCode, _ message: String) throws {
    Console.error("pipelined: \(message)")
    throw ArgumentParser.ExitCode(code.rawValue)
}

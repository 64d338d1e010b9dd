import ArgumentParser
import PipelineServer

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads the whole log, replays it and compares every snapshot; changes nothing.")

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: ArgumentHelp("The company's directory, instead of --data.", valueName: "dir"))
    var directory: String?

    func run() throws { try withTools(options, directory) { try $0.check() } }
}

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follows the chain of hashes through the whole log; changes nothing.",
        discussion: """
            The hash printed stands for everything up to the last record. Kept elsewhere, and given \
            again with --seq and --hash, it also proves that nobody wrote the log anew.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: ArgumentHelp("The company's directory, instead of --data.", valueName: "dir"))
    var directory: String?

    @Option(help: ArgumentHelp("The last record that a noted hash stands for.", valueName: "seq"))
    var seq: UInt64?

    @Option(help: ArgumentHelp("The hash that was noted.", valueName: "sha256"))
    var hash: String?

    func validate() throws {
        guard (seq == nil) == (hash == nil) else {
            throw ValidationError("--seq and --hash go together")
        }
        if let hash, hash.utf8.count != 64 || !hash.allSatisfy(\.isHexDigit) {
            throw ValidationError("--hash must be the 64 hexadecimal digits that verify printed")
        }
    }

    func run() throws {
        try withTools(options, directory) { tools in
            try tools.verify(expected: seq.flatMap { seq in hash.map { (seq, $0) } })
        }
    }
}

struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints records, a line each, without passwords' hashes; changes nothing.")

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: ArgumentHelp("The company's directory, instead of --data.", valueName: "dir"))
    var directory: String?

    @Option(help: ArgumentHelp("The first record.", valueName: "seq"))
    var from: UInt64 = 1

    @Option(help: ArgumentHelp("The last record.", valueName: "seq"))
    var to: UInt64 = .max

    @Flag(help: "An object a line instead of words.")
    var json = false

    func run() throws {
        try withTools(options, directory) { try $0.dump(from: from, to: to, asJSON: json) }
    }
}

/// The directory that a tool makes: in its place, or by name.
struct NewDirectory: ParsableArguments {
    @Argument(help: ArgumentHelp("The directory to make.", valueName: "target"))
    var target: String?

    @Option(help: ArgumentHelp("The directory to make, as well.", valueName: "target"))
    var to: String?

    func validate() throws { _ = try path() }

    func path() throws -> String { try one(of: target, to, "TARGET", "--to") }
}

struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies what can be trusted of a damaged log into a new directory.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var target: NewDirectory

    func run() throws { try withTools(options) { try $0.repair(to: target.path()) } }
}

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies the company into a new directory; the daemon may be running.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var target: NewDirectory

    func run() throws { try withTools(options) { try $0.backup(to: target.path()) } }
}

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a company's directory out of a backup, as a whole or as it once was.",
        discussion: "Certificates are no part of a backup: put them into TARGET/tls.")

    @Argument(help: ArgumentHelp("The backup, and the directory to make.", valueName: "directory"))
    var directories: [String] = []

    @Option(help: ArgumentHelp("The backup, as well.", valueName: "backup"))
    var from: String?

    @Option(help: ArgumentHelp("The directory to make, as well.", valueName: "target"))
    var data: String?

    @Option(help: ArgumentHelp("Leaves out what came after this record.", valueName: "seq"))
    var toSeq: UInt64?

    @Option(
        help: ArgumentHelp(
            "Leaves out what came after this instant, such as 2026-11-22T02:17:21Z.",
            valueName: "instant"))
    var toTime: String?

    /// The backup and the target: what the flags leave open is told by position.
    private func places() throws -> (backup: String, target: String) {
        var named = directories[...]
        guard let backup = from ?? named.popFirst(), let target = data ?? named.popFirst(),
            named.isEmpty
        else {
            throw ValidationError("a backup and a directory to make are needed: BACKUP TARGET")
        }
        return (backup, target)
    }

    func validate() throws {
        _ = try places()
        guard toSeq == nil || toTime == nil else {
            throw ValidationError("--to-seq and --to-time exclude each other")
        }
        if let toTime, OfflineTools.Horizon(time: toTime) == nil {
            throw ValidationError(
                "--to-time '\(toTime)' must be a date and a time with a zone, like"
                    + " 2026-11-22T02:17:21Z or 2026-11-22T10:17:21+08:00")
        }
    }

    func run() throws {
        var horizon = OfflineTools.Horizon.everything
        if let toSeq { horizon = .sequence(toSeq) }
        if let time = toTime.flatMap(OfflineTools.Horizon.init(time:)) { horizon = time }
        let (backup, target) = try places()
        try reportingErrors {
            try OfflineTools(backup) { print($0) }.restore(to: target, horizon)
        }
    }
}

/// What was named, by position or by a flag.
private func one(
    of argument: String?, _ option: String?, _ name: String, _ flag: String
) throws -> String {
    guard let named = argument ?? option, argument == nil || option == nil else {
        throw ValidationError("either \(name) or \(flag) is needed")
    }
    return named
}

private func withTools(
    _ options: ConfigurationOptions, _ directory: String? = nil,
    _ body: (OfflineTools) throws -> Void
) throws {
    var options = options
    if let directory {
        guard options.data == nil else {
            throw ValidationError("either a directory or --data is needed, not both")
        }
        options.data = directory
    }
    try reportingErrors {
        try body(OfflineTools(try options.configuration().data) { print($0) })
    }
}

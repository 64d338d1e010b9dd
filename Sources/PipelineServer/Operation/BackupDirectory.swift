import Foundation
import PipelineDomain
import PipelineStore

/// Where backups go: each into a new directory of its own, below one that only the operator chooses.
enum BackupDirectory {
    static let nameRule =
        "name: must be 1 to 64 letters, digits, '-', '_' and '.', and not begin with a '.'"

    /// One component of a path, whatever a client sends.
    static func isName(_ name: String) -> Bool {
        let bytes = name.utf8
        return (1...64).contains(bytes.count) && bytes.first != UInt8(ascii: ".")
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// `20261122T021721123Z`.
    static func name(at instant: Instant) -> String {
        instant.description.filter { $0 != "-" && $0 != ":" && $0 != "." }
    }

    static func isTaken(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes `path/log`, with everything that is durable by now.
    static func copy(_ journal: Log, to path: String) throws -> WrittenBackup {
        let parent = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard !isTaken(path) else {
            throw StoreError.alreadyFounded(directory: path)
        }
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        do {
            let written = try LogCopy.make(
                of: journal.directoryPath, upTo: journal.position, at: path + "/log")
            return WrittenBackup(
                path: path, sequence: written.sequence, fileCount: written.fileCount,
                byteCount: written.byteCount)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }
}

import Foundation

/// The process as the operating system knows it.
enum ProcessIdentity {
    static let number = ProcessInfo.processInfo.processIdentifier

    static let executable =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
}

import Foundation

/// A thread that lives as long as the daemon.
enum NamedThread {
    /// - Parameter isPatient: whether others go first where all processors are busy.
    static func start(
        _ name: String, isPatient: Bool = false, _ body: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            if isPatient { Patience.take() }
            body()
        }
        thread.name = name
        thread.start()
    }
}

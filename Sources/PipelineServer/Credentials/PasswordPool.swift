import NIOCore
import NIOPosix
import Synchronization

/// Works on passwords off the event loops, on two threads. A connection asks one question at a time
/// (`Inquiry`), so one client cannot fill the queue; many of them, who need not have said who they
/// are, are bounded together.
final class PasswordPool: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 2)
    /// Hash of nothing anybody knows: an unknown login costs the same work as a known one.
    private let decoy: PasswordHash

    /// Passwords found right lately: the clients of one login open many connections.
    private let recent = RecentPasswords()
    /// Logins that wait to be checked, or are.
    private let waiting = Atomic(0)

    /// Logins that may wait at a time: about ten seconds of work. Clients whose password was found
    /// right lately do not wait among them.
    static let usualWaitingMost = 256
    private let waitingMost: Int

    init(waitingMost: Int = usualWaitingMost) {
        self.waitingMost = waitingMost
        decoy = PasswordHash.decoy
        pool.start()
    }

    /// Waits for the work under way.
    func shutDown() { try? pool.syncShutdownGracefully() }

    /// The PHC string of a new password.
    func hash(_ password: [UInt8], on loop: any EventLoop) -> EventLoopFuture<String> {
        pool.runIfActive(eventLoop: loop) {
            do throws(CredentialError) {
                return try PasswordHash(of: password).phc
            } catch {
                Fault.end(.system, "a password cannot be hashed: \(error)")
            }
        }
    }

    /// As `verify`, for logins, of which only so many may wait at a time; `nil`: too many do.
    func check(
        _ password: [UInt8], against phc: String?, on loop: any EventLoop
    ) -> EventLoopFuture<Bool?> {
        if let phc, recent.holds(password, for: phc) { return loop.makeSucceededFuture(true) }
        let before = waiting.wrappingAdd(1, ordering: .relaxed).oldValue
        guard before < waitingMost else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            return loop.makeSucceededFuture(nil)
        }
        return verify(password, against: phc, on: loop).map { isRight in
            self.waiting.wrappingSubtract(1, ordering: .relaxed)
            return isRight
        }
    }

    /// Whether the password is the one of the PHC string; false, after the same work, if there is
    /// none or it cannot be read.
    func verify(
        _ password: [UInt8], against phc: String?, on loop: any EventLoop
    ) -> EventLoopFuture<Bool> {
        if let phc, recent.holds(password, for: phc) { return loop.makeSucceededFuture(true) }
        let known = phc.flatMap(PasswordHash.init(phc:))
        let decoy = decoy
        let recent = recent
        return pool.runIfActive(eventLoop: loop) {
            // Another connection's question may have been answered while this one waited.
            if let phc, recent.holds(password, for: phc) { return true }
            let isRight = (try? (known ?? decoy).matches(password)) ?? false
            guard isRight, known != nil, let phc else { return false }
            recent.add(password, for: phc)
            return true
        }
    }
}

extension PasswordHash {
    /// Of the standard cost; no password gives this key.
    static var decoy: PasswordHash {
        PasswordHash(cost: .standard, saltForDecoy: 16, keyBytes: 32)
    }

    private init(cost: ScryptCost, saltForDecoy: Int, keyBytes: Int) {
        self.cost = cost
        salt = [UInt8](repeating: 0x5A, count: saltForDecoy)
        key = [UInt8](repeating: 0, count: keyBytes)
    }
}

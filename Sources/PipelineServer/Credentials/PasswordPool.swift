import NIOCore
import PipelineDomain

/// Works on passwords off the event loops, on two threads. A connection asks one question at a time
/// (`Inquiry`), so one client cannot fill the queue; many of them, who need not have said who they
/// are, are bounded together, and wait apart for each login that they try.
final class PasswordPool: Sendable {
    /// In whose name a password is worked on.
    enum Line: Hashable, Sendable {
        /// Attempts to log in as the person; `nil`: as somebody whom there is not.
        case login(PersonID?)
        /// What somebody who has logged in asks for.
        case person(PersonID)
    }

    private let pool = FairPool<Line>("passwords", threads: 2)
    /// Hash of nothing anybody knows: an unknown login costs the same work as a known one.
    private let decoy: PasswordHash

    /// Passwords found right lately: the clients of one login open many connections.
    private let recent = RecentPasswords()

    /// Logins that may wait at a time: about ten seconds of work. Clients whose password was found
    /// right lately do not wait among them, and the first of a line always may.
    static let usualWaitingMost = 256
    private let waitingMost: Int

    init(waitingMost: Int = usualWaitingMost) {
        self.waitingMost = waitingMost
        decoy = PasswordHash.decoy
    }

    /// Waits for the work under way.
    func shutDown() { pool.shutDown() }

    /// The PHC string of a new password.
    func hash(
        _ password: [UInt8], for person: PersonID, on loop: any EventLoop
    ) -> EventLoopFuture<String> {
        run(in: .person(person), on: loop) {
            do throws(CredentialError) {
                return try PasswordHash(of: password).phc
            } catch {
                Fault.end(.system, "a password cannot be hashed: \(error)")
            }
        }
    }

    /// Whether somebody may log in; `nil`: too many wait.
    ///
    /// - Parameters:
    ///   - phc: what the password is held against; `nil` where nobody may log in.
    ///   - login: whose login was tried; `nil`: nobody's.
    func check(
        _ password: [UInt8], against phc: String?, of login: PersonID?, on loop: any EventLoop
    ) -> EventLoopFuture<Bool?> {
        if let phc, recent.holds(password, for: phc) { return loop.makeSucceededFuture(true) }
        let verified = pool.run(
            in: .login(login), on: loop, waitingMost: waitingMost,
            verification(password, against: phc))
        guard let verified else { return loop.makeSucceededFuture(nil) }
        return verified.map { .some($0) }
    }

    /// Whether the password is the one of the PHC string; false, after the same work, if there is
    /// none or it cannot be read.
    func verify(
        _ password: [UInt8], against phc: String?, for person: PersonID, on loop: any EventLoop
    ) -> EventLoopFuture<Bool> {
        if let phc, recent.holds(password, for: phc) { return loop.makeSucceededFuture(true) }
        return run(in: .person(person), on: loop, verification(password, against: phc))
    }

    private func verification(
        _ password: [UInt8], against phc: String?
    ) -> @Sendable () -> Bool {
        let known = phc.flatMap(PasswordHash.init(phc:))
        let decoy = decoy
        let recent = recent
        return {
            // Another connection's question may have been answered while this one waited.
            if let phc, recent.holds(password, for: phc) { return true }
            let isRight = (try? (known ?? decoy).matches(password)) ?? false
            guard isRight, known != nil, let phc else { return false }
            recent.add(password, for: phc)
            return true
        }
    }

    private func run<Value: Sendable>(
        in line: Line, on loop: any EventLoop, _ body: @escaping @Sendable () -> Value
    ) -> EventLoopFuture<Value> {
        // Without a bound nothing is turned away.
        pool.run(in: line, on: loop, body) ?? loop.makeFailedFuture(CancellationError())
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

import Glibc

/// The signals that steer the daemon (O-3). They are blocked in every thread and taken by one that
/// waits for nothing else, so no code ever runs inside a signal handler.
public struct Signals {
    /// What a signal asks for.
    public enum Wish: Sendable { case stop, reload }

    private var set = sigset_t()

    /// To be called before any thread is started: threads inherit the mask.
    public init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Asks as an operator would: the thread that waits for signals takes it up (`SHUTDOWN`).
    static func askToStop() { kill(getpid(), SIGTERM) }

    /// Waits for the next one.
    public mutating func next() -> Wish {
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number == SIGHUP ? .reload : .stop
    }
}

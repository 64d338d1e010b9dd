/// Every bound of the line protocol, in one place. Whoever goes beyond one is told which it was.
public enum WireBounds {
    // MARK: Requests

    /// Longest ordinary argument, in bytes (64 KiB). The parser lets longer ones through, up to
    /// `processBytes`, so that the command can refuse them by name without losing the connection.
    public static let argumentBytes = 64 * 1024
    /// Longest argument of all, in bytes (1 MiB): a process definition as JSON.
    public static let processBytes = 1024 * 1024
    /// Longest inline command and longest header line, in bytes without the line ending (64 KiB).
    public static let inlineBytes = 64 * 1024
    /// Most arguments in one request, the command's name included.
    public static let argumentsPerRequest = 65_536
    /// All arguments of one request together, in bytes (8 MiB): no more fits into one log frame.
    public static let requestBytes = 8 * 1024 * 1024
    /// Most digits in a length or count on the wire; more are malformed before any arithmetic.
    public static let lengthDigits = 10
    /// Unanswered pipelined input after which a connection is not read from for a while, in bytes
    /// (1 MiB, P-1). A request that is still incomplete must be read on regardless.
    public static let pipelinedInputBytes = 1024 * 1024
    /// Most commands queued between `MULTI` and `EXEC`.
    public static let transactionCommands = 1_000

    // MARK: Subscriptions (P-8)

    /// Names of one connection's channels and patterns together, in bytes (1 MiB); each also costs
    /// `subscriptionOverheadBytes`.
    public static let subscriptionBytes = 1024 * 1024
    public static let subscriptionOverheadBytes = 64
    /// Most patterns of one connection, and the longest of them in bytes: every change of the company is
    /// held against each. The longest channel has 18 bytes.
    public static let patternsPerConnection = 100
    public static let patternBytes = 256

    // MARK: Before AUTH (P-4)

    /// Most arguments in one request before `AUTH`, the command's name included.
    public static let unauthenticatedArguments = 10
    /// Longest argument before `AUTH`, in bytes (16 KiB).
    public static let unauthenticatedArgumentBytes = 16 * 1024

    // MARK: Output

    /// Output waiting for one connection after which it is cut off, by default, in bytes
    /// (1 MiB, N-7).
    public static let outputCap = 1024 * 1024
    /// How far a replay of an inbox may run ahead of the socket, in bytes (64 KiB, P-7).
    public static let replayAheadBytes = 64 * 1024
    /// Longest error line, in bytes without its line ending (8 KiB); the rest is cut off.
    public static let errorLineBytes = 8 * 1024

    // MARK: Replies, as a client reads them

    /// Deepest nesting of aggregates that a client follows.
    public static let replyDepth = 32
    /// Largest reply that a client reads, in bytes on the wire (64 MiB).
    public static let replyBytes = 64 * 1024 * 1024

    // MARK: Memory kept between requests

    /// Input buffers larger than this are given back once drained, in bytes (4 KiB), so that an
    /// idle connection stays small.
    static let idleBufferBytes = 4 * 1024
    /// The same for the table of argument bounds, in arguments.
    static let idleArgumentSlots = 64
    /// Redis's own `proto-max-bulk-len`, in bytes (512 MiB): from here on its exact words are used
    /// even before `AUTH`.
    static let redisBulkBytes = 512 * 1024 * 1024
}

/// What the server calls itself.
public enum ServerIdentity {
    /// Our own version.
    public static let version = "0.1.0"
    /// The version that clients are told to expect the behaviour of (P-4).
    static let redisVersion = "7.2.4"
}

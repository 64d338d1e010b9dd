import PipelineProtocol

/// What the server calls itself.
public enum ServerIdentity {
    /// Our own version.
    public static let version = Release.version
    /// The version that clients are told to expect the behaviour of (P-4).
    static let redisVersion = "7.2.4"
}

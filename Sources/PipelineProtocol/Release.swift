/// What all programs of this release call themselves.
public enum Release {
    public static let version = "0.1.0"
}

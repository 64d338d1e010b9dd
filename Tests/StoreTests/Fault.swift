/// What a call does instead of its work.
enum Fault: Equatable {
    /// Fails with this `errno`. A failed sync has dropped what it should have written.
    case error(Int32)
    /// A write or read moves about half of the bytes.
    case short
    /// This call and every later one fails, until the power is cut.
    case crash
}

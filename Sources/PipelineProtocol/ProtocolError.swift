/// Bytes that are no request, or no reply. The connection cannot be understood any further and is
/// to be closed after the error was answered (P-1).
public enum ProtocolError: Error, Equatable, Sendable {
    // Requests, in Redis 7.0's words.

    /// An inline command ends inside quotes, or text follows a closing quote directly.
    case unbalancedQuotes
    /// The count after `*` is no number, or beyond 32 bits.
    case invalidMultibulkLength
    /// The length after `$` is no number, negative, or beyond what Redis itself allows.
    case invalidBulkLength
    /// Something else than a bulk string inside an array; the first byte of it.
    case expectedBulk(got: UInt8)
    /// More than 10 arguments before `AUTH` (P-4).
    case unauthenticatedMultibulkLength
    /// An argument of more than 16 KiB before `AUTH` (P-4).
    case unauthenticatedBulkLength
    /// A `*` line without an end.
    case tooBigMultibulkCount
    /// A `$` line without an end.
    case tooBigBulkCount
    /// An inline command of more than 64 KiB.
    case tooBigInlineRequest

    // Requests beyond our own bounds, which are named.

    /// More arguments than `limit`.
    case tooManyArguments(limit: Int)
    /// An argument of more than `limit` bytes.
    case argumentTooLong(limit: Int)
    /// Arguments of more than `limit` bytes together.
    case requestTooLong(limit: Int)
    /// The bytes after a bulk string are not CR LF: its length was wrong.
    case unterminatedBulk

    // Replies, as a client reads them.

    /// A reply that starts with no type known; the byte.
    case unknownReplyType(UInt8)
    /// A value that its type does not allow, such as `:x`.
    case malformedReply
    /// A reply nested deeper than `limit`.
    case replyTooDeep(limit: Int)
    /// A reply of more than `limit` bytes.
    case replyTooLong(limit: Int)

    /// What is wrong in one line of printable ASCII, as it follows `ERR `.
    public var message: String {
        "Protocol error: " + detail
    }

    /// The whole error line, ready for `ReplyWriter.errorLine(_:)`.
    public var errorLine: String {
        "ERR " + message
    }

    private var detail: String {
        switch self {
        case .unbalancedQuotes: "unbalanced quotes in request"
        case .invalidMultibulkLength: "invalid multibulk length"
        case .invalidBulkLength: "invalid bulk length"
        case .expectedBulk(let byte): "expected '$', got '\(ErrorText.escaped([byte]))'"
        case .unauthenticatedMultibulkLength: "unauthenticated multibulk length"
        case .unauthenticatedBulkLength: "unauthenticated bulk length"
        case .tooBigMultibulkCount: "too big mbulk count string"
        case .tooBigBulkCount: "too big bulk count string"
        case .tooBigInlineRequest: "too big inline request"
        case .tooManyArguments(let limit): "invalid multibulk length, at most \(limit) arguments"
        case .argumentTooLong(let limit): "invalid bulk length, at most \(limit) bytes"
        case .requestTooLong(let limit): "request too long, at most \(limit) bytes"
        case .unterminatedBulk: "invalid bulk length, no CRLF after the string"
        case .unknownReplyType(let byte): "unknown reply type '\(ErrorText.escaped([byte]))'"
        case .malformedReply: "malformed reply"
        case .replyTooDeep(let limit): "reply nested deeper than \(limit)"
        case .replyTooLong(let limit): "reply longer than \(limit) bytes"
        }
    }
}

/// Why bytes are no record that this program can read (W-6, W-12). The log's own checksums have held
/// when this is thrown, so the cause is a newer program or a fault in this one: never guess, refuse.
public struct RecordError: Error, Hashable, Sendable {
    public enum Fault: Hashable, Sendable {
        /// The bytes end inside a value, or a count promises more than is there.
        case truncated
        /// A variable-length integer with more than 64 bits.
        case integerTooLong
        /// An integer not in its shortest form: the same value must always give the same bytes.
        case integerPadded
        case invalidUTF8
        /// A presence or truth byte that is neither 0 nor 1.
        case invalidFlag(UInt8)
        /// No event has this type tag here; a newer program may have written it.
        case unknownTag(UInt16)
        /// The type is known, this schema version of it is not.
        case unknownVersion(tag: UInt16, version: UInt8)
        /// An enumeration has no member with this code.
        case unknownCode(of: String, code: UInt8)
        /// A number that its field cannot hold.
        case outOfRange(String)
        case unknownCurrency
        /// Members of a dictionary twice or not in ascending order of their codes.
        case membersOutOfOrder
        case trailingBytes(Int)
        /// What the record names is not there, or is there already though the record makes it.
        case unsound(String)
        /// The log cannot give the record any more: its disk or its bytes are damaged.
        case lost
    }

    public let fault: Fault
    /// Bytes from the start of the record's body to where the faulty value starts.
    public let offset: Int

    public init(_ fault: Fault, at offset: Int) {
        self.fault = fault
        self.offset = offset
    }
}

extension RecordError: CustomStringConvertible {
    /// For the operator, as in `byte 17: unknown record type 0x0A01`.
    public var description: String { "byte \(offset): \(fault.text)" }
}

extension RecordError.Fault {
    var text: String {
        switch self {
        case .truncated: "the record ends too early"
        case .integerTooLong: "an integer of more than 64 bits"
        case .integerPadded: "an integer not in its shortest form"
        case .invalidUTF8: "a text that is not UTF-8"
        case .invalidFlag(let byte): "a flag of \(byte), not 0 or 1"
        case .unknownTag(let tag): "unknown record type \(Self.hexadecimal(tag))"
        case .unknownVersion(let tag, let version):
            "unknown version \(version) of record type \(Self.hexadecimal(tag))"
        case .unknownCode(let type, let code): "unknown code \(code) of \(type)"
        case .outOfRange(let field): "\(field) is out of range"
        case .unknownCurrency: "an unknown currency"
        case .membersOutOfOrder: "members out of order"
        case .trailingBytes(let count): "\(count) bytes after the end of the record"
        case .lost:
            "this part of the history cannot be read; the server's log tells the operator why"
        case .unsound(let name): "\(name) does not fit what the records before it made"
        }
    }

    private static func hexadecimal(_ tag: UInt16) -> String {
        let digits = String(tag, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// What an identifier names; gives the letter that ids of the kind start with (D-39).
public protocol IdentifierKind: Sendable {
    static var prefix: StaticString { get }
    /// The word for the thing in messages, as in `domain.md`.
    static var noun: String { get }
}

/// A short, typed and stable id such as `o1042` (D-39). Counts from 1 per kind; never reused.
public struct Identifier<Kind: IdentifierKind>: Hashable, Comparable, Sendable {
    /// 1-based; 0 is never given out.
    public let number: UInt32

    @inlinable public init(_ number: UInt32) { self.number = number }

    /// Reads `o1042` or `o000000001042`; `nil` if the text has another form. 0, and a number from
    /// `UInt32.max` on, is that one, which is never given out.
    @inlinable public init?(_ text: some Collection<UInt8>) {
        guard let first = text.first, first | 0x20 == Self.letter, (2...64).contains(text.count)
        else { return nil }
        var value: UInt64 = 0
        for byte in text.dropFirst() {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = min(value &* 10 &+ UInt64(byte &- 0x30), UInt64(UInt32.max))
        }
        number = value == 0 ? .max : UInt32(value)
    }

    /// The one letter of the kind's prefix.
    @inlinable static var letter: UInt8 { Kind.prefix.utf8Start.pointee }

    /// At most so many characters: the letter and ten digits.
    public static var textBytes: Int { 11 }

    /// Writes the id as text without a string in between.
    /// - Parameter text: of at least `textBytes` bytes.
    /// - Returns: how many bytes were written.
    public func write(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        text[0] = Self.letter
        var count = 1
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            text[count] = UInt8(ascii: "0") + UInt8(number / divisor % 10)
            divisor /= 10
            count += 1
        }
        return count
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Identifier: CustomStringConvertible {
    public var description: String { "\(Kind.prefix)\(number)" }
}

public enum UnitKind: IdentifierKind {
    public static var prefix: StaticString { "u" }
    public static let noun = "unit"
}
public enum PersonKind: IdentifierKind {
    public static var prefix: StaticString { "e" }
    public static let noun = "person"
}
public enum ProcessKind: IdentifierKind {
    public static var prefix: StaticString { "p" }
    public static let noun = "process"
}
public enum CustomerKind: IdentifierKind {
    public static var prefix: StaticString { "c" }
    public static let noun = "customer"
}
public enum OpportunityKind: IdentifierKind {
    public static var prefix: StaticString { "o" }
    public static let noun = "opportunity"
}
public enum ApprovalKind: IdentifierKind {
    public static var prefix: StaticString { "a" }
    public static let noun = "approval"
}
/// Numbers published process versions over all processes; never shown outside.
public enum ProcessVersionKind: IdentifierKind {
    public static var prefix: StaticString { "v" }
    public static let noun = "process version"
}
public enum NoteKind: IdentifierKind {
    public static var prefix: StaticString { "n" }
    public static let noun = "note"
}
public enum ContactKind: IdentifierKind {
    public static var prefix: StaticString { "k" }
    public static let noun = "contact"
}
public enum LeadKind: IdentifierKind {
    public static var prefix: StaticString { "l" }
    public static let noun = "lead"
}
public enum ActivityKind: IdentifierKind {
    public static var prefix: StaticString { "v" }
    public static let noun = "activity"
}

public typealias UnitID = Identifier<UnitKind>
public typealias PersonID = Identifier<PersonKind>
public typealias ProcessID = Identifier<ProcessKind>
public typealias ProcessVersionID = Identifier<ProcessVersionKind>
public typealias CustomerID = Identifier<CustomerKind>
public typealias OpportunityID = Identifier<OpportunityKind>
public typealias ApprovalID = Identifier<ApprovalKind>
public typealias NoteID = Identifier<NoteKind>
public typealias ContactID = Identifier<ContactKind>
public typealias LeadID = Identifier<LeadKind>
public typealias ActivityID = Identifier<ActivityKind>

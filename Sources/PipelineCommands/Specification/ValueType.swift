import PipelineDomain
import PipelineProtocol

/// What one word of a command may be, and how it is read.
struct ValueType<Value: Sendable>: Sendable {
    /// As in a synopsis: `unit`, `date`.
    let word: String
    let choices: [String]
    let isPassword: Bool
    let kind: ArgumentSpec.Kind
    /// What a value must be, for the reference.
    let bounds: String
    /// In how many ways the same value may be written (P-6).
    let spelling: CanonicalWord
    /// What a bad value is taken for while the refusals that come before values are looked for (P-5): a
    /// harmless one that names nothing there is. `nil`: a bad value is no form, and refused at once.
    let substitute: Value?
    let read: @Sendable (Request, Int, String) throws(ArgumentError) -> Value

    init(
        _ word: String, choices: [String] = [], isPassword: Bool = false,
        kind: ArgumentSpec.Kind = .string, bounds: String = "",
        spelling: CanonicalWord = .exact, substitute: Value? = nil,
        read: @escaping @Sendable (Request, Int, String) throws(ArgumentError) -> Value
    ) {
        self.substitute = substitute
        self.spelling = spelling
        self.word = word
        self.choices = choices
        self.isPassword = isPassword
        self.kind = kind
        self.bounds = bounds
        self.read = read
    }
}

extension ValueType {
    /// The value, or what stands for a bad one, of which `faults` then tells.
    func read(
        _ request: Request, _ index: Int, _ argument: String, _ faults: inout [Rejection.Fault]
    ) throws(ArgumentError) -> Value {
        do throws(ArgumentError) {
            return try read(request, index, argument)
        } catch {
            guard let substitute, case .value(let argument, let problem) = error else {
                throw error
            }
            faults.append(Rejection.Fault(argument, problem))
            return substitute
        }
    }
}

private func wrong(_ argument: String, _ problem: String) -> ArgumentError {
    .value(argument: argument, problem: problem)
}

/// An id of one kind, `o1042`.
private func id<Kind>(_ kind: Kind.Type) -> ValueType<Identifier<Kind>> {
    ValueType(Kind.noun, bounds: "id, `\(Kind.prefix)12`", spelling: .reference) {
        request, index, argument throws(ArgumentError) in
        guard let id = Identifier<Kind>(request[index]) else {
            throw wrong(
                argument,
                "must be the id of \("aeio".contains(Kind.noun.prefix(1)) ? "an" : "a") \(Kind.noun), such as \(Kind.prefix)12"
            )
        }
        return id
    }
}

extension ValueType where Value == OpportunityID {
    static var opportunity: Self { id(OpportunityKind.self) }
}
extension ValueType where Value == UnitID {
    static var unit: Self { id(UnitKind.self) }
}
extension ValueType where Value == CustomerID {
    static var customer: Self { id(CustomerKind.self) }
}
extension ValueType where Value == ApprovalID {
    static var approval: Self { id(ApprovalKind.self) }
}
extension ValueType where Value == ContactID {
    static var contact: Self { id(ContactKind.self) }
}
extension ValueType where Value == LeadID {
    static var lead: Self { id(LeadKind.self) }
}
extension ValueType where Value == ActivityID {
    static var activity: Self { id(ActivityKind.self) }
}
extension ValueType where Value == NoteID {
    static var noteID: Self { id(NoteKind.self) }
}

extension ValueType where Value == PersonReference {
    /// An id or a login (§2).
    static var person: Self {
        Self("person", bounds: "id, `e3`, or login", spelling: .reference) {
            request, index, argument throws(ArgumentError) in
            if let id = PersonID(request[index]) { return .id(id) }
            guard let login = request.string(index), Key.problem(login) == nil else {
                throw wrong(argument, "must be a person's id, such as e3, or login")
            }
            return .login(login)
        }
    }
}

extension ValueType where Value == PersonReference? {
    /// A person, or nothing at all for an empty text.
    static var personOrNone: Self {
        Self("person", bounds: "id, `e3`, or login; empty for none", spelling: .reference) {
            request, index, argument throws(ArgumentError) in
            request[index].isEmpty
                ? nil : try ValueType<PersonReference>.person.read(request, index, argument)
        }
    }
}

extension ValueType where Value == ProcessReference {
    static var process: Self {
        Self("process", bounds: "key, or id, `p3`", spelling: .reference) {
            request, index, argument throws(ArgumentError) in
            if let id = ProcessID(request[index]) { return .id(id) }
            guard let key = request.string(index), Key.problem(key) == nil else {
                throw wrong(argument, "must be a process's key")
            }
            return .key(key)
        }
    }
}

extension ValueType where Value == String {
    /// What no text that came in can be.
    private static let nothing = "\u{0}"

    /// One line of at most 200 characters, not empty (§2).
    static var name: Self { text("name", allowsEmpty: false) }
    /// Like a name, but an empty text is allowed: it clears the field.
    static var field: Self { text("text", allowsEmpty: true) }
    /// At most 16 KiB.
    static var note: Self {
        Self("text", bounds: "at most \(Bounds.noteBytes) bytes", substitute: nothing) {
            request, index, argument throws(ArgumentError) in
            let text = try WireText.read(request[index], argument)
            guard text.utf8.count <= Bounds.noteBytes else {
                throw wrong(argument, "is longer than \(Bounds.noteBytes) bytes")
            }
            return text
        }
    }
    /// `[a-z][a-z0-9._-]{0,63}`, neither an id nor a keyword.
    static var newKey: Self { key("key", reserved: CommandTable.isKeyword) }
    static var login: Self { key("login", reserved: CommandTable.isKeyword) }
    /// A key that should exist already.
    static var key: Self { key("key", reserved: { _ in false }) }
    /// Any text up to the wire's bound, such as a document.
    static var document: Self {
        Self("json", bounds: "at most \(WireBounds.processBytes) bytes", substitute: nothing) {
            request, index, argument throws(ArgumentError) in
            try WireText.read(request[index], argument, limit: WireBounds.processBytes)
        }
    }
    /// A secret: the server puts its hash in the request's place before the command runs (O-2).
    static var password: Self {
        Self(
            "password", isPassword: true,
            bounds:
                "\(Bounds.passwordBytes.lowerBound) to \(Bounds.passwordBytes.upperBound) bytes",
            substitute: ""
        ) { request, index, argument throws(ArgumentError) in
            let bytes = request[index].count
            guard Bounds.passwordBytes.contains(bytes) else {
                throw wrong(
                    argument,
                    "must have from \(Bounds.passwordBytes.lowerBound) to \(Bounds.passwordBytes.upperBound) bytes"
                )
            }
            return ""
        }
    }

    private static func text(_ word: String, allowsEmpty: Bool) -> Self {
        let bounds =
            "one line, at most \(Bounds.nameCharacters) characters"
            + (allowsEmpty ? "; empty clears" : "")
        return Self(word, bounds: bounds, substitute: nothing) {
            request, index, argument throws(ArgumentError) in
            let text = try WireText.read(request[index], argument)
            guard
                text.utf8.count <= Bounds.nameCharacters
                    || text.unicodeScalars.count <= Bounds.nameCharacters
            else {
                throw wrong(argument, "is longer than \(Bounds.nameCharacters) characters")
            }
            guard !request[index].contains(0x0A) else { throw wrong(argument, "must be one line") }
            // What is compulsory is not filled by blanks either (D-11).
            guard !isBlank(text) || allowsEmpty && text.isEmpty else {
                throw wrong(
                    argument,
                    allowsEmpty
                        ? "is nothing but blanks; an empty text clears" : "must not be empty")
            }
            return text
        }
    }

    private static func isBlank(_ text: String) -> Bool {
        // Most texts show with their first byte that they are not.
        if let first = text.utf8.first, first > 0x20, first < 0x7F { return false }
        return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    private static func key(
        _ word: String, reserved: @escaping @Sendable (String) -> Bool
    ) -> Self {
        Self(word, bounds: "`[a-z][a-z0-9._-]{0,63}`", substitute: nothing) {
            request, index, argument throws(ArgumentError) in
            let text = try WireText.read(request[index], argument)
            if let problem = Key.problem(text, reserved: reserved) {
                throw wrong(argument, "'\(text)' \(problem)")
            }
            return text
        }
    }
}

extension ValueType where Value == Int {
    static func integer(_ word: String, in range: ClosedRange<Int>) -> Self {
        Self(
            word, kind: .integer, bounds: "\(range.lowerBound) to \(range.upperBound)",
            substitute: range.lowerBound
        ) {
            request, index, argument throws(ArgumentError) in
            guard let value = request.integer(index), let value = Int(exactly: value),
                range.contains(value)
            else {
                throw wrong(
                    argument,
                    "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
    }
}

extension ValueType where Value == UInt64 {
    /// A position: 0 and up.
    static var position: Self {
        Self("seq", kind: .integer, bounds: "from 0 on", substitute: 0) {
            request, index, argument throws(ArgumentError) in
            guard let value = request.integer(index), value >= 0 else {
                throw wrong(argument, "must be a whole number from 0 on")
            }
            return UInt64(value)
        }
    }
}

extension ValueType where Value == Amount {
    static var amount: Self {
        Self("decimal", bounds: "such as `500000.00`, from 0, below 10^15", substitute: .zero) {
            request, index, argument throws(ArgumentError) in
            do throws(AmountProblem) {
                return try Amount(request[index])
            } catch {
                throw wrong(argument, error.text())
            }
        }
    }
}

extension ValueType where Value == Currency {
    static var currency: Self {
        Self(
            "code", bounds: "ISO 4217, `CNY`", spelling: .anyCase,
            substitute: Company.defaultCurrency
        ) {
            request, index, argument throws(ArgumentError) in
            guard let text = request.string(index), let currency = Currency(text) else {
                throw wrong(argument, "must be an ISO 4217 code such as CNY")
            }
            return currency
        }
    }
}

extension ValueType where Value == Day {
    static var day: Self {
        Self("date", bounds: "`YYYY-MM-DD`", substitute: Day(number: 0)) {
            request, index, argument throws(ArgumentError) in
            guard let day = Day(request[index]) else {
                throw wrong(argument, "must be a calendar date, YYYY-MM-DD")
            }
            return day
        }
    }
}

extension ValueType {
    /// A value, or `nil` for an empty text, which clears the field.
    static func clearable<Wrapped>(_ type: ValueType<Wrapped>) -> Self where Value == Wrapped? {
        Self(
            type.word, choices: type.choices, isPassword: type.isPassword, kind: type.kind,
            bounds: type.bounds + "; empty clears", spelling: type.spelling,
            substitute: type.substitute.map { .some($0) }
        ) { request, index, argument throws(ArgumentError) in
            request[index].isEmpty ? nil : try type.read(request, index, argument)
        }
    }

    /// One word of a closed list, in any case.
    static func choice(_ choices: [(String, Value)]) -> Self {
        let words = choices.map(\.0)
        return Self("choice", choices: words, spelling: .anyCase, substitute: choices.first?.1) {
            request, index, argument throws(ArgumentError) in
            for (word, value) in choices where request.matches(index, word) { return value }
            let given = String(decoding: request[index].prefix(64), as: UTF8.self)
            // A long list is no help to whoever mistyped one word of it.
            if words.count > 8, let nearest = Spelling.nearest(to: given, among: words) {
                throw wrong(argument, "there is no '\(given)'; did you mean \(nearest)?")
            }
            throw wrong(argument, "must be one of: \(words.joined(separator: ", "))")
        }
    }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var oneOf: Self { choice(Value.allCases.map { ($0.rawValue, $0) }) }
}

/// Text as it comes in: UTF-8, no control characters but TAB and LF, then NFC (D-38, §2).
enum WireText {
    static func read(
        _ bytes: ArraySlice<UInt8>, _ argument: String, limit: Int = WireBounds.argumentBytes
    ) throws(ArgumentError) -> String {
        guard bytes.count <= limit else { throw wrong(argument, "is longer than \(limit) bytes") }
        let found = bytes.withUnsafeBufferPointer {
            look(at: $0, allowsReturn: limit > WireBounds.argumentBytes)
        }
        guard !found.hasControl else { throw wrong(argument, "contains a control character") }
        // ASCII is UTF-8 and in NFC.
        if found.isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw wrong(argument, "is not UTF-8")
        }
        return Normalisation.nfc(text)
    }

    private static func look(
        at bytes: UnsafeBufferPointer<UInt8>, allowsReturn: Bool
    ) -> (isASCII: Bool, hasControl: Bool) {
        var previous: UInt8 = 0
        var isASCII = true
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F {
                guard byte == 0x09 || byte == 0x0A || (byte == 0x0D && allowsReturn) else {
                    return (isASCII, true)
                }
            } else if byte >= 0x80 {
                isASCII = false
                // U+0080 to U+009F, on which some terminals act.
                if previous == 0xC2, byte <= 0x9F { return (isASCII, true) }
            }
            previous = byte
        }
        return (isASCII, false)
    }
}

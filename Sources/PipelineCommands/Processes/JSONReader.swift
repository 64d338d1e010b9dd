import PipelineDomain
import PipelineProtocol

/// Takes typed members out of a JSON tree and collects everything that is wrong with them.
///
/// Every getter answers nil for a member that is absent or wrong; a wrong one is reported, and its
/// path is kept in `unread`, so that whoever puts a placeholder there knows not to judge it.
struct JSONReader {
    /// Most problems that are told of: enough to mend a document by, little to send for a hostile
    /// one.
    static let mostProblems = 100
    /// Most characters of a client's text that a problem quotes.
    private static let mostQuoted = 64

    private(set) var problems: [String] = []
    /// Whether there are more problems than are told of.
    private(set) var isCut = false
    private(set) var unread: Set<String> = []

    enum Presence {
        case required
        case optional
        /// Optional, and `null` says the same as leaving it out.
        case nullable
    }

    /// The members of one object by name, with the object's path.
    struct Members {
        let path: String
        fileprivate let values: [String: JSONValue]

        func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    }

    /// The texts here are made only if they are told: a hostile document has very many problems.
    mutating func report(_ path: String, _ text: @autoclosure () -> String) {
        if problems.count < Self.mostProblems {
            problems.append("\(path.isEmpty ? "the document" : path) \(text())")
        } else {
            isCut = true
        }
    }

    private mutating func reject(_ path: String, _ text: @autoclosure () -> String) {
        unread.insert(path)
        report(path, text())
    }

    mutating func reject(
        _ path: String, _ value: JSONValue, mustBe what: @autoclosure () -> String
    ) {
        reject(path, "must be \(what()), not \(Self.shown(value))")
    }

    static func quoted(_ text: String) -> String {
        text.count > mostQuoted ? "'\(text.prefix(mostQuoted))...'" : "'\(text)'"
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.literal
        case .text(let text): quoted(text)
        case .list: "a list"
        case .object: "an object"
        }
    }

    // MARK: Structure

    /// The members of an object. Of a member that is given twice the first one counts.
    mutating func members(_ value: JSONValue, at path: String, known: [String]) -> Members? {
        guard case .object(let members) = value else {
            reject(path, value, mustBe: "an object")
            return nil
        }
        var values: [String: JSONValue] = [:]
        let prefix = path.isEmpty ? "" : "\(path)."
        for member in members {
            let shortened = String(member.name.prefix(Self.mostQuoted))
            if values[member.name] != nil {
                report(prefix + shortened, "is given twice: keep one of them")
            } else if !known.contains(member.name) {
                report(prefix + shortened, "is not a member: \(Self.hint(member.name, known))")
            }
            values[member.name] = member.value
        }
        return Members(path: path, values: values)
    }

    private static func hint(_ name: String, _ known: [String]) -> String {
        if let near = Spelling.nearest(to: name, among: known) { return "did you mean '\(near)'?" }
        return "the members here are \(quotedList(known))"
    }

    private static func quotedList(_ words: [String]) -> String {
        words.map { "'\($0)'" }.joined(separator: ", ")
    }

    /// The member's value, unless it is absent, or null where that says the same.
    mutating func value(
        _ name: String, of members: Members, _ presence: Presence,
        mustBe what: @autoclosure () -> String
    ) -> JSONValue? {
        switch (members.values[name], presence) {
        case (nil, .required):
            reject(members.path(of: name), "is missing: give \(what())")
            return nil
        case (nil, _), (.null, .nullable): return nil
        case (let value, _): return value
        }
    }

    /// The elements of a list with their paths; empty if the member is absent or wrong. Of a list
    /// that is too long only the allowed number is read.
    mutating func list(
        _ name: String, of members: Members, _ presence: Presence = .optional, most: Int,
        mustBe what: String
    ) -> [(path: String, value: JSONValue)] {
        guard let value = value(name, of: members, presence, mustBe: what) else { return [] }
        let path = members.path(of: name)
        guard case .list(let values) = value else {
            reject(path, value, mustBe: what)
            return []
        }
        if values.count > most {
            report(path, "has \(values.count) elements: at most \(most) are allowed")
        }
        return values.prefix(most).enumerated().map { ("\(path)[\($0)]", $1) }
    }

    // MARK: Values

    /// A text in NFC (D-38).
    mutating func text(
        _ name: String, of members: Members, _ presence: Presence = .optional
    ) -> String? {
        value(name, of: members, presence, mustBe: "a text").flatMap {
            text($0, at: members.path(of: name))
        }
    }

    /// Normalising takes time, so a text beyond the bound of the longest is refused before.
    mutating func text(_ value: JSONValue, at path: String) -> String? {
        guard case .text(let text) = value else {
            reject(path, value, mustBe: "a text")
            return nil
        }
        let bytes = text.utf8.count
        guard bytes <= Bounds.noteBytes else {
            reject(path, "has \(bytes) bytes: at most \(Bounds.noteBytes) are allowed")
            return nil
        }
        return Normalisation.nfc(text)
    }

    /// Texts; an empty one stands in for a wrong element, so that indices stay as they are.
    mutating func texts(_ name: String, of members: Members, most: Int) -> [String] {
        var texts: [String] = []
        for (path, value) in list(name, of: members, most: most, mustBe: "a list of texts") {
            texts.append(text(value, at: path) ?? "")
        }
        return texts
    }

    mutating func boolean(_ name: String, of members: Members) -> Bool? {
        let what = "true or false"
        guard let value = value(name, of: members, .optional, mustBe: what) else { return nil }
        guard case .boolean(let boolean) = value else {
            reject(members.path(of: name), value, mustBe: what)
            return nil
        }
        return boolean
    }

    mutating func wholeNumber(
        _ name: String, of members: Members, _ presence: Presence = .nullable
    ) -> Int? {
        let what = "a whole number"
        guard let value = value(name, of: members, presence, mustBe: what) else { return nil }
        guard case .number(let number) = value, let whole = number.integer() else {
            reject(members.path(of: name), value, mustBe: what)
            return nil
        }
        return whole
    }

    /// One of a closed set of words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, of members: Members, _ presence: Presence = .optional
    ) -> Word? {
        value(name, of: members, presence, mustBe: Self.choice(Word.self)).flatMap {
            word($0, at: members.path(of: name))
        }
    }

    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue, at path: String
    ) -> Word? {
        if case .text(let text) = value, let word = Word(rawValue: text) { return word }
        reject(path, value, mustBe: Self.choice(Word.self))
        return nil
    }

    private static func choice<Word: RawRepresentable<String> & CaseIterable>(
        _: Word.Type
    ) -> String {
        "one of \(quotedList(Word.allCases.map(\.rawValue)))"
    }
}

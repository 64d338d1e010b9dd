/// One argument as the table declares it; parsing, COMMAND DOCS, help, completion and the reference
/// all come from it (P-9).
public struct ArgumentSpec: Sendable {
    /// Where the argument stands and how many words it takes.
    public enum Form: Sendable, Equatable {
        /// Stands in its place before any keyword.
        case positional
        /// All words up to the next keyword, in groups of so many: `field value …`.
        case rest(groupOf: Int, atLeast: Int)
        /// `KEYWORD value…` with so many values; 0 for a flag.
        case keyword(values: Int)
        /// `KEYWORD n value…`.
        case counted
        /// `KEYWORD n first second…` with so many pairs.
        case countedPairs
        /// `SORTBY field [ASC|DESC]`: one value and perhaps a direction.
        case sort
    }

    /// What the values are to Redis's `COMMAND DOCS`.
    public enum Kind: String, Sendable {
        case string, integer, pattern
    }

    /// The keyword in capitals, or the name of the value in lower case.
    public let name: String
    public let form: Form
    public let isRequired: Bool
    /// What the value is, as in `PARENT unit`; one word a value.
    public let values: [String]
    /// The words that may be given, where there is a closed list.
    public let choices: [String]
    /// Whether the value is a secret: never logged, hashed before the command runs.
    public let isPassword: Bool
    public let kind: Kind
    /// What a value must be beside its form, such as `from 0 to 64`; empty where nothing is said.
    public let bounds: String
    /// Whether values may be written in several ways (P-6).
    let spelling: CanonicalWord

    init(
        _ name: String, _ form: Form, isRequired: Bool, values: [String], choices: [String] = [],
        isPassword: Bool = false, kind: Kind = .string, bounds: String = "",
        spelling: CanonicalWord = .exact
    ) {
        self.spelling = spelling
        self.name = name
        self.form = form
        self.isRequired = isRequired
        self.values = values
        self.choices = choices
        self.isPassword = isPassword
        self.kind = kind
        self.bounds = bounds
    }

    /// An argument whose values are of one type; `words` where they are named otherwise.
    init(
        _ name: String, _ form: Form, isRequired: Bool, of type: ValueType<some Sendable>,
        words: [String]? = nil
    ) {
        self.init(
            name, form, isRequired: isRequired, values: words ?? [type.word],
            choices: type.choices, isPassword: type.isPassword, kind: type.kind,
            bounds: type.bounds, spelling: type.spelling)
    }

    /// A present password to be verified, not a new one to be kept.
    var isProof: Bool { isPassword && name == "OLD" }

    public var isKeyword: Bool {
        switch form {
        case .positional, .rest: false
        case .keyword, .counted, .countedPairs, .sort: true
        }
    }

    /// As in a synopsis: `[PARENT unit]`, `opportunity`, `WITH n part…`.
    public var usage: String {
        let words =
            switch form {
            case .positional: choices.isEmpty ? name : choices.joined(separator: "|")
            case .rest: values.joined(separator: " ") + " ..."
            case .keyword(0): name
            case .keyword: name + " " + valueUsage
            case .counted, .countedPairs: name + " n " + valueUsage + " ..."
            case .sort: name + " " + valueUsage + " [ASC|DESC]"
            }
        return isRequired ? words : "[\(words)]"
    }

    private var valueUsage: String {
        choices.isEmpty ? values.joined(separator: " ") : choices.joined(separator: "|")
    }
}

/// What is wrong with the form of a command, before anything is looked up (P-5).
public enum ArgumentError: Error, Equatable, Sendable {
    case wrongCount
    case unknownKeyword(String, nearest: String?)
    case repeatedKeyword(String)
    case missingKeyword([String])
    case missingValue(keyword: String)
    /// A value that cannot be what the argument asks for.
    case value(argument: String, problem: String)
    /// `COMMAND` asked to run where it can't: queued, or dry.
    case notInTransaction
    case notAWrite(String)
    /// More would be written than one step may.
    case tooMuchAtOnce
    /// More would be read, or answered, than one transaction may.
    case answersTooMuch
    /// The same token came with another command before (P-6).
    case requestIDReused(String)
    /// The same token came before, and the password cannot be shown to be the same (P-6).
    case requestIDWithOtherPassword(String)
    case requestIDInDryRun
    /// The whole line that says so.
    case unknownCommand(String)
}

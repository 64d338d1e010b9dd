/// What the shell tells its caller (S-1).
enum ExitCode: Int32, Sendable, Equatable {
    case ok = 0
    case server = 1
    case usage = 2
    case connect = 3
    case auth = 4
    case denied = 5
    case notFound = 6
    case conflict = 7
    case interrupted = 130

    /// The code for a server's error line, by its first word (P-5). A value that is not allowed
    /// (`INVALID`) is a plain server error: repeating it unchanged can never succeed, while a
    /// conflict or a gate may open. Too few arguments or a wrong keyword are wrong usage, whoever
    /// noticed it.
    init(errorLine: String) {
        switch errorLine.prefix(while: { $0 != " " }) {
        case "ERR"
        where ["wrong number of arguments", "syntax error"].contains {
            errorLine.dropFirst(4).hasPrefix($0)
        }:
            self = .usage
        case "NOAUTH", "WRONGPASS": self = .auth
        case "NOPERM": self = .denied
        case "NOTFOUND": self = .notFound
        case "CONFLICT", "GATE", "PENDING": self = .conflict
        default: self = .server
        }
    }
}

/// Something that went wrong on this side of the wire: a catalogue phrase, its arguments and the
/// exit code it stands for. Errors of the server are replies, not failures.
struct Failure: Error, Equatable {
    let exit: ExitCode
    let phrase: Phrase
    let arguments: [String]

    init(_ exit: ExitCode, _ phrase: Phrase, _ arguments: String...) {
        self.exit = exit
        self.phrase = phrase
        self.arguments = arguments
    }

    /// The connection ended without an answer to what was asked: the only failure that is worth
    /// another try by itself (S-7).
    static let lost = Failure(.connect, .connectionLost)

    func text(in language: Language) -> String {
        switch phrase {
        case .wordUsage, .noDealOpen:
            // The word and its usage as somebody of that language types them.
            let name = Words.name(arguments.first ?? "", language)
            let usage = arguments.dropFirst().map { UsageText.localised($0, language) }
            return phrase.text(in: language, [name] + usage)
        default: return phrase.text(in: language, arguments)
        }
    }
}

import PipelineCommands
import PipelineProtocol

/// `AUTH` and `HELLO` (P-4). Passwords are checked off the loop before these are run; the verdicts
/// lie in the item's findings, in the order of the questions.
extension ConnectionMachine {
    private static let wrongPassword =
        "\(ErrorCode.wrongPass.rawValue) invalid username-password pair or user is disabled."

    private static let tooManyPasswords =
        "\(ErrorCode.busy.rawValue) too many passwords are being checked; try again in a moment"

    /// Why a login was not accepted.
    private static func refusal(of finding: Finding?) -> String {
        if case .overloaded = finding { return tooManyPasswords }
        return wrongPassword
    }

    /// The user that `AUTH` with a password alone means, as in Redis.
    private static let defaultUser = Array("default".utf8)

    func authQuestions(_ request: Request) -> [Question] {
        switch request.count {
        case 2: [.verify(login: Self.defaultUser, password: Array(request[1]))]
        case 3: [.verify(login: Array(request[1]), password: Array(request[2]))]
        default: []
        }
    }

    mutating func authenticate(_ item: Item) {
        guard item.request.count <= 3 else { return answerError("ERR syntax error") }
        guard case .verified(let identity?) = item.findings.first else {
            return answerError(Self.refusal(of: item.findings.first))
        }
        adopt(identity)
        answerOK()
    }

    /// A new identity ends the feed of the one before: an inbox is its owner's alone (P-7).
    private mutating func adopt(_ identity: Identity) {
        if let before = self.identity, before.person != identity.person, feed != nil {
            feed = InboxFeed()
            holdPushes()
        }
        self.identity = identity
        parser.limits = .afterAuthentication
    }

    // MARK: HELLO

    private enum HelloOption {
        case auth(login: Int, password: Int)
        case setName(Int)
        case wrong(Int)
    }

    private static func helloOptions(_ request: Request) -> [HelloOption] {
        var options: [HelloOption] = []
        var index = 2
        while index < request.count {
            let more = request.count - 1 - index
            if request.matches(index, "AUTH"), more >= 2 {
                options.append(.auth(login: index + 1, password: index + 2))
                index += 3
            } else if request.matches(index, "SETNAME"), more >= 1 {
                options.append(.setName(index + 1))
                index += 2
            } else {
                options.append(.wrong(index))
                break
            }
        }
        return options
    }

    func helloQuestions(_ request: Request) -> [Question] {
        guard request.count > 1, case .success = Self.helloVersion(request) else { return [] }
        return Self.helloOptions(request).compactMap {
            guard case .auth(let login, let password) = $0 else { return nil }
            return .verify(login: Array(request[login]), password: Array(request[password]))
        }
    }

    private enum HelloVersion {
        case success(ProtocolVersion)
        case failure(String)
    }

    private static func helloVersion(_ request: Request) -> HelloVersion {
        guard let number = request.integer(1) else {
            return .failure("ERR Protocol version is not an integer or out of range")
        }
        guard let known = UInt8(exactly: number).flatMap(ProtocolVersion.init(rawValue:)) else {
            return .failure("\(ErrorCode.noProto.rawValue) unsupported protocol version")
        }
        return .success(known)
    }

    mutating func hello(_ item: Item) {
        let request = item.request
        var asked: ProtocolVersion?
        if request.count > 1 {
            switch Self.helloVersion(request) {
            case .success(let known): asked = known
            case .failure(let line): return answerError(line)
            }
        }
        var findings = item.findings[...]
        for option in Self.helloOptions(request) {
            switch option {
            case .auth:
                let finding = findings.popFirst()
                guard case .verified(let identity?) = finding else {
                    return answerError(Self.refusal(of: finding))
                }
                adopt(identity)
            case .setName(let index):
                guard let name = Self.attribute(request[index]) else {
                    return answerError(Self.badNameLine)
                }
                self.name = name
            case .wrong(let index):
                let option = String(decoding: request[index], as: UTF8.self)
                return answerError("ERR Syntax error in HELLO option '\(option)'")
            }
        }
        guard identity != nil else {
            return answerError(
                "\(ErrorCode.noAuth.rawValue) HELLO must be called with the client already authenticated, otherwise the"
                    + " HELLO AUTH <user> <pass> option can be used to authenticate the client and"
                    + " select the RESP protocol version at the same time")
        }
        if let asked {
            outbox.writer.version = asked
        }
        greet()
        if asked != nil { holdPushes() }
    }

    private mutating func greet() {
        let version = version
        let id = id
        answer {
            $0.map(7)
            $0.bulk("server")
            $0.bulk("pipelined")
            $0.bulk("version")
            $0.bulk(ServerIdentity.redisVersion)
            $0.bulk("proto")
            $0.integer(version.rawValue)
            $0.bulk("id")
            $0.integer(id)
            $0.bulk("mode")
            $0.bulk("standalone")
            $0.bulk("role")
            $0.bulk("master")
            $0.bulk("modules")
            $0.array(0)
        }
    }

    // MARK: Names

    static let badNameLine =
        "ERR Client names cannot contain spaces, newlines or special characters."

    /// The text if it is printable ASCII without blanks, as Redis wants names to be.
    static func attribute(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

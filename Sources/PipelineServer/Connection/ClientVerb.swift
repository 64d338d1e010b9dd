import PipelineCommands
import PipelineProtocol

/// `CLIENT` and its subcommands (P-4): 7.0's, with `SETINFO` and `NO-TOUCH` as in 7.2 and `CAPA` as
/// in Valkey 8.
extension ConnectionMachine {
    func clientQuestions(_ request: Request) -> [Question] {
        guard let identity else { return [] }
        if request.matches(1, "LIST") {
            guard case .success = Self.listFilter(request) else { return [] }
            return [.clients(for: identity)]
        }
        if request.matches(1, "INFO") { return [.clients(for: identity)] }
        if request.matches(1, "KILL"), case .success(let filter) = Self.killFilter(request) {
            return [.kill(filter, for: identity)]
        }
        return []
    }

    mutating func client(_ item: Item) -> Action? {
        let request = item.request
        if request.matches(1, "ID") {
            let id = id
            answer { $0.integer(id) }
        } else if request.matches(1, "GETNAME") {
            let name = name.isEmpty ? nil : name
            answer { $0.optional(name) }
        } else if request.matches(1, "SETNAME") {
            guard let name = Self.attribute(request[2]) else {
                answerError(Self.badNameLine)
                return nil
            }
            self.name = name
            answerOK()
        } else if request.matches(1, "SETINFO") {
            setInfo(request)
        } else if request.matches(1, "INFO") || request.matches(1, "LIST") {
            list(item)
        } else if request.matches(1, "KILL") {
            kill(item)
        } else if request.matches(1, "REPLY") {
            reply(request)
        } else if request.matches(1, "NO-EVICT") || request.matches(1, "NO-TOUCH") {
            let isKnown = request.matches(2, "ON") || request.matches(2, "OFF")
            if isKnown { answerOK() } else { answerError("ERR syntax error") }
        } else if request.matches(1, "CAPA") {
            answerOK()
        } else {
            answerHelp(HelpText.client)
        }
        return nil
    }

    private mutating func setInfo(_ request: Request) {
        let attribute = String(decoding: request[2], as: UTF8.self)
        let isName = request.matches(2, "LIB-NAME")
        guard isName || request.matches(2, "LIB-VER") else {
            return answerError("ERR Unrecognized option '\(attribute)'")
        }
        guard let value = Self.attribute(request[3]) else {
            return answerError(
                "ERR \(attribute) cannot contain spaces, newlines or special characters.")
        }
        if isName { libraryName = value } else { libraryVersion = value }
        answerOK()
    }

    private mutating func reply(_ request: Request) {
        if request.matches(2, "ON") {
            replyMode = .on
            answerOK()
        } else if request.matches(2, "OFF") {
            replyMode = .off
        } else if request.matches(2, "SKIP") {
            if replyMode != .off { replyMode = .skip }
        } else {
            answerError("ERR syntax error")
        }
    }

    /// Redis's words for a command that a user may not run.
    static func deniedLine(_ name: String) -> String {
        "NOPERM this user has no permissions to run the '\(name)' command"
    }

    // MARK: LIST and INFO

    private enum FilterResult {
        case success(ClientFilter)
        case failure(String)
    }

    private static let syntaxLine = "ERR syntax error"

    private mutating func list(_ item: Item) {
        var filter = ClientFilter()
        filter.skipsAsker = false
        if item.request.matches(1, "LIST") {
            switch Self.listFilter(item.request) {
            case .success(let parsed): filter = parsed
            case .failure(let line): return answerError(line)
            }
        } else {
            filter.ids = [id]
        }
        guard case .clients(let clients) = item.findings.first else {
            return answerError(Self.syntaxLine)
        }
        let id = id
        let text = clients.filter { filter.selects($0, asker: id) }.sorted { $0.id < $1.id }
            .map { $0.line + "\n" }.joined()
        answer { $0.verbatim(text) }
    }

    private static func listFilter(_ request: Request) -> FilterResult {
        var filter = ClientFilter()
        filter.skipsAsker = false
        if request.count == 4, request.matches(2, "TYPE") {
            guard let kind = kind(request, 3) else { return .failure(unknownKind(request, 3)) }
            filter.kind = kind
        } else if request.count > 3, request.matches(2, "ID") {
            var ids: [UInt64] = []
            for index in 3..<request.count {
                guard let id = request.integer(index) else {
                    return .failure("ERR Invalid client ID")
                }
                if let id = UInt64(exactly: id) { ids.append(id) }
            }
            filter.ids = ids
        } else if request.count != 2 {
            return .failure(syntaxLine)
        }
        return .success(filter)
    }

    private static func kind(_ request: Request, _ index: Int) -> ClientFilter.Kind? {
        if request.matches(index, "NORMAL") { return .normal }
        if request.matches(index, "PUBSUB") { return .pubsub }
        let others: [StaticString] = ["MASTER", "REPLICA", "SLAVE"]
        return others.contains { request.matches(index, $0) } ? .other : nil
    }

    private static func unknownKind(_ request: Request, _ index: Int) -> String {
        "ERR Unknown client type '\(String(decoding: request[index], as: UTF8.self))'"
    }

    // MARK: KILL

    private mutating func kill(_ item: Item) {
        switch Self.killFilter(item.request) {
        case .failure(let line): answerError(line)
        case .success(let filter):
            if case .unknownUser = item.findings.first {
                return answerError("ERR No such user '\(filter.user ?? "")'")
            }
            guard case .killed(let count, let isSelf) = item.findings.first else {
                return answerError(Self.deniedLine("client|kill"))
            }
            if item.request.count == 3 {
                if count == 0 { answerError("ERR No such client") } else { answerOK() }
            } else {
                answer { $0.integer(count) }
            }
            if isSelf, !filter.skipsAsker { end() }
        }
    }

    /// Reads both forms: `KILL addr:port`, and pairs of a filter and its value.
    private static func killFilter(_ request: Request) -> FilterResult {
        var filter = ClientFilter()
        let text = { (index: Int) in String(decoding: request[index], as: UTF8.self) }
        if request.count == 3 {
            filter.address = text(2)
            filter.skipsAsker = false
            return .success(filter)
        }
        var index = 2
        while index < request.count {
            guard index + 1 < request.count else { return .failure(syntaxLine) }
            let value = index + 1
            if request.matches(index, "ID") {
                guard let id = request.integer(value).flatMap(UInt64.init(exactly:)), id > 0 else {
                    return .failure("ERR client-id should be greater than 0")
                }
                filter.ids = [id]
            } else if request.matches(index, "TYPE") {
                guard let kind = kind(request, value) else {
                    return .failure(unknownKind(request, value))
                }
                filter.kind = kind
            } else if request.matches(index, "USER") {
                filter.user = text(value)
            } else if request.matches(index, "ADDR") {
                filter.address = text(value)
            } else if request.matches(index, "LADDR") {
                filter.localAddress = text(value)
            } else if request.matches(index, "SKIPME") {
                if request.matches(value, "YES") {
                    filter.skipsAsker = true
                } else if request.matches(value, "NO") {
                    filter.skipsAsker = false
                } else {
                    return .failure(syntaxLine)
                }
            } else {
                return .failure(syntaxLine)
            }
            index += 2
        }
        return .success(filter)
    }
}

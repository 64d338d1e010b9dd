import PipelineDomain
import PipelineProtocol

/// Every error's wire text, in one place (P-5): what is wrong, and how to mend it, naming everything
/// that is missing.
extension Refusal {
    func write(to reply: inout ReplyWriter, for invocation: Invocation) {
        reply.errorLine(line(for: invocation))
    }

    func line(for invocation: Invocation) -> String {
        switch self {
        case .argument(let error): error.line(for: invocation.command)
        case .rejection(let rejection): rejection.line(for: invocation.request)
        }
    }
}

extension Rejection {
    /// The same at once and off the lock.
    func line(for request: Request?) -> String {
        "\(code.rawValue) \((request.map(named) ?? self).text)"
    }

    /// With an id that no id can be told as it was written: `o99999999999`.
    private func named(in request: Request) -> Rejection {
        guard case .notFound(let noun, let name) = self, name.hasSuffix(String(UInt32.max)) else {
            return self
        }
        for index in 1..<max(1, request.count) {
            guard let text = CanonicalWord.endlessID(request[index]), text.first == name.first
            else { continue }
            return .notFound(noun: noun, name: text)
        }
        return self
    }
}

extension ArgumentError {
    fileprivate func line(for command: Command) -> String {
        let name = command.name
        return switch self {
        case .wrongCount:
            "ERR wrong number of arguments for '\(name.lowercased())' command; usage: \(command.usage)"
        case .unknownKeyword(let word, let nearest):
            "ERR syntax error: \(name) has no keyword '\(word)'"
                + (nearest.map { ", did you mean \($0)?" } ?? "; usage: \(command.usage)")
        case .repeatedKeyword(let word): "ERR syntax error: \(word) is given twice"
        case .missingKeyword(let words):
            "ERR syntax error: \(name) needs \(words.joined(separator: ", ")); usage: \(command.usage)"
        case .missingValue(let word):
            "ERR syntax error: \(word) needs a value; usage: \(command.usage)"
        case .value(let argument, let problem): "INVALID \(argument): \(problem)"
        case .tooMuchAtOnce:
            "ERR \(name) would write more than \(Bounds.decisionBytes) bytes in one step; do it in several"
        case .answersTooMuch:
            "ERR the transaction would answer more than \(Bounds.transactionAnswerBytes) bytes, or look at more than \(Bounds.transactionRows) rows; send it outside MULTI, in several transactions, or with LIMIT and FIELDS"
        case .notInTransaction: "ERR \(name) is not allowed inside MULTI"
        case .notAWrite(let name): "INVALID command: \(name) changes nothing, DRYRUN takes a write"
        case .requestIDReused(let token):
            "INVALID REQID: '\(token)' came with another command before; use a fresh token"
        case .requestIDWithOtherPassword(let token):
            "INVALID REQID: '\(token)' came before, and not with this password; use a fresh token"
        case .requestIDInDryRun: "INVALID REQID: a dry run is never remembered; leave REQID out"
        case .unknownCommand(let line): line
        }
    }
}

extension Rejection {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notPermitted: .noPerm
        case .stale, .alreadyClosed, .leadEnded, .alreadyDone, .alreadyDecided, .taken,
            .customerKnown, .cycle,
            .nothingPending, .nothingDrafted, .inactive, .activity, .lastAdmin, .ownsDeals,
            .tooMuchAtOnce, .notClosed, .ownerInactive, .inactiveUnit, .unitInUse,
            .processConflict:
            .conflict
        case .pending: .pending
        case .invalid, .ambiguousProcess, .severalProcesses, .winRatesFall: .invalid
        case .gate, .noSuperior: .gate
        }
    }

    var text: String {
        switch self {
        case .notFound(let noun, let name):
            "no \(noun) '\(name)'; check the id, or ask whoever may see it"
        case .notPermitted(let action, let who): "you may not \(action); that is for \(who)"
        case .stale(let name, let current, let by):
            "\(name) is at revision \(current), changed by \(by.somebody?.description ?? "the passing of time"); read it again and repeat with IFREV \(current)"
        case .alreadyClosed(let id, let outcome):
            "\(id) is closed (\(outcome.rawValue)); OPP.NOTE is still possible"
        case .leadEnded(let id, let status):
            "\(id) is \(status.rawValue) already; LEAD.CREATE enters a new one"
        case .alreadyDone(let id, let by): "\(id) is done already, by \(by)"
        case .alreadyDecided(let id, let status, let by):
            "\(id) is \(status.rawValue) already\(by.map { ", by \($0)" } ?? ", by rule")"
        case .taken(let what, let text, let by): "\(what) '\(text)' is taken by \(by)"
        case .customerKnown(let name, let customer, let lead):
            "customer name '\(name)' is taken by \(customer); LEAD.CONVERT \(lead) with CUSTOMER \(customer) makes the deal with it"
        case .cycle(let what, let name): "\(what) (\(name)); choose another one"
        case .nothingPending(let id): "\(id) has no approval request; OPP.ADVANCE makes one"
        case .nothingDrafted(let process): "'\(process)' has no draft; PROCESS.PUT one first"
        case .inactive(let person): "\(person) is not active; name somebody who is"
        case .notClosed(let id): "\(id) is open; OPP.OVERRIDE or OPP.ADVANCE moves it"
        case .ownerInactive(let id, let owner):
            "\(owner), who owns \(id), is not active; PERSON.ACTIVATE \(owner) first"
        case .activity(let person, let isActive):
            "\(person) is \(isActive ? "" : "in")active already"
        case .lastAdmin(let person):
            "\(person) is the last active admin; give somebody else that role first"
        case .ownsDeals(let person, let deals): Self.owned(by: person, deals)
        case .tooMuchAtOnce(let person, let deals, let requests):
            "\(person) has too much in hand for one step (\(deals) open deals, \(requests) requests to decide); OPP.TRANSFER or APPROVAL.REROUTE some of it first"
        case .inactiveUnit(let unit, let into):
            "\(unit) is not active"
                + (into.map { ", it was merged into \($0)" } ?? "") + "; name a unit that is"
        case .unitInUse(let unit, let people, let units):
            "\(unit) is in use by \((people.map(\.description) + units.map(\.description)).joined(separator: ", ")); move them, or UNIT.MERGE \(unit) into another"
        case .processConflict(let unit, let pairs):
            pairs.map { $0.map { "'\($0)'" }.joined(separator: " and ") }.joined(separator: ", ")
                + " would fit \(unit) equally well; say which do not follow: DROP n key"
        case .pending(let id, let approval):
            "\(id) waits for \(approval) and is locked; OPP.RECALL \(id) takes the request back"
        case .invalid(let faults):
            faults.map { "\($0.argument): \($0.problem)" }.joined(separator: "; ")
        case .ambiguousProcess(let keys):
            "PROCESS: \(keys.joined(separator: " and ")) fit equally well; name one"
        case .severalProcesses(let keys):
            "PROCESS: the deals follow several processes, name one of \(keys.joined(separator: ", "))"
        case .winRatesFall(let dips):
            "win rates fall from "
                + dips.map { "'\($0.from)' to '\($0.to)'" }.joined(separator: ", ")
                + "; correct them or say ALLOW-DIP"
        case .gate(let id, let stage, let missing):
            "\(id) cannot leave '\(stage)': \(Self.list(missing))"
        case .noSuperior(let id, let stage):
            "\(id) cannot leave '\(stage)': nobody above its owner may approve; an admin sets a superior or the gate's onNoSuperior"
        }
    }

    private static func owned(by person: PersonID, _ deals: [OpportunityID]) -> String {
        let named = deals.prefix(20).map(\.description).joined(separator: ", ")
        let more = deals.count > 20 ? " and \(deals.count - 20) more" : ""
        return "\(person) owns open deals: \(named)\(more); DEALS-TO says who gets them"
    }

    /// `missing feedback 'budget_owner'; task 'site-visit' not done`.
    private static func list(_ missing: [Missing]) -> String {
        missing.map { item in
            switch item {
            case .task(let key, _): "task '\(key)' not done"
            case .feedback(let key, _): "missing feedback '\(key)'"
            case .field(let requirement): "missing field '\(requirement.rawValue)'"
            case .review: "missing REVIEW: what worked, what did not"
            }
        }.joined(separator: "; ")
    }
}

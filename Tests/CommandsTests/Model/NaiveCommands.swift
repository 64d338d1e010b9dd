/// One command after the other, as a connection sends them.
extension NaiveCompany {
    /// Carries a command out, or changes nothing.
    mutating func run(_ operation: Operation) throws(Refused) -> NaiveAnswer {
        if case .malformed(_, let code, let wish) = operation.wish {
            if let wish { try refuseEarlier(Operation(actor: operation.actor, wish: wish)) }
            throw Refused(code)
        }
        let words = operation.words
        if let key = operation.requestKey {
            if operation.isDry { throw Refused(.invalid) }
            if let known = person(operation.actor).answers[key], now - known.at <= 86_400_000 {
                if known.words != words { throw Refused(.invalid) }
                return known.answer
            }
        }
        var next = self
        let answer = try next.carryOut(operation)
        if operation.isDry { return answer.dry }
        self = next
        if let key = operation.requestKey {
            persons[operation.actor - 1].answers[key] = Remembered(
                words: words, answer: answer, at: now)
        }
        return answer
    }

    /// Refuses what is refused before any value is looked at.
    private func refuseEarlier(_ operation: Operation) throws(Refused) {
        var copy = self
        do throws(Refused) {
            _ = try copy.carryOut(operation)
        } catch {
            switch error.code {
            case .form, .notFound, .notPermitted, .conflict, .pending: throw error
            case .invalid, .gate: break
            }
        }
    }

    /// `MULTI` … `EXEC`: all of them, or none; the answers before the refusal tell its place (P-4).
    mutating func transact(
        _ operations: [Operation]
    ) -> (answers: [NaiveAnswer], refused: Refused?) {
        var next = self
        var answers: [NaiveAnswer] = []
        for operation in operations {
            do throws(Refused) {
                answers.append(try next.run(operation))
            } catch {
                return (answers, error)
            }
        }
        self = next
        return (answers, nil)
    }

    private mutating func carryOut(_ operation: Operation) throws(Refused) -> NaiveAnswer {
        if let answer = try carryOutForCompany(operation) { return answer }
        if let answer = try carryOutOnDeal(operation) { return answer }
        return try carryOutOtherwise(operation)
    }

    private mutating func carryOutForCompany(
        _ operation: Operation
    ) throws(Refused) -> NaiveAnswer? {
        switch operation.wish {
        case .createUnit(let parent, let head):
            try createUnit(operation, parent: parent, head: head)
        case .updateUnit(let id, let parent, let head):
            try updateUnit(operation, id, parent: parent, head: head)
        case .mergeUnit(let id, let into, let dropping):
            try mergeUnit(operation, id, into: into, dropping: dropping)
        case .deactivateUnit(let id): try deactivateUnit(operation, id)
        case .createPerson(let login, let unit, let superior, let role, let zone):
            try createPerson(
                operation, login: login, unit: unit, superior: superior, role: role, zone: zone)
        case .updatePerson(let id, let wish): try updatePerson(operation, id, wish)
        case .deactivatePerson(let id, let heir):
            try deactivatePerson(operation, id, heir: heir)
        case .activatePerson(let id): try activatePerson(operation, id)
        case .delegate(let id, let wish): try delegate(operation, id, wish)
        case .acknowledge(let seq): acknowledge(operation, upTo: seq)
        case .putProcess(let key, let definition): try putProcess(operation, key, definition)
        case .publish(let id, let allowsDip): try publish(operation, id, allowsDip: allowsDip)
        case .migrate(let id, let from, let to, let map):
            try migrate(operation, id, from: from, to: to, map: map)
        case .setRate(let code, let day, let scaled):
            try setRate(operation, code, from: day, scaled: scaled)
        default: nil
        }
    }

    private mutating func carryOutOnDeal(_ operation: Operation) throws(Refused) -> NaiveAnswer? {
        switch operation.wish {
        case .createDeal(let wish): try createDeal(operation, wish)
        case .updateDeal(let id, let wish): try updateDeal(operation, id, wish)
        case .feedback(let id, let values): try giveFeedback(operation, id, values)
        case .task(let id, let key, let done, let evidence):
            try markTask(operation, id, key, done: done, evidence: evidence)
        case .advance(let id, let to, let note): try advance(operation, id, to: to, note: note)
        case .win(let id, let review): try win(operation, id, review: review)
        case .close(let id, let outcome, let reason, let review):
            try close(operation, id, outcome, reason: reason, review: review)
        case .reopen(let id, let reason, let stage):
            try reopen(operation, id, reason: reason, stage: stage)
        case .override(let id, let to, let reason):
            try override(operation, id, to: to, reason: reason)
        case .transfer(let id, let to): try transfer(operation, id, to: to)
        case .recall(let id): try recall(operation, id)
        case .note(let id, let text, let answering, let mentioning):
            try note(operation, id, text: text, answering: answering, mentioning: mentioning)
        case .tag(let id, let adding, let removing):
            try tag(operation, id, adding: adding, removing: removing)
        case .team(let id, let person, let role):
            try changeTeam(operation, id, person: person, role: role)
        default: nil
        }
    }

    private mutating func carryOutOtherwise(_ operation: Operation) throws(Refused) -> NaiveAnswer {
        switch operation.wish {
        case .createCustomer(let name, let fields):
            try createCustomer(operation, name: name, fields: fields)
        case .updateCustomer(let id, let name, let fields):
            try updateCustomer(operation, id, name: name, fields: fields)
        case .decide(let id, let note, let approves):
            try decide(operation, id, note: note, approves: approves)
        case .reroute(let id, let to, let reason):
            try reroute(operation, id, to: to, reason: reason)
        case .createLead(let name, let owner, let fields):
            try createLead(operation, name: name, owner: owner, fields: fields)
        case .updateLead(let id, let source, let owner):
            try updateLead(operation, id, source: source, owner: owner)
        case .discardLead(let id): try discardLead(operation, id)
        case .convertLead(let id, let wish): try convertLead(operation, id, wish)
        case .showDeal(let id): try show(operation, deal: id)
        case .showApproval(let id): try show(operation, approval: id)
        case .funnel(let unit, let process, let owner):
            try funnel(operation, unit: unit, process: process, owner: owner)
        case .forecast(let unit, let process, let period):
            try forecast(operation, unit: unit, process: process, period: period)
        default: throw Refused(.form)
        }
    }
}

/// `OPP.FEEDBACK`: fills fields of the deal's stages; an empty value clears one (D-2, D-11).
public struct GiveFeedback: Intent {
    let opportunity: OpportunityID
    let values: [(field: String, value: String)]

    public init(opportunity: OpportunityID, values: [(field: String, value: String)]) {
        self.opportunity = opportunity
        self.values = values
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "give feedback on")
        try deal.requireUnlocked()
        var events: [Event] = []
        var faults: [Rejection.Fault] = []
        var seen: Set<StageItem> = []
        for (key, text) in values {
            guard let (item, field) = deal.feedbackField(key) else {
                faults.append(.init(key, deal.unknownField()))
                continue
            }
            guard seen.insert(item).inserted else {
                faults.append(.init(key, "is given twice"))
                continue
            }
            do {
                let new = text.isEmpty ? nil : try state.value(text, for: field, of: deal)
                guard new != deal.feedback[item] else { continue }
                events.append(
                    .opportunity(
                        deal.id, .feedbackGiven(item, Change(from: deal.feedback[item], to: new))))
            } catch {
                faults.append(.init(key, error.text))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return Decision(.opportunity(deal.id), events)
    }
}

/// `OPP.TASK`: marks a task of the deal's stages done or not done; also by whoever fills the task's
/// role (D-2, D-6, D-32).
public struct MarkTask: Intent {
    let opportunity: OpportunityID
    let task: String
    let done: Bool
    let evidence: String?
    let note: String?

    public init(
        opportunity: OpportunityID, task: String, done: Bool, evidence: String?, note: String?
    ) {
        self.opportunity = opportunity
        self.task = task
        self.done = done
        self.evidence = evidence
        self.note = note
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "mark tasks of") { deal in
            guard let role = deal.task(task)?.1.role else { return false }
            return deal.roles(of: context.actor).contains(role)
        }
        try deal.requireUnlocked()
        guard let (item, task) = deal.task(task) else {
            let known = deal.currentStage.tasks.map(\.key).joined(separator: ", ")
            throw .invalid(
                task,
                known.isEmpty
                    ? "stage '\(deal.currentStage.key)' has no tasks"
                    : "is no task of the process; stage '\(deal.currentStage.key)' has: \(known)")
        }
        let isDone = deal.tasksDone[item] != nil
        guard done else {
            return Decision(
                .opportunity(deal.id),
                isDone ? [.opportunity(deal.id, .taskUndone(item, note: note))] : [])
        }
        if task.evidence, evidence.isBlank {
            throw .invalid(
                "EVIDENCE",
                "task '\(task.key)' asks for a result that the customer can verify; add EVIDENCE")
        }
        let event = OpportunityEvent.taskDone(item, evidence: evidence, note: note)
        let news = state.tellTeam(of: deal, .taskDone, note: task.name, context)
        return Decision(
            .opportunity(deal.id), isDone ? [] : [.opportunity(deal.id, event)] + news)
    }
}

/// Why a text is no value of a feedback field.
enum ValueProblem: Error {
    case wrong(String)

    var text: String {
        switch self {
        case .wrong(let text): text
        }
    }
}

extension Opportunity {
    /// Stages in the order in which a key is looked for: the present one, those ahead (work may be
    /// prepared, D-16), then those behind, nearest first.
    private var searchOrder: [Stage] {
        let stages = definition.stages
        return Array(stages[stage...]) + stages[..<stage].reversed()
    }

    fileprivate func feedbackField(_ key: String) -> (StageItem, FeedbackField)? {
        for stage in searchOrder {
            if let field = stage.feedback.first(where: { $0.key == key }) {
                return (StageItem(stage: stage.key, key: key), field)
            }
        }
        return nil
    }

    fileprivate func task(_ key: String) -> (StageItem, StageTask)? {
        for stage in searchOrder {
            if let task = stage.tasks.first(where: { $0.key == key }) {
                return (StageItem(stage: stage.key, key: key), task)
            }
        }
        return nil
    }

    fileprivate func unknownField() -> String {
        let known = currentStage.feedback.map(\.key).joined(separator: ", ")
        return known.isEmpty
            ? "is no feedback field of the process; stage '\(currentStage.key)' has none"
            : "is no feedback field of the process; stage '\(currentStage.key)' has: \(known)"
    }
}

extension State {
    fileprivate func value(
        _ text: String, for field: FeedbackField, of deal: Opportunity
    ) throws(ValueProblem) -> FeedbackValue {
        switch field.type {
        case .text:
            guard !Optional(text).isBlank else {
                throw .wrong("is nothing but blanks; an empty value clears it")
            }
            return .text(text)
        case .number:
            return .number(try Self.number(text))
        case .money:
            do {
                return .money(try Amount(text.utf8).money(in: deal.currency))
            } catch {
                throw .wrong(error.text(deal.currency.code))
            }
        case .date:
            guard let day = Day(text.utf8) else { throw .wrong("must be a date, YYYY-MM-DD") }
            return .date(day)
        case .choice:
            guard field.choices.contains(text) else {
                throw .wrong("must be one of: \(field.choices.joined(separator: ", "))")
            }
            return .choice(text)
        case .boolean:
            switch text.lowercased() {
            case "yes", "true", "1": return .boolean(true)
            case "no", "false", "0": return .boolean(false)
            default: throw .wrong("must be yes or no")
            }
        case .person:
            if let id = PersonID(text.utf8), persons.contains(id) { return .person(id) }
            if let id = logins[text] { return .person(id) }
            throw .wrong("must be a person's id or login")
        case .contact:
            guard let id = ContactID(text.utf8), let contact = contacts[find: id],
                contact.customer == deal.customer
            else {
                throw .wrong("must be the id of a contact of \(deal.customer), such as k3")
            }
            guard !contact.hasLeft else { throw .wrong("\(id) has left \(deal.customer)") }
            return .contact(id)
        }
    }

    /// A decimal number with an optional sign, in its shortest form.
    static func number(_ text: String) throws(ValueProblem) -> String {
        let negative = text.hasPrefix("-")
        do {
            let amount = try Amount(text.utf8.dropFirst(negative ? 1 : 0))
            let plain = Decimal.text(Int128(amount.digits), digits: amount.scale)
            return negative && amount.digits != 0 ? "-" + plain : plain
        } catch {
            throw .wrong("must be a number such as 12 or -3.5, below 10^15, at most 6 decimals")
        }
    }
}

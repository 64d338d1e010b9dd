/// Draws operations that often succeed and often just fail.
struct ModelDice {
    private var dice: SplitMix
    /// Operations with a request key, for sending them again.
    private var keyed: [Operation] = []
    private var keys = 0
    /// One company in three has large deals, and deciders who come and go; one has ever new versions.
    let isAboutApprovals: Bool
    let isAboutMethods: Bool

    init(seed: UInt64) {
        dice = SplitMix(seed: seed)
        isAboutApprovals = seed % 3 == 0
        isAboutMethods = seed % 3 == 1
    }

    mutating func below(_ bound: Int) -> Int { dice.below(bound) }
    mutating func chance(_ percent: Int) -> Bool { dice.below(100) < percent }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[dice.below(list.count)] }

    /// Milliseconds until the next command: mostly short, sometimes a day.
    mutating func pause() -> Int {
        chance(3) ? 3_600_000 * (1 + below(30)) : 1 + below(600_000)
    }

    /// One command, or those of a transaction.
    mutating func operations(_ company: NaiveCompany) -> [Operation] {
        guard chance(4) else { return [single(company)] }
        let first = one(company)
        var all = [first]
        for _ in 0..<1 + below(3) { all.append(one(company, as: first.actor)) }
        all.removeAll { operation in
            if case .malformed = operation.wish { return true }
            return operation.isQuestion
        }
        return all.count > 1 ? all : [first]
    }

    mutating func single(_ company: NaiveCompany) -> Operation {
        if chance(2), !keyed.isEmpty {
            let again = pick(keyed.suffix(6))
            if company.person(again.actor).isActive { return again }
        }
        var operation = one(company)
        if case .malformed = operation.wish { return operation }
        guard !operation.isQuestion else { return operation }
        if chance(4) {
            operation.isDry = true
            if chance(4) { operation.requestKey = "k0" }
        } else if chance(6) {
            let reused = chance(6) ? keyed.last?.requestKey : nil
            keys += 1
            operation.requestKey = reused ?? "k\(keys)"
            keyed.append(operation)
        }
        return operation
    }

    /// Who sends it: somebody who might be allowed to, or anybody.
    enum Sender {
        case anybody
        case admin
        case among([Int])
    }

    mutating func one(_ company: NaiveCompany, as actor: Int? = nil) -> Operation {
        let (wish, sender) = wish(company)
        let active = company.persons.indices.map { $0 + 1 }.filter { company.person($0).isActive }
        var chosen = actor
        if chosen == nil, wish.isReport || !chance(12) {
            let fit: [Int] =
                switch sender {
                case .anybody: active
                case .admin: active.filter(company.isAdmin)
                case .among(let people): active.filter(people.contains)
                }
            if !fit.isEmpty { chosen = pick(fit) }
        }
        var operation = Operation(actor: chosen ?? pick(active), wish: wish)
        if chance(10), let rev = company.revision(wish) {
            operation.expectedRevision = chance(60) ? rev : max(0, rev - 1 + 2 * below(2))
        }
        return operation
    }

    mutating func wish(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let number = below(1_000)
        if isAboutApprovals, number >= 770, number < 900, chance(55) {
            return chance(60) ? approvalWish(company) : comingAndGoing(company)
        }
        if isAboutMethods, number >= 770, number < 900, chance(40) { return methodWish(company) }
        switch number {
        case ..<620: return dealWish(company, number)
        case ..<770: return approvalWish(company)
        case ..<830: return leadWish(company)
        case ..<900: return organisationWish(company)
        case ..<930: return methodWish(company)
        case ..<985: return question(company)
        default: return (malformed(), .anybody)
        }
    }

    // MARK: Ids, mostly of something that is there

    mutating func id(_ count: Int) -> Int { chance(2) ? count + 1 : 1 + below(count) }

    mutating func dealID(_ company: NaiveCompany, open: Bool = true) -> Int {
        let fit = company.deals.indices.filter { (company.deals[$0].outcome == "open") == open }
        guard !fit.isEmpty, !chance(5) else { return id(company.deals.count) }
        return pick(fit) + 1
    }

    mutating func personID(_ company: NaiveCompany) -> Int { id(company.persons.count) }

    func inCharge(_ company: NaiveCompany, _ id: Int) -> Sender {
        guard id <= company.deals.count else { return .anybody }
        let owner = company.deal(id).owner
        return .among([owner, owner] + company.everybodyAbove(owner))
    }

    func over(_ company: NaiveCompany, _ id: Int) -> Sender {
        guard id <= company.deals.count else { return .anybody }
        return .among(company.everybodyAbove(company.deal(id).owner) + [1])
    }

    // MARK: Deals

    private static let amounts = [
        "0", "100", "399999.99", "400000", "49999.5", "99999.99", "100000", "499999.99", "500000",
        "500000.01", "560000", "559999.99", "700000", "1000000", "1200000", "250000", "350000",
        "68965.51", "68965.52", "1", "7000000", "1.005", "600000", "550000", "900000", "800000",
    ]

    mutating func amount(_ currency: String?) -> String {
        if isAboutApprovals, chance(60) { return pick(["500000", "700000", "1000000", "2000000"]) }
        let text = pick(Self.amounts)
        guard currency == "JPY", !chance(4) else { return text }
        return String(text.prefix { $0 != "." })
    }

    mutating func currency() -> String? {
        chance(85) ? nil : pick(["USD", "JPY", "KWD", "CNY"])
    }

    mutating func day(_ company: NaiveCompany) -> Int {
        company.companyToday + below(60) - 12
    }

    mutating func dealWish(
        _ company: NaiveCompany, _ number: Int
    ) -> (Operation.Wish, Sender) {
        if company.deals.count < 4 || number < 45 && company.deals.count < 40 {
            return newDeal(company)
        }
        let id = dealID(company)
        switch number {
        case ..<230: return work(company, id)
        case ..<340: return step(company, id)
        case ..<400: return ending(company, id)
        case ..<425: return closing(company, id)
        case ..<455:
            let closed = dealID(company, open: false)
            let stage = chance(70) ? nil : stageKey(company, closed)
            return (
                .reopen(closed, reason: chance(95) ? "又来了" : " ", stage: stage),
                over(company, closed)
            )
        case ..<475:
            return (
                .override(id, to: stageKey(company, id), reason: chance(92) ? "老板说的" : "\t"),
                over(company, id)
            )
        case ..<500: return transfer(company, id)
        case ..<515: return recall(company, id)
        case ..<570: return update(company, id)
        default: return beside(company, id)
        }
    }

    mutating func newDeal(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        var wish = Operation.DealWish(
            title: "商机 \(below(1_000))", customer: id(company.customers.count))
        wish.currency = currency()
        wish.amount = chance(20) ? nil : amount(wish.currency)
        wish.close = chance(40) ? nil : day(company)
        wish.fields = dealFields()
        let owner = personID(company)
        guard !chance(30), wish.customer <= company.customers.count,
            owner <= company.persons.count
        else {
            wish.process = chance(50) ? nil : id(company.processes.count)
            wish.owner = chance(50) ? nil : owner
            return (.createDeal(wish), .anybody)
        }
        let customer = company.customers[wish.customer - 1].fields
        let traits = NaiveCompany.Traits(
            owner: owner, unit: company.person(owner).unit, type: customer["type"],
            industry: wish.fields["industry"] ?? customer["industry"],
            product: wish.fields["product"])
        let fitting = company.processes.indices.filter { company.fit($0 + 1, traits) != nil }
        wish.process = fitting.isEmpty ? nil : chance(40) ? fitting[0] + 1 : pick(fitting) + 1
        if chance(60) { return (.createDeal(wish), .among([owner])) }
        wish.owner = owner
        return (.createDeal(wish), .among([owner, 1] + company.everybodyAbove(owner)))
    }

    mutating func dealFields() -> [String: String] {
        var fields: [String: String] = [:]
        if chance(30) { fields["source"] = pick(["展会", "referral"]) }
        if chance(40) { fields["industry"] = pick(["steel", "STEEL", "banking"]) }
        if chance(20) { fields["product"] = pick(["crane", "roof"]) }
        if chance(12) { fields["extid"] = "x-\(below(20))" }
        return fields
    }

    mutating func stageKey(_ company: NaiveCompany, _ id: Int) -> String {
        guard id <= company.deals.count, !chance(4) else { return "nowhere" }
        return pick(company.definition(company.deal(id)).stages).key
    }

    /// Feedback and tasks: mostly what is missing.
    mutating func work(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        guard id <= company.deals.count else {
            return (.task(id, "demo", done: true, evidence: nil), .anybody)
        }
        let deal = company.deal(id)
        let stages = company.definition(deal).stages
        let stage = chance(85) ? company.stage(deal) : pick(stages)
        if stage.feedback.isEmpty, stage.tasks.isEmpty, !chance(10) { return move(company, id) }
        let isTask = stage.feedback.isEmpty || !stage.tasks.isEmpty && chance(55)
        if isTask {
            let task = stage.tasks.isEmpty ? nil : pick(stage.tasks)
            let wish = Operation.Wish.task(
                id, task?.key ?? pick(["demo", "nothing"]), done: chance(88),
                evidence: chance(75) ? "照片" : nil)
            guard let role = task?.role, chance(40) else { return (wish, inCharge(company, id)) }
            return (wish, .among(deal.team.filter { $0.role == role }.map(\.person)))
        }
        var values: [Operation.Value] = []
        for field in stage.feedback where values.isEmpty || chance(40) {
            values.append(Operation.Value(key: field.key, text: value(field)))
        }
        if chance(3) { values.append(Operation.Value(key: "colour", text: "red")) }
        if chance(2) { values.append(values[0]) }
        return (.feedback(id, values), inCharge(company, id))
    }

    mutating func value(_ field: NaiveProcess.Field) -> String {
        if chance(8) { return "" }
        switch field.type {
        case "choice": return chance(90) ? pick(field.choices) : "medium"
        case "number": return chance(90) ? "\(below(30))" : "many"
        default: return pick(["王总", "Ms. Li"])
        }
    }

    /// Towards the next stage: what is missing, or the move itself.
    mutating func step(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        if id <= company.deals.count, chance(80), !company.missing(id).isEmpty {
            return work(company, id)
        }
        return move(company, id)
    }

    mutating func move(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        guard id <= company.deals.count else {
            return (.advance(id, to: nil, note: nil), .anybody)
        }
        let deal = company.deal(id)
        let definition = company.definition(deal)
        let listed = definition.transitions.filter { $0.from == deal.stage }
        if listed.isEmpty, deal.stage == definition.stages.last?.key, chance(75) {
            return win(company, id)
        }
        var target: String?
        let isForward = definition.isLinear && deal.stage != definition.stages.last?.key
        if !listed.isEmpty, chance(isForward ? 12 : 65) { target = pick(listed).to }
        if target == "won", chance(70) { return win(company, id) }
        if chance(3) { target = stageKey(company, id) }
        return (
            .advance(id, to: target, note: chance(75) ? "说明" : nil), inCharge(company, id)
        )
    }

    mutating func win(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        (.win(id, review: chance(90) ? "值得" : nil), inCharge(company, id))
    }

    /// Mostly of deals that are near their end.
    mutating func ending(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        guard id <= company.deals.count, !chance(15) else { return win(company, id) }
        let deal = company.deal(id)
        let definition = company.definition(deal)
        let isNear =
            deal.stage == definition.stages.last?.key
            || definition.transitions.contains { $0.from == deal.stage && $0.to == "won" }
        return isNear ? win(company, id) : step(company, id)
    }

    /// Sometimes to somebody who has to decide over the deal.
    mutating func transfer(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        let waiting = company.deals.indices.filter { company.deals[$0].pending != nil }
        guard chance(50), !waiting.isEmpty else {
            return (.transfer(id, to: personID(company)), over(company, id))
        }
        let deal = pick(waiting) + 1
        let deciders = company.deal(deal).pending.map { company.approval($0).undecided } ?? []
        let to = deciders.isEmpty || chance(30) ? personID(company) : pick(deciders)
        return (.transfer(deal, to: to), over(company, deal))
    }

    mutating func recall(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        let waiting = company.deals.indices.filter { company.deals[$0].pending != nil }
        let deal = waiting.isEmpty || chance(15) ? id : pick(waiting) + 1
        let submitter = company.approvals.last { $0.deal == deal }?.submitter
        return (.recall(deal), submitter.map { .among([$0]) } ?? .anybody)
    }

    mutating func closing(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        let outcome = pick(["lost", "lost", "invalid"])
        let reason = pick(["price", "rival", "duplicate"])
        return (
            .close(id, outcome: outcome, reason: reason, review: chance(85) ? "太贵" : nil),
            inCharge(company, id)
        )
    }

    mutating func update(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        var wish = Operation.DealUpdate()
        var id = id
        let approved = company.approvals.filter {
            $0.status == "approved" && company.deal($0.deal).outcome == "open"
        }
        if !approved.isEmpty, chance(45) {
            let request = pick(approved)
            id = request.deal
            if let old = request.amount, chance(35) {
                // Just as far as the approval allows, or a little farther.
                let percent = 100 - company.definition(company.deal(id)).reaskDropPercent
                let least = max(0, old * percent / 100 - below(2))
                wish.amount = NaiveText.decimal(least, request.currency)
                return (.updateDeal(id, wish), inCharge(company, id))
            }
        }
        let currency = id <= company.deals.count ? company.deal(id).currency : "CNY"
        if chance(12) { wish.currency = self.currency() }
        if chance(70) { wish.amount = chance(6) ? "" : amount(wish.currency ?? currency) }
        if chance(20) { wish.close = chance(15) ? 0 : day(company) }
        if chance(10) { wish.title = "商机 \(below(50))" }
        if chance(6) { wish.customer = self.id(company.customers.count) }
        if chance(15) { wish.fields = dealFields() }
        if chance(5) { wish.fields["industry"] = "" }
        return (.updateDeal(id, wish), inCharge(company, id))
    }

    /// What a pending request does not hinder.
    mutating func beside(_ company: NaiveCompany, _ id: Int) -> (Operation.Wish, Sender) {
        switch below(5) {
        case 0, 1:
            let role = chance(75) ? pick(["presales", "presales", "顾问"]) : nil
            return (.team(id, person: personID(company), role: role), inCharge(company, id))
        case 2:
            let tags = ["urgent", "Urgent", "重点", "a,b"]
            let adding = chance(70) ? pick(tags) : nil
            let removing = adding == nil || chance(20) ? pick(tags) : nil
            return (.tag(id, adding: adding, removing: removing), inCharge(company, id))
        default:
            var answering: Int?
            if chance(40), id <= company.deals.count, let note = company.deal(id).notes.last {
                answering = note - below(2)
            }
            let mentioning = chance(40) ? [personID(company), personID(company)] : []
            let viewers = company.persons.indices.map { $0 + 1 }.filter {
                id <= company.deals.count && company.sees($0, deal: id)
            }
            return (
                .note(
                    id, text: chance(96) ? "记录" : " ", answering: answering == 0 ? nil : answering,
                    mentioning: mentioning),
                .among(viewers)
            )
        }
    }
}

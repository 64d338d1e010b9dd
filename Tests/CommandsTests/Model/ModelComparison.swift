import PipelineDomain
import PipelineProtocol

@testable import PipelineCommands

/// Everything that the two companies hold, side by side.
extension ModelRun {
    /// The first thing that they hold differently.
    func compareAll() -> String? {
        comparePeople() ?? compareUnits() ?? compareDeals() ?? compareSight() ?? compareInboxes()
            ?? compareReports()
    }

    private var admin: Int {
        model.persons.indices.first { model.persons[$0].isActive && model.isAdmin($0 + 1) }
            .map { $0 + 1 } ?? 1
    }

    private func ask(_ words: [String], as person: Int) -> Reply {
        Self.read(
            company.bytes(
                words.map { Array($0.utf8) }, as: model.person(person).login, .resp3))
    }

    private func comparePeople() -> String? {
        let rows = ask(["PERSON.LIST"], as: admin).rows
        guard rows.count == model.persons.count else { return "\(rows.count) people" }
        for (index, person) in model.persons.enumerated() {
            var answer = NaiveAnswer("e\(index + 1)", person.rev)
            answer.add("login", person.login)
            answer.add("unit", "u\(person.unit)")
            answer.add("superior", NaiveCompany.id("e", person.superior))
            answer.add("approver", NaiveCompany.id("e", model.superior(index + 1)))
            answer.add("role", person.role)
            answer.add("tz", person.zone)
            answer.add("active", "\(person.isActive)")
            answer.add("delegate", NaiveCompany.id("e", person.delegation?.to))
            if let found = Self.difference(answer, rows[index]) { return found }
        }
        return nil
    }

    private func compareUnits() -> String? {
        let rows = ask(["UNIT.TREE"], as: admin).rows
        guard rows.count == model.units.count else { return "\(rows.count) units" }
        for (index, unit) in model.units.enumerated() {
            let row = rows.first { $0["id"]?.text == "u\(index + 1)" } ?? .null
            var answer = NaiveAnswer("u\(index + 1)", unit.rev)
            answer.add("parent", NaiveCompany.id("u", unit.parent))
            answer.add("head", NaiveCompany.id("e", unit.head))
            answer.add("active", "\(unit.isActive)")
            answer.add("mergedInto", NaiveCompany.id("u", unit.mergedInto))
            answer.add("people", "\(model.persons.filter { $0.unit == index + 1 }.count)")
            if let found = Self.difference(answer, row) { return found }
        }
        return nil
    }

    private func compareDeals() -> String? {
        let deals = ask(["OPP.LIST", "LIMIT", "0", "1000"], as: admin).rows
        guard deals.count == model.deals.count else { return "\(deals.count) deals" }
        for (index, row) in deals.enumerated() {
            let show = Operation(actor: admin, wish: .showDeal(index + 1))
            guard let answer = try? model.show(show, deal: index + 1) else {
                return "o\(index + 1)"
            }
            if let found = Self.difference(answer, row) { return found }
            if let found = compareWork(index) { return found }
        }
        let requests = ask(["APPROVAL.LIST", "LIMIT", "0", "1000"], as: admin).rows
        guard requests.count == model.approvals.count else { return "\(requests.count) requests" }
        for (index, row) in requests.enumerated() {
            let show = Operation(actor: admin, wish: .showApproval(index + 1))
            guard let answer = try? model.show(show, approval: index + 1) else {
                return "a\(index + 1)"
            }
            if let found = Self.difference(answer, row) { return found }
            let real = company.ledger.state.approvals[ApprovalID(UInt32(index + 1))]
            let vacancies = model.approvals[index].vacancies
            if real.vacancies != vacancies {
                return "a\(index + 1): \(vacancies) vacancies, found \(real.vacancies)"
            }
        }
        return nil
    }

    /// Team, feedback and tasks of a deal.
    private func compareWork(_ index: Int) -> String? {
        let real = company.ledger.state.opportunities[
            OpportunityID(UInt32(index + 1))]
        let deal = model.deals[index]
        let team = deal.team.map { "e\($0.person) \($0.role)" }.sorted()
        let found = real.team.map { "\($0.person) \($0.role)" }.sorted()
        if team != found { return "o\(index + 1): the team is \(team), found \(found)" }
        let values = real.feedback.map { ("\($0.key.stage)/\($0.key.key)", $0.value.plain) }
        let given = Dictionary(uniqueKeysWithValues: values)
        if deal.feedback != given { return "o\(index + 1): \(deal.feedback), found \(given)" }
        let done = Set(real.tasksDone.keys.map { "\($0.stage)/\($0.key)" })
        return deal.done == done ? nil : "o\(index + 1): \(deal.done) is done, found \(done)"
    }

    /// Who sees which deals and leads, and who stands above whom (D-33).
    private func compareSight() -> String? {
        for viewer in model.persons.indices.map({ $0 + 1 }) {
            let deals = ask(["OPP.LIST", "LIMIT", "0", "1000", "FIELDS", "1", "id"], as: viewer)
            let seen = model.deals.indices.map { $0 + 1 }.filter { model.sees(viewer, deal: $0) }
            if deals.rows.compactMap({ $0["id"]?.text }) != seen.map({ "o\($0)" }) {
                return "e\(viewer) sees the deals \(seen), found \(deals.plain)"
            }
            let leads = ask(["LEAD.LIST"], as: viewer).rows
            let visible = model.leads.indices.map { $0 + 1 }.filter { model.sees(viewer, lead: $0) }
            if leads.compactMap({ $0["id"]?.text }) != visible.map({ "l\($0)" }) {
                return "e\(viewer) sees the leads \(visible), found \(leads.count)"
            }
            let above = model.everybodyAbove(viewer)
            for upper in model.persons.indices.map({ $0 + 1 }) {
                let isAbove = company.ledger.state.isAbove(
                    PersonID(UInt32(upper)), PersonID(UInt32(viewer)))
                if isAbove != above.contains(upper) {
                    return "e\(upper) above e\(viewer): \(!isAbove), found \(isAbove)"
                }
            }
        }
        for (index, lead) in model.leads.enumerated() {
            var answer = NaiveAnswer("l\(index + 1)", lead.rev)
            answer.add("owner", "e\(lead.owner)")
            answer.add("status", lead.status)
            let row = ask(["LEAD.GET", "l\(index + 1)"], as: admin)
            if let found = Self.difference(answer, row) { return found }
        }
        return nil
    }

    /// All rows of all inboxes in order, and the newest as their readers get them.
    private func compareInboxes() -> String? {
        for (index, person) in model.persons.enumerated() {
            let inbox = company.ledger.state.inboxes[PersonID(UInt32(index + 1))]
            let found = inbox.rows.map { row in
                [
                    row.notification.kind.rawValue, row.notification.opportunity?.description ?? "",
                    row.notification.approval?.description ?? "",
                    row.notification.by?.description ?? "", "\(row.isAcknowledged)",
                ]
            }
            let expected = person.inbox.map { row in
                [
                    row.kind, "o\(row.deal)", row.approval.map { "a\($0)" } ?? "",
                    row.by.map { "e\($0)" } ?? "",
                    "\(row.isAcknowledged)",
                ]
            }
            if found.count != expected.count {
                let last = zip(found, expected).first { $0 != $1 }.map { "\($0) for \($1)" }
                return "inbox of e\(index + 1): expected \(expected.count) rows, found "
                    + "\(found.count); \(last ?? "the first ones agree")"
            }
            if let (row, other) = zip(found, expected).first(where: { $0 != $1 }) {
                return "inbox of e\(index + 1): expected \(other), found \(row)"
            }
            let from = max(1, person.inbox.count - 3)
            let rows = ask(["INBOX.LIST", "FROM", "\(from)"], as: index + 1).rows
            for (row, own) in zip(
                rows, person.inbox.suffix(from: min(from - 1, person.inbox.count)))
            {
                let mayRead =
                    own.approval.map { model.sees(index + 1, approval: $0) }
                    ?? model.sees(index + 1, deal: own.deal)
                let type = mayRead ? own.kind : "withdrawn"
                if row["type"]?.text != type {
                    return "inbox of e\(index + 1): expected \(type), found \(row.plain)"
                }
            }
        }
        return nil
    }

    /// Every unit's forecast and two of its funnels, for somebody who sees everything.
    private func compareReports() -> String? {
        for unit in model.units.indices.map({ $0 + 1 }) {
            let process = 1 + (unit + Int(seed)) % model.processes.count
            for wish in [
                Operation.Wish.funnel(unit: unit, process: 1, owner: nil),
                .funnel(unit: unit, process: process, owner: nil),
                .forecast(unit: unit, process: nil, period: nil),
            ] {
                if let found = compare(Operation(actor: admin, wish: wish)) { return found }
            }
        }
        return nil
    }

    private func compare(_ question: Operation) -> String? {
        var copy = model
        guard let answer = try? copy.run(question) else { return "\(question.words) is refused" }
        return Self.difference(answer, ask(question.words, as: question.actor)).map {
            "\(question.words.joined(separator: " ")): \($0)"
        }
    }

    /// W-1: the records alone give the same company back.
    func compareReplay() throws -> String? {
        let again = try company.replayed()
        guard again.ledger.lastSequence == company.ledger.lastSequence else { return "length" }
        let login = model.person(admin).login
        for line in [
            "PERSON.LIST", "UNIT.TREE", "OPP.LIST", "APPROVAL.LIST", "LEAD.LIST",
            "CUSTOMER.LIST", "RATE.LIST", "PROCESS.LIST", "CONTACT.LIST",
        ] {
            let (one, other) = (company.bytes(line, as: login), again.bytes(line, as: login))
            if one != other { return "\(line) after replay" }
        }
        for person in model.persons {
            let line = "INBOX.LIST"
            if company.bytes(line, as: person.login) != again.bytes(line, as: person.login) {
                return "inbox of \(person.login) after replay"
            }
        }
        for (index, _) in model.units.enumerated() {
            for process in model.processes {
                let line = "REPORT.FUNNEL UNIT u\(index + 1) PROCESS \(process.key)"
                if company.bytes(line, as: login) != again.bytes(line, as: login) {
                    return "\(line) after replay"
                }
            }
        }
        for (index, _) in model.deals.enumerated() {
            let line =
                "OPP.GET o\(index + 1) WITH 6 feedback tasks history approvals notes contacts"
            if company.bytes(line, as: login) != again.bytes(line, as: login) {
                return "\(line) after replay"
            }
        }
        return nil
    }
}

/// What is not a deal's own: requests, leads, the organisation, processes and questions.
extension ModelDice {
    mutating func approvalWish(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        guard !company.approvals.isEmpty else { return newDeal(company) }
        let pending = company.approvals.indices.filter { company.approvals[$0].status == "pending" }
        if pending.count < 3, chance(85) { return step(company, dealID(company)) }
        let id =
            pending.isEmpty || chance(8) ? id(company.approvals.count) : pick(pending) + 1
        guard id <= company.approvals.count else {
            return (.decide(id, note: nil, approves: true), .anybody)
        }
        let request = company.approval(id)
        if chance(10) {
            let reason = chance(95) ? "出差" : ""
            return (.reroute(id, to: personID(company), reason: reason), .admin)
        }
        var deciders =
            request.approvers.isEmpty || chance(8) ? [request.submitter] : request.approvers
        if let current = request.current, chance(85) {
            deciders = [current]
            if let delegate = company.delegate(of: current), chance(50) { deciders = [delegate] }
        }
        let approves = chance(78)
        let note = chance(40) || !approves ? (chance(96) ? "同意" : " ") : nil
        return (.decide(id, note: note, approves: approves), .among(deciders))
    }

    mutating func leadWish(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let count = company.leads.count
        if count == 0 || count < 15 && chance(30) {
            var fields: [String: String] = [:]
            if chance(50) { fields["company"] = "客户 \(below(30))" }
            if chance(40) { fields["industry"] = pick(["steel", "banking"]) }
            if chance(30) { fields["source"] = "web" }
            let owner = chance(70) ? nil : personID(company)
            return (.createLead(name: "线索 \(below(40))", owner: owner, fields: fields), .anybody)
        }
        if chance(20) {
            let fields = [
                "phone": pick(["", "021-1"]), "type": pick(["", "enterprise", "government"]),
            ]
            if chance(50), company.customers.count < 16 {
                return (
                    .createCustomer(
                        name: pick(["Acme ", "ACME ", "客户 "]) + "\(below(20))",
                        fields: fields.filter { !$0.value.isEmpty }), .anybody
                )
            }
            let id = id(company.customers.count)
            let name = chance(30) ? pick(["Acme ", "客户 "]) + "\(below(20))" : nil
            return (.updateCustomer(id, name: name, fields: fields), .anybody)
        }
        let id = id(count)
        let sender: Sender =
            id <= count
            ? .among(
                [company.leads[id - 1].owner] + company.everybodyAbove(company.leads[id - 1].owner))
            : .anybody
        switch below(7) {
        case 0: return (.discardLead(id), sender)
        case 1, 2, 3:
            let owner = chance(40) ? personID(company) : nil
            let source = owner == nil || chance(30) ? pick(["", "web", "fair"]) : nil
            return (.updateLead(id, source: source, owner: owner), sender)
        default:
            var wish = Operation.Conversion(title: "由线索而来")
            wish.customer = chance(50) ? nil : self.id(company.customers.count)
            wish.currency = currency()
            wish.amount = chance(40) ? nil : amount(wish.currency)
            wish.close = chance(50) ? nil : day(company)
            wish.process = chance(50) ? nil : self.id(company.processes.count)
            wish.owner = chance(75) ? nil : personID(company)
            return (.convertLead(id, wish), sender)
        }
    }

    mutating func organisationWish(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let unit = id(company.units.count)
        let other = id(company.units.count)
        switch below(100) {
        case ..<5 where company.units.count < 10:
            let head = chance(50) ? personID(company) : nil
            return (.createUnit(parent: chance(80) ? unit : nil, head: head), .admin)
        case ..<20:
            let parent = chance(40) ? other : nil
            let head = parent == nil || chance(20) ? personID(company) : nil
            return (.updateUnit(unit, parent: parent, head: head), .admin)
        case ..<25 where company.units.filter(\.isActive).count > 4:
            let drop = chance(30) ? [1 + below(company.processes.count)] : []
            return (.mergeUnit(unit, into: other, dropping: drop), .admin)
        case ..<31:
            let empty = company.units.indices.filter { index in
                !company.persons.contains { $0.unit == index + 1 }
            }
            let one = empty.isEmpty || chance(30) ? unit : pick(empty) + 1
            return (.deactivateUnit(one), .admin)
        case ..<35 where company.persons.count < 14:
            return (
                .createPerson(
                    login: "new\(below(40))", unit: unit,
                    superior: chance(30) ? personID(company) : nil,
                    role: chance(80) ? nil : pick(["manager", "executive"]),
                    zone: chance(85) ? nil : pick(["UTC", Operation.noZone])), .admin
            )
        case ..<50: return personChange(company, unit)
        case ..<60:
            return deactivation(company)
        case ..<72: return activation(company)
        case ..<92: return delegation(company)
        default:
            return (.acknowledge(upTo: below(12)), .anybody)
        }
    }

    /// Deciders mostly; deals and requests have to go elsewhere.
    mutating func deactivation(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let vacant = company.approvals.filter { $0.vacancies > 0 }.flatMap(\.undecided)
        let deciders = vacant.isEmpty ? company.approvals.flatMap(\.undecided) : vacant
        let one = deciders.isEmpty || chance(45) ? personID(company) : pick(deciders)
        let heir = chance(85) ? personID(company) : nil
        return (.deactivatePerson(one, heir: heir), .admin)
    }

    mutating func activation(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let gone = company.persons.indices.filter { !company.persons[$0].isActive }
        return (.activatePerson(gone.isEmpty ? personID(company) : pick(gone) + 1), .admin)
    }

    mutating func comingAndGoing(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        switch below(10) {
        case ..<5: return deactivation(company)
        case ..<7: return activation(company)
        case 7: return transfer(company, dealID(company))
        default: return delegation(company)
        }
    }

    mutating func personChange(
        _ company: NaiveCompany, _ unit: Int
    ) -> (Operation.Wish, Sender) {
        var wish = Operation.PersonWish()
        if chance(35) { wish.unit = unit }
        if chance(40) {
            wish.superior = chance(40) ? .byUnit : .person(personID(company))
        }
        if chance(12) { wish.role = pick(["rep", "rep", "manager", "executive", "admin"]) }
        if chance(15) { wish.zone = pick(["UTC", "Asia/Shanghai", Operation.noZone]) }
        return (.updatePerson(personID(company), wish), .admin)
    }

    mutating func delegation(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let waiting = company.approvals.compactMap(\.current)
        let id = waiting.isEmpty || chance(40) ? personID(company) : pick(waiting)
        guard !chance(15) else { return (.delegate(id, nil), .among([id, 1])) }
        let from = company.companyToday - 1 + below(4)
        return (
            .delegate(
                id,
                NaiveCompany.Delegation(
                    to: personID(company), from: from, until: from + below(4) - (chance(4) ? 2 : 0))
            ),
            .among([id, 1])
        )
    }

    mutating func methodWish(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let id = id(company.processes.count)
        let known = min(id, company.processes.count)
        let versions = company.processes[known - 1].versions
        switch below(10) {
        case ..<2:
            let process = versions.last ?? .plain
            return (
                .putProcess(key: company.processes[known - 1].key, variant(of: process, company)),
                .admin
            )
        case ..<5:
            let drafted = company.processes.indices.filter { company.processes[$0].draft != nil }
            return (
                .publish(drafted.isEmpty ? id : pick(drafted) + 1, allowsDip: chance(40)), .admin
            )
        case ..<8:
            let several = company.processes.indices.filter {
                company.processes[$0].versions.count > 1
            }
            guard !several.isEmpty else {
                let map = [Operation.Value(key: "start", text: "start")]
                if chance(15) { return (.migrate(id, from: 1, to: 2, map: map), .admin) }
                let process = versions.last ?? .plain
                let key = company.processes[known - 1].key
                return (.putProcess(key: key, variant(of: process, company)), .admin)
            }
            let one = pick(several)
            let all = company.processes[one].versions
            let (from, to) = (1 + below(all.count), self.id(all.count))
            let map = map(all[from - 1], all[min(to, all.count) - 1])
            let whole = map.isEmpty ? [.init(key: "start", text: "start")] : map
            return (.migrate(one + 1, from: from, to: to, map: whole), .admin)
        default:
            return (
                .setRate(
                    pick(["USD", "JPY", "KWD", "USD", "CNY"]),
                    from: company.companyToday - 3 + below(7),
                    scaled: pick([725_000_000, 710_000_001, 4_700_000, 2_300_000_000])), .admin
            )
        }
    }

    mutating func question(_ company: NaiveCompany) -> (Operation.Wish, Sender) {
        let unit = chance(80) ? id(company.units.count) : nil
        let process = chance(85) ? id(company.processes.count) : nil
        switch below(10) {
        case ..<4: return (.showDeal(id(company.deals.count)), .anybody)
        case ..<6: return (.showApproval(id(company.approvals.count)), .anybody)
        case ..<8:
            let owner = chance(20) ? personID(company) : nil
            return (
                .funnel(unit: unit, process: process, owner: owner), whoSeesAll(company)
            )
        default:
            let first = day(company)
            let period = chance(50) ? first...first + below(40) : nil
            return (
                .forecast(unit: unit, process: process, period: period), whoSeesAll(company)
            )
        }
    }

    private func whoSeesAll(_ company: NaiveCompany) -> Sender {
        .among(company.persons.indices.map { $0 + 1 }.filter(company.seesAll))
    }

    mutating func malformed() -> Operation.Wish {
        let update = Operation.Wish.updateDeal(1, Operation.DealUpdate())
        let (line, code, wish): (String, Refused.Code, Operation.Wish?) = pick([
            (
                "OPP.CREATE x CUSTOMER c1 AMOUNT -5", .invalid,
                .createDeal(Operation.DealWish(title: "x", customer: 1))
            ),
            ("OPP.GET", .form, nil), ("OPP.UPDATE o1 COLOUR red", .form, nil),
            ("OPP.ADVANCE x1", .invalid, nil), ("PERSON.DELEGATE e1 TO e2", .form, nil),
            ("OPP.LOSE o1", .form, nil), ("OPP.TAG o1", .form, nil), ("OPP.SELL o1", .form, nil),
            ("OPP.UPDATE o1 AMOUNT 12.3.4", .invalid, update),
            ("OPP.UPDATE o1 CLOSE 2026-02-30", .invalid, update),
            ("OPP.UPDATE o1 IFREV x", .invalid, nil), ("OPP.WIN o1 REVIEW a REVIEW b", .form, nil),
            ("APPROVAL.REJECT a1", .form, nil), ("CUSTOMER.CREATE Acme IFREV 3", .form, nil),
            ("OPP.GET o1 REQID k1", .form, nil), ("DRYRUN OPP.GET o1", .invalid, nil),
            ("UNIT.CREATE x KIND galaxy", .invalid, .createUnit(parent: nil, head: nil)),
        ])
        return .malformed(line.split(separator: " ").map(String.init), code, without: wish)
    }
}

extension NaiveCompany {
    /// The revision of what the wish changes; `nil` where nothing existing is changed.
    func revision(_ wish: Operation.Wish) -> Int? {
        func of<Row>(_ rows: [Row], _ id: Int, _ rev: (Row) -> Int) -> Int? {
            id >= 1 && id <= rows.count ? rev(rows[id - 1]) : 1
        }
        return switch wish {
        case .updateUnit(let id, _, _), .mergeUnit(let id, _, _), .deactivateUnit(let id):
            of(units, id, \.rev)
        case .updatePerson(let id, _), .deactivatePerson(let id, _), .activatePerson(let id),
            .delegate(let id, _):
            of(persons, id, \.rev)
        case .putProcess(let key, _): processes.first { $0.key == key }?.rev
        case .publish(let id, _), .migrate(let id, _, _, _): of(processes, id, \.rev)
        case .setRate(let code, _, _): rateRevs[code] ?? 0
        case .updateCustomer(let id, _, _): of(customers, id, \.rev)
        case .updateDeal(let id, _), .feedback(let id, _), .task(let id, _, _, _),
            .advance(let id, _, _), .win(let id, _), .close(let id, _, _, _),
            .reopen(let id, _, _), .override(let id, _, _), .transfer(let id, _), .recall(let id),
            .note(let id, _, _, _), .tag(let id, _, _), .team(let id, _, _):
            of(deals, id, \.rev)
        case .decide(let id, _, _), .reroute(let id, _, _): of(approvals, id, \.rev)
        case .updateLead(let id, _, _), .discardLead(let id), .convertLead(let id, _):
            of(leads, id, \.rev)
        case .createUnit, .createPerson, .acknowledge, .createCustomer, .createDeal, .createLead,
            .showDeal, .showApproval, .funnel, .forecast, .malformed:
            nil
        }
    }
}

import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Live changes")
struct LiveTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.watch()
        return company
    }

    private func view(_ company: LedgerCompany) -> LiveView {
        company.ledger.liveView(at: company.now)
    }

    private func json(_ change: LiveChange) -> String {
        String(decoding: change.payload, as: UTF8.self)
    }

    @Test("P-8: a change is one line of JSON: what, when, of which deal, by whom")
    func payload() throws {
        let company = company()
        company.run("OPP.UPDATE o1 AMOUNT 700000", as: "ann")
        let seq = company.log.count
        let change = try #require(company.execution.changes.first)
        #expect(company.execution.changes.count == 1)
        #expect(
            json(change)
                == #"{"v":1,"seq":\#(seq),"id":"o1","type":"opportunity.amountChanged","at":"2026-11-22T02:17:21.123Z","opportunity":{"id":"o1","title":"Bridge 大桥"},"approval":null,"by":{"id":"e4","name":"Ann"},"text":"field: amount; from: 600000.00 CNY; to: 700000.00 CNY"}"#
        )
        company.completeFirstGate()
        company.run("OPP.ADVANCE o1 NOTE 请批", as: "ann")
        let asked = try #require(company.execution.changes.first)
        #expect(json(asked).contains(#""id":"a1","type":"approval.requested""#))
        #expect(json(asked).contains(#""opportunity":{"id":"o1","title":"Bridge 大桥"}"#))
        #expect(json(asked).contains(#""approval":{"id":"a1"}"#))
        company.run("UNIT.UPDATE u3 NAME \"a \\\"b\\\"\"")
        let renamed = try #require(company.execution.changes.first)
        #expect(json(renamed).contains(#""text":"from: East; to: a \"b\"""#))
        #expect(json(renamed).contains(#""opportunity":null"#))
    }

    @Test("P-8: passwords, inboxes, request keys and preferences are nobody's to hear")
    func silent() {
        let company = company()
        for (line, login) in [
            ("PERSON.PASSWORD ann brand-new-one OLD right-one", "ann"),
            ("PREF.SET deal.won off", "ann"),
        ] {
            #expect(company.refusal(line, as: login) == nil)
            #expect(company.wrote && company.execution.changes.isEmpty)
        }
        company.completeFirstGate()
        company.run("OPP.ADVANCE o1 REQID once", as: "ann")
        #expect(company.execution.changes.map { json($0).contains("approval.requested") } == [true])
        company.run("INBOX.ACK 1", as: "lee")
        #expect(company.wrote && company.execution.changes.isEmpty)
        company.run("CUSTOMER.CREATE 方舟 PHONE 110 ADDRESS 上海", as: "ann")
        #expect(company.execution.changes.map(json).first?.contains("110") == false)
        #expect(company.execution.changes.map(json).first?.contains("方舟") == true)
    }

    @Test("P-8: what a transaction did is told, what was undone is not")
    func transactions() {
        let company = company()
        company.transact(["CUSTOMER.CREATE 甲", "CUSTOMER.CREATE 乙"], as: "ann")
        #expect(company.execution.changes.count == 2)
        company.transact(["CUSTOMER.CREATE 丙", "CUSTOMER.CREATE 甲"], as: "ann")
        #expect(company.execution.changes.isEmpty)
        company.run("DRYRUN CUSTOMER.CREATE 丁", as: "ann")
        #expect(company.execution.changes.isEmpty)
    }

    @Test("P-8: a deal's change goes out on its own channel, its units' and that of everything")
    func channels() throws {
        let company = company()
        func channels(_ line: String, as login: String = "root") throws -> [String] {
            company.run(line, as: login)
            let change = try #require(company.execution.changes.first, "\(line)")
            return view(company).channels(of: change).map { String(decoding: $0, as: UTF8.self) }
        }
        let ofDeal = ["events:o1", "events:u3", "events:u2", "events:u1", "events"]
        #expect(try channels("OPP.NOTE o1 好", as: "ann") == ofDeal)
        #expect(try channels("OPP.ACTIVITY o1 call", as: "ann") == ofDeal)
        company.completeFirstGate()
        #expect(try channels("OPP.ADVANCE o1", as: "ann") == ofDeal)
        #expect(try channels("UNIT.UPDATE u4 NAME 西部") == Array(["events:u4"] + ofDeal[2...]))
        #expect(try channels("PERSON.UPDATE zoe NAME Z") == Array(["events:u4"] + ofDeal[2...]))
        #expect(try channels("LEAD.CREATE 赵", as: "ann") == Array(ofDeal[1...]))
        #expect(try channels("CUSTOMER.CREATE 甲") == ["events"])
        #expect(try channels("RATE.SET USD 2026-11-22 7.1") == ["events"])
        // After a transfer the deal lies elsewhere.
        #expect(
            try channels("OPP.TRANSFER o3 TO zoe")
                == ["events:o3", "events:u4", "events:u2", "events:u1", "events"])
    }

    @Test("P-8, D-34: only who may see a thing now is told of it", arguments: 1...6)
    func audience(seed: UInt64) {
        let company = company()
        var dice = Dice(seed: seed)
        var shown = 0
        for _ in 0..<120 {
            let people = ["ann", "bob", "zoe", "lee", "boss", "root"]
            let who = people[dice.roll(people.count)]
            company.run(step(&dice), as: who)
            company.advance(milliseconds: Int64(dice.roll(20)) * 3_600_000)
            let view = view(company)
            for change in company.execution.changes {
                for person in company.ledger.state.persons.ids {
                    guard view.shows(change, to: person) else { continue }
                    shown += 1
                    switch view.audience(of: change) {
                    case .everybody: break
                    case .people(let people):
                        #expect(people.contains(person) || view.seesEverything(person))
                    }
                    let line = look(at: change.recorded.event)
                    guard let line, let login = login(person, company) else { continue }
                    #expect(company.refusal(line, as: login) == nil, "\(line) as \(login)")
                }
            }
        }
        #expect(shown > 100)
    }

    private func login(_ person: PersonID, _ company: LedgerCompany) -> String? {
        company.ledger.state.persons[find: person]?.login
    }

    /// The command that shows what an event is about.
    private func look(at event: Event) -> String? {
        switch event {
        case .opportunity(let id, _): "OPP.GET \(id)"
        case .approval(let id, _): "APPROVAL.GET \(id)"
        case .lead(let id, _): "LEAD.GET \(id)"
        case .contact(let id, _): "CONTACT.GET \(id)"
        default: nil
        }
    }

    private func step(_ dice: inout Dice) -> String {
        let people = ["ann", "bob", "zoe", "lee", "boss"]
        let deal = "o\(1 + dice.roll(5))"
        let other = people[dice.roll(people.count)]
        return switch dice.roll(18) {
        case 0: "OPP.CREATE 项目 CUSTOMER c1 AMOUNT \(dice.roll(900_000))"
        case 1: "OPP.UPDATE \(deal) AMOUNT \(dice.roll(900_000))"
        case 2: "OPP.FEEDBACK \(deal) budget_owner 王总"
        case 3: "OPP.TASK \(deal) site-visit DONE EVIDENCE 照片"
        case 4, 5: "OPP.ADVANCE \(deal)"
        case 6: "APPROVAL.APPROVE a\(1 + dice.roll(4))"
        case 7: "APPROVAL.REROUTE a\(1 + dice.roll(4)) TO \(other) REASON 忙"
        case 8: "OPP.TRANSFER \(deal) TO \(other)"
        case 9: "OPP.TEAM \(deal) ADD \(other) ROLE technical"
        case 10: "OPP.TEAM \(deal) REMOVE \(other)"
        case 11: "PERSON.UPDATE \(other) UNIT u\(2 + dice.roll(3))"
        case 12: "UNIT.UPDATE u\(3 + dice.roll(2)) HEAD \(other)"
        case 13: "PERSON.DELEGATE \(other) TO zoe FROM 2026-11-01 UNTIL 2027-12-31"
        case 14: "LEAD.CREATE 赵"
        case 15: "CONTACT.CREATE c\(1 + dice.roll(2)) 钱"
        case 16: "OPP.CONTACT \(deal) ADD k1 PART sponsor"
        default: "CUSTOMER.UPDATE c1 PHONE 1\(dice.roll(99))"
        }
    }
}

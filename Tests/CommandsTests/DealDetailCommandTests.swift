import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("OPP.TAG, FIELD.PUT and further fields of a deal")
struct DealDetailCommandTests {
    private func company() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        field(company, "opportunity", "size", #"{"name": "大小", "type": "text"}"#)
        field(
            company, "customer", "tier",
            #"{"name": "Tier", "type": "choice", "choices": ["gold", "tin"]}"#)
        return company
    }

    @discardableResult
    private func field(
        _ company: LedgerCompany, _ noun: String, _ key: String, _ json: String,
        as login: String = "root"
    ) -> Reply {
        company.run(["FIELD.PUT", noun, key, json].map { Array($0.utf8) }, as: login)
    }

    @Test("D-10: OPP.GET shows tags, feasibility, cost, ROI, competitors; WITH, the company's own")
    func shown() throws {
        let company = company()
        company.run("OPP.TAG o1 ADD 重点", as: "ann")
        company.run(
            #"OPP.UPDATE o1 FEASIBILITY yes COST 400000 COMPETITORS "三一， Acme , 三一""#,
            as: "ann")
        company.run("OPP.UPDATE o1 FIELDS 1 size large", as: "ann")
        let deal = company.run("OPP.GET o1 WITH 1 fields", as: "ann").plain
        #expect(deal.contains("tags: [重点]"))
        #expect(
            deal.contains(
                "feasibility: yes, cost: 400000.00, roi: 50.00, competitors: [三一, Acme]"))
        #expect(deal.contains("fields: [{key: size, name: 大小, type: text, value: large}]"))
        #expect(try company.replayed().run("OPP.GET o1 WITH 1 fields", as: "ann").plain == deal)
        let history = company.run("OPP.HISTORY o1", as: "ann").plain
        for words in [
            "field: tags, from: null, to: 重点", "field: feasibility, from: null, to: yes",
            "field: cost, from: null, to: 400000.00 CNY",
            "field: competitors, from: null, to: 三一, Acme",
            "field: fields.size, from: null, to: large",
        ] {
            #expect(history.contains(words), "\(words)")
        }
    }

    @Test("D-10: a deal is entered with all that it has, in one step")
    func entered() throws {
        let company = company()
        let answer = company.run(
            #"OPP.CREATE Roof CUSTOMER c2 size small AMOUNT 500 FEASIBILITY no COST 400 COMPETITORS Acme TAGS "hot, 重点,HOT" PROCESS plain"#,
            as: "ann")
        #expect(answer["id"]?.text == "o4")
        #expect(answer["rev"]?.integer == 6)
        #expect(answer["stage"]?.text == "start")
        let deal = company.run("OPP.GET o4 WITH 1 fields", as: "ann").plain
        for words in [
            "tags: [hot, 重点]", "feasibility: no, cost: 400.00, roi: 25.00, competitors: [Acme]",
            "value: small",
        ] { #expect(deal.contains(words), "\(words)") }
        #expect(try company.replayed().run("OPP.GET o4 WITH 1 fields", as: "ann").plain == deal)
        company.run("CUSTOMER.CREATE Beta PHONE 1 tier tin", as: "ann")
        #expect(
            company.run("CUSTOMER.GET c3 WITH 1 fields", as: "ann").plain.contains("value: tin"))
        company.run("CUSTOMER.UPDATE c3 TIER gold", as: "ann")
        #expect(
            company.run("CUSTOMER.GET c3 WITH 1 fields", as: "ann").plain.contains("value: gold"))
    }

    @Test("D-25: the tags of a deal that waits for approval may be set, with nothing else beside")
    func tagsWhilePending() {
        let company = company()
        company.run("OPP.UPDATE o1 TAGS a,b", as: "ann")
        company.submit()
        #expect(company.run("OPP.UPDATE o1 TAGS B,c", as: "ann")["id"]?.text == "o1")
        #expect(company.run("OPP.GET o1", as: "ann").plain.contains("tags: [b, c]"))
        for words in ["TAGS x AMOUNT 5", "TAGS x size 5", "TAGS x TITLE y", "size 5", "COST 1"] {
            #expect(
                company.refusal("OPP.UPDATE o1 \(words)", as: "ann")?.hasPrefix("PENDING ") == true)
        }
        company.run(#"OPP.UPDATE o1 TAGS """#, as: "ann")
        #expect(company.run("OPP.GET o1", as: "ann").plain.contains("tags: []"))
        let many = (0...100).map(String.init).joined(separator: ",")
        #expect(
            company.refusal("OPP.UPDATE o1 TAGS \(many)", as: "ann")
                == "INVALID TAGS: names more than 100")
    }

    @Test("D-10: a customer's own fields are shown to those who see its details")
    func customer() {
        let company = company()
        company.run("CUSTOMER.UPDATE c1 FIELDS 1 tier gold", as: "ann")
        #expect(
            company.run("CUSTOMER.GET c1 WITH 1 fields", as: "ann").plain.hasSuffix(
                "fields: [{key: tier, name: Tier, type: choice, value: gold}]}"))
        #expect(
            company.run("CUSTOMER.GET c1 WITH 1 fields", as: "zoe").plain.hasSuffix(
                "fields: [{key: tier, name: Tier, type: choice, value: null}]}"))
    }

    @Test("D-10: the company's own fields are listed")
    func list() {
        let company = company()
        field(company, "opp", "size", #"{"name": "大小", "type": "text"}"#)
        #expect(
            company.run("FIELD.LIST").plain == """
                [{noun: opportunity, key: size, name: 大小, type: text, choices: [], rev: 1}, \
                {noun: customer, key: tier, name: Tier, type: choice, choices: [gold, tin], rev: 1}]
                """)
    }

    @Test(
        "P-5: every refusal has its line",
        arguments: [
            (
                "OPP.TAG o1", "ann",
                "ERR wrong number of arguments for 'opp.tag' command; usage: OPP.TAG opportunity [ADD name] [REMOVE name] [IFREV rev] [REQID token]"
            ),
            (
                "OPP.TAG o1 ADD x", "zoe",
                "NOTFOUND no opportunity 'o1'; check the id, or ask whoever may see it"
            ),
            (
                "OPP.TAG o1 ADD x", "eve",
                "NOPERM you may not tag o1; that is for its owner e4 or somebody above"
            ),
            ("OPP.TAG o1 REMOVE x", "ann", "INVALID REMOVE: o1 has no tag 'x'"),
            (
                "OPP.UPDATE o1 FEASIBILITY maybe", "ann",
                "INVALID FEASIBILITY: must be one of: yes, no, unknown"
            ),
            ("OPP.UPDATE o1 COST 0.001", "ann", "INVALID COST: CNY has 2 decimals"),
            (
                "OPP.UPDATE o1 AMUONT 5", "ann",
                "ERR syntax error: OPP.UPDATE has no keyword 'AMUONT', did you mean AMOUNT?"
            ),
            (
                "OPP.UPDATE o999 sise 5", "ann",
                "ERR syntax error: OPP.UPDATE has no keyword 'sise', did you mean size?"
            ),
            (
                "CUSTOMER.UPDATE c1 NAME x teir 5", "ann",
                "ERR syntax error: CUSTOMER.UPDATE has no keyword 'teir', did you mean tier?"
            ),
            (
                "OPP.CREATE x CUSTMER c1", "ann",
                "ERR syntax error: OPP.CREATE has no keyword 'CUSTMER', did you mean CUSTOMER?"
            ),
            ("OPP.UPDATE o1 size 5 FIELDS 1 size 6", "ann", "INVALID size: is given twice"),
            (
                "OPP.UPDATE o1 FIELDS 1 none x", "ann",
                "INVALID none: is no field of the company; there are: size"
            ),
            (
                "CUSTOMER.UPDATE c1 FIELDS 1 tier lead", "ann",
                "INVALID tier: must be one of: gold, tin"
            ),
        ])
    func refusals(line: String, login: String, error: String) {
        #expect(company().refusal(line, as: login) == error)
    }

    @Test(
        "P-5: everything that is wrong with a field's document is told",
        arguments: [
            (
                #"{"name": " ", "type": "choice", "kind": 1}"#, "root",
                "INVALID json: kind is not a member: the members here are 'name', 'type', 'choices'; name must not be empty; choices is empty: give some"
            ),
            (
                #"{"name": "N", "type": "text", "choices": ["a", "a"]}"#, "root",
                "INVALID json: choices has one twice; choices belongs to the type 'choice'"
            ),
            (
                #"{"name": "N", "type": "date"}"#, "root",
                "INVALID type: stays 'text'; take another key"
            ),
            ("x", "ann", "NOPERM you may not define fields; that is for an admin"),
        ])
    func documents(json: String, login: String, error: String) {
        #expect(field(company(), "opportunity", "size", json, as: login).errorLine == error)
    }
}

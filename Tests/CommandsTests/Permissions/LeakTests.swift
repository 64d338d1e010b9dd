import Foundation
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-34: lists, reports, inboxes and histories say nothing of what is out of sight.
@Suite("Leaks")
struct LeakTests {
    private static let ofDeal = [
        "密标题", "密编号", "密反馈", "密留言", "密拜访", "密申请", "密原因", "77123.45", "7712.35", "密电话", "密地址",
        "密联系人", "密手机",
    ]
    /// The owner's and the owner's unit's.
    private static let ofTarget = ["881234.56", "991234.56"]
    private static let ofLead = ["密线索", "密公司", "密线索电话"]

    @Test(
        "D-33, D-34: no query, push or list shows a word of a deal or a lead out of sight",
        arguments: RootedTree.all)
    func words(tree: RootedTree) {
        for stand in TreeCompany.Stand.allCases where stand != .open {
            for owner in tree.places {
                let company = TreeCompany(tree, .heads, owner: owner, stand)
                for login in TreeCompany.actors { check(company, login) }
            }
        }
    }

    private func check(_ company: TreeCompany, _ login: String) {
        guard !(company.stand == .left && login == company.ownerLogin) else { return }
        let standing = Standing(login, in: company)
        var secrets: [String] = []
        if !standing.seesDeal { secrets += Self.ofDeal }
        if !standing.seesLead { secrets += Self.ofLead }
        if !standing.seesTarget { secrets += Self.ofTarget }
        for answer in answers(company, login) {
            for secret in secrets where answer.bytes.range(of: Data(secret.utf8)) != nil {
                Issue.record(
                    "\(answer.line) tells \(login) \(secret) of \(company.ownerLogin)'s, \(company.stand), \(company.tree)"
                )
            }
        }
        func ids(_ line: String) -> [String] {
            company.company.run(line, as: login).rows.compactMap { $0["id"]?.text }
        }
        #expect(ids("OPP.LIST") == (standing.seesDeal ? ["o1"] : []))
        #expect(ids("OPP.LIST OWNER \(company.ownerLogin)") == (standing.seesDeal ? ["o1"] : []))
        #expect(ids("LEAD.LIST") == (standing.seesLead ? ["l1"] : []))
        #expect(
            ids("LEAD.LIST OWNER \(company.ownerLogin)") == (standing.seesLead ? ["l1"] : []))
        #expect(ids("CONTACT.LIST") == (standing.seesDeal ? ["k1"] : []))
        #expect(ids("CONTACT.LIST CUSTOMER c1") == (standing.seesDeal ? ["k1"] : []))
        let asked = standing.isSubmitter || standing.decides || standing.seesEverything
        #expect(ids("APPROVAL.LIST") == (standing.hasRequest && asked ? ["a1"] : []))
        #expect(
            company.company.run("REPORT.LEADS", as: login)["leads"]?.integer
                == (standing.seesLead ? 1 : 0))
        people(company, login, standing)
        guard !standing.seesDeal else { return }
        #expect(company.company.run("REPORT.UNANSWERED", as: login)["count"]?.integer == 0)
        #expect((company.company.run("REPORT.FUNNEL", as: login)["open"]?.integer ?? 0) == 0)
        #expect((company.company.run("REPORT.FORECAST", as: login)["deals"]?.integer ?? 0) == 0)
    }

    /// Who works how, and who has not seen what, is told of oneself and the people below alone.
    private func people(_ company: TreeCompany, _ login: String, _ standing: Standing) {
        let unseen = company.company.run("INBOX.UNSEEN", as: login).rows
        if !standing.seesDeal {
            #expect(unseen.allSatisfy { $0["opportunity"]?.text != "o1" }, "\(login)")
        }
        guard !standing.seesEverything else { return }
        let below = TreeCompany.actors.filter { company.isAbove(login, $0) }
        let late = Set(unseen.compactMap { $0["login"]?.text })
        #expect(late.isSubset(of: below), "\(login)")
        let known = Set((below + [login]).map { company.company.person($0).description })
        let reps = company.company.run("REPORT.REPS", as: login)["rows"]?.elements ?? []
        let told = Set(reps.compactMap { $0["key"]?.text })
        #expect(told.isSubset(of: known), "\(login)")
    }

    /// Everything that a person can ask about one company, and what is pushed to them.
    private func answers(
        _ tree: TreeCompany, _ login: String
    ) -> [(line: String, bytes: Data)] {
        let company = tree.company
        var answers: [(String, Data)] = []
        for (name, cases) in PermissionTable.cases {
            guard let command = CommandTable.find(Array(name.utf8)[...]),
                case .query = command.access
            else { continue }
            for one in cases {
                let line = tree.told(one).words
                answers.append((line, Data(company.bytes(line, as: login))))
            }
        }
        let pushed = company.ledger.inboxMessages(
            of: company.person(login), after: 0, durable: .max, limit: 1_000)
        return answers + pushed.map { ("push", Data($0.payload)) }
    }
}

import Foundation
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-34: lists, reports, inboxes and histories say nothing of what is out of sight.
@Suite("Leaks")
struct LeakTests {
    private static let ofDeal = [
        "密标题", "密编号", "密反馈", "密留言", "密拜访", "密申请", "密原因", "77123.45", "密电话", "密地址", "密联系人", "密手机",
    ]
    private static let ofLead = ["密线索", "密公司", "密线索电话"]

    @Test(
        "D-33, D-34: no query, push or list shows a word of a deal or a lead out of sight",
        arguments: RootedTree.all)
    func words(tree: RootedTree) {
        for stand in TreeCompany.Stand.allCases where stand != .open {
            for owner in tree.parents.indices {
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
        for answer in answers(company.company, login) {
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
        guard !standing.seesDeal else { return }
        #expect((company.company.run("REPORT.FUNNEL", as: login)["open"]?.integer ?? 0) == 0)
        #expect((company.company.run("REPORT.FORECAST", as: login)["deals"]?.integer ?? 0) == 0)
    }

    /// Everything that a person can ask about one company, and what is pushed to them.
    private func answers(
        _ company: LedgerCompany, _ login: String
    ) -> [(line: String, bytes: Data)] {
        var answers: [(String, Data)] = []
        for (name, cases) in PermissionTable.cases {
            guard let command = CommandTable.find(Array(name.utf8)[...]),
                case .query = command.access
            else { continue }
            for one in cases {
                let line = one.words.replacing("OWNER OWNER", with: "OWNER \(login)")
                answers.append((line, Data(company.bytes(line, as: login))))
            }
        }
        let pushed = company.ledger.inboxMessages(
            of: company.person(login), after: 0, durable: .max, limit: 1_000)
        return answers + pushed.map { ("push", Data($0.payload)) }
    }
}

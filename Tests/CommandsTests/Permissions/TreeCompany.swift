import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// Five people in a tree, one of whom owns a deal and a lead, and everybody else who may have to do
/// with them: `tea` on the deal's team as 技术, `dele` who stands in for the deal's approver, `des` whom
/// the gate names where no superior is left, `sup` above `des`, `zoe` a stranger, `eve` an executive and `root` the admin.
struct TreeCompany {
    /// How the tree is told to the company.
    enum Mode: CaseIterable { case superiors, heads }
    /// What has happened to the deal.
    enum Stand: CaseIterable {
        case open
        /// The owner asks to move on.
        case pending
        /// The same, and the approver let so much time pass that somebody above may decide too.
        case escalated
        /// The owner's superior (the owner, where there is none) does.
        case pendingFromAbove
        /// Lost, and its owner is gone.
        case left
    }

    static let people = ["jia", "yi", "bing", "ding", "wu"]
    static let actors = people + ["tea", "dele", "des", "sup", "zoe", "eve", "root"]

    let tree: RootedTree
    let mode: Mode
    let owner: Int
    let stand: Stand
    let company: LedgerCompany

    init(_ tree: RootedTree, _ mode: Mode, owner: Int, _ stand: Stand) {
        self.tree = tree
        self.mode = mode
        self.owner = owner
        self.stand = stand
        company = LedgerCompany()
        organise()
        furnish()
        happen()
    }

    // MARK: Who is who, told from the tree alone

    var ownerLogin: String { Self.people[owner] }

    /// The owner's unit, of which the owner is the head where everybody has one.
    var unit: String { mode == .heads ? "u\(owner + 2)" : "u1" }

    var submitter: String? {
        switch stand {
        case .open, .left: nil
        case .pending, .escalated: ownerLogin
        case .pendingFromAbove: Self.people[tree.parents[owner] ?? owner]
        }
    }

    /// The nearest above the owner who did not submit, else the designate.
    var approver: String? {
        guard let submitter else { return nil }
        return tree.above(owner).map { Self.people[$0] }.first { $0 != submitter } ?? "des"
    }

    /// The nearest above the approver, once that has been told.
    var escalated: String? {
        guard stand == .escalated, let approver else { return nil }
        guard let node = Self.people.firstIndex(of: approver) else { return "sup" }
        return tree.above(node).first.map { Self.people[$0] }
    }

    func isAbove(_ login: String) -> Bool {
        tree.above(owner).contains { Self.people[$0] == login }
    }

    func isBelow(_ login: String) -> Bool { isAbove(ownerLogin, login) }

    func isAbove(_ upper: String, _ login: String) -> Bool {
        if upper == "sup" { return login == "des" }
        guard let node = Self.people.firstIndex(of: login) else { return false }
        return tree.above(node).contains { Self.people[$0] == upper }
    }

    /// The case about this company.
    func told(_ one: PermissionCase) -> PermissionCase {
        one.named(owner: ownerLogin, unit: unit)
    }

    // MARK: Making it

    private func organise() {
        for (node, login) in Self.people.enumerated() {
            let parent = tree.parents[node]
            switch mode {
            case .superiors:
                let superior = parent.map { " SUPERIOR \(Self.people[$0])" } ?? ""
                company.run("PERSON.CREATE \(login) NAME 甲\(node) UNIT u1\(superior)")
            case .heads:
                // A unit each: u2 for the first, and so on.
                let above = parent.map { $0 + 2 } ?? 1
                company.run("UNIT.CREATE 部\(node) PARENT u\(above)")
                company.run("PERSON.CREATE \(login) NAME 甲\(node) UNIT u\(node + 2)")
                company.run("UNIT.UPDATE u\(node + 2) HEAD \(login)")
            }
        }
        for login in ["tea", "dele", "sup", "zoe", "des SUPERIOR sup"] {
            let words = login.split(separator: " ", maxSplits: 1)
            let rest = words.dropFirst().map { " \($0)" }.joined()
            company.run("PERSON.CREATE \(words[0]) NAME 乙 UNIT u1\(rest)")
        }
        company.run("PERSON.CREATE eve NAME 执行 UNIT u1 ROLE executive")
    }

    private func furnish() {
        company.put(
            "gated",
            """
            {"name": "流程", "stages": [
              {"key": "first", "name": "初", "winRate": 10,
               "tasks": [{"key": "visit", "name": "拜访", "role": "技术"}],
               "feedback": [{"key": "need", "name": "需求", "type": "text"}],
               "gate": {"approval": "superior", "onNoSuperior": "designate", "designate": "des",
                        "escalateAfterHours": 8}},
              {"key": "second", "name": "次", "winRate": 20}]}
            """)
        company.run("PROCESS.PUBLISH gated")
        company.run("CUSTOMER.CREATE 方舟 PHONE 密电话 ADDRESS 密地址")
        company.run("CONTACT.CREATE c1 密联系人 PHONE 密手机")
        let owner = ownerLogin
        company.run("LEAD.CREATE 密线索 COMPANY 密公司", as: owner)
        company.run("LEAD.ACTIVITY l1 call NOTE 密线索电话", as: owner)
        company.run(
            "OPP.CREATE 密标题 CUSTOMER c1 AMOUNT 77123.45 EXTID 密编号 PROCESS gated", as: owner)
        company.run("OPP.CONTACT o1 ADD k1 PART user", as: owner)
        company.run("OPP.TEAM o1 ADD tea ROLE 技术", as: owner)
        company.run("OPP.FEEDBACK o1 need 密反馈", as: owner)
        company.run("OPP.NOTE o1 密留言", as: owner)
        company.run("OPP.ACTIVITY o1 call NOTE 密拜访", as: owner)
        for period in ["2026Q4", "2027Q1"] {
            company.run("TARGET.SET \(owner) PERIOD \(period) AMOUNT 881234.56")
            company.run("TARGET.SET \(unit) PERIOD \(period) AMOUNT 991234.56")
        }
    }

    private func happen() {
        switch stand {
        case .open: break
        case .pending, .pendingFromAbove, .escalated:
            let approver = approver ?? ""
            company.run(
                "PERSON.DELEGATE \(approver) TO dele FROM 2026-11-22 UNTIL 2026-11-30")
            company.run("OPP.ADVANCE o1 NOTE 密申请", as: submitter ?? "")
            #expect(company.run("OPP.GET o1")["pending"]?.text == "a1")
            #expect(
                company.run("APPROVAL.GET a1")["approvers"]?.elements?.map(\.text)
                    == [company.person(approver).description])
            if stand == .escalated { letTimePass() }
        case .left:
            company.run("OPP.LOSE o1 REASON 密原因", as: ownerLogin)
            company.run("PERSON.DEACTIVATE \(ownerLogin)")
            #expect(company.run("PERSON.GET \(ownerLogin)")["active"] == .boolean(false))
        }
    }

    private func letTimePass() {
        company.advance(milliseconds: 3 * 24 * 3_600_000)
        company.passTime()
        let request = company.ledger.state.approvals[ApprovalID(1)]
        #expect(request.passed == [.escalate])
        #expect(request.escalatedTo == escalated.map(company.person))
    }
}

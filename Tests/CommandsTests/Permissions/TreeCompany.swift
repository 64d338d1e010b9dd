import PipelineProtocol
import Testing

@testable import PipelineCommands

/// Five people in a tree, one of whom owns a deal and a lead, and everybody else who may have to do
/// with them: `tea` on the deal's team as 技术, `dele` who stands in for the deal's approver, `des` whom
/// the gate names where no superior is left, `zoe` a stranger, `eve` an executive and `root` the admin.
struct TreeCompany {
    /// How the tree is told to the company.
    enum Mode: CaseIterable { case superiors, heads }
    /// What has happened to the deal.
    enum Stand: CaseIterable {
        case open
        /// The owner asks to move on.
        case pending
        /// The owner's superior (the owner, where there is none) does.
        case pendingFromAbove
        /// Lost, and its owner is gone.
        case left
    }

    static let people = ["jia", "yi", "bing", "ding", "wu"]
    static let actors = people + ["tea", "dele", "des", "zoe", "eve", "root"]

    let tree: RootedTree
    let owner: Int
    let stand: Stand
    let company: LedgerCompany

    init(_ tree: RootedTree, _ mode: Mode, owner: Int, _ stand: Stand) {
        self.tree = tree
        self.owner = owner
        self.stand = stand
        company = LedgerCompany()
        organise(mode)
        furnish()
        happen()
    }

    // MARK: Who is who, told from the tree alone

    var ownerLogin: String { Self.people[owner] }

    var submitter: String? {
        switch stand {
        case .open, .left: nil
        case .pending: ownerLogin
        case .pendingFromAbove: Self.people[tree.parents[owner] ?? owner]
        }
    }

    /// The nearest above the owner who did not submit, else the designate.
    var approver: String? {
        guard let submitter else { return nil }
        return tree.above(owner).map { Self.people[$0] }.first { $0 != submitter } ?? "des"
    }

    func isAbove(_ login: String) -> Bool {
        tree.above(owner).contains { Self.people[$0] == login }
    }

    // MARK: Making it

    private func organise(_ mode: Mode) {
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
        for login in ["tea", "dele", "des", "zoe"] {
            company.run("PERSON.CREATE \(login) NAME 乙 UNIT u1")
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
               "gate": {"approval": "superior", "onNoSuperior": "designate", "designate": "des"}},
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
    }

    private func happen() {
        switch stand {
        case .open: break
        case .pending, .pendingFromAbove:
            let approver = approver ?? ""
            company.run(
                "PERSON.DELEGATE \(approver) TO dele FROM 2026-11-22 UNTIL 2026-11-30")
            company.run("OPP.ADVANCE o1 NOTE 密申请", as: submitter ?? "")
            #expect(company.run("OPP.GET o1")["pending"]?.text == "a1")
            #expect(
                company.run("APPROVAL.GET a1")["approvers"]?.elements?.map(\.text)
                    == [company.person(approver).description])
        case .left:
            company.run("OPP.LOSE o1 REASON 密原因", as: ownerLogin)
            company.run("PERSON.DEACTIVATE \(ownerLogin)")
            #expect(company.run("PERSON.GET \(ownerLogin)")["active"] == .boolean(false))
        }
    }
}

import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-32…D-34, in all nine trees of five people, told by superiors and by heads of units, for everybody
/// who may have to do with a deal, and every command that there is.
@Suite("Permissions")
struct PermissionTests {
    @Test("P-9, D-32: every command stands in the table of permissions, and nothing else does")
    func complete() {
        let names = CommandTable.commands.filter { command in
            switch command.access {
            case .query, .write: true
            case .dryRun, .connection: false
            }
        }.map(\.name)
        #expect(Set(names).symmetricDifference(PermissionTable.cases.keys) == [])
    }

    @Test("D-33: there are nine rooted trees of five")
    func trees() { #expect(RootedTree.all.count == 9) }

    @Test(
        "D-32, D-33, D-34: who may what; what is out of sight is answered like what never was",
        arguments: RootedTree.all)
    func everything(tree: RootedTree) {
        for (mode, stand) in Self.ways {
            for owner in tree.parents.indices {
                let everyForm = mode == .heads && stand == .pending
                check(TreeCompany(tree, mode, owner: owner, stand), everyForm)
            }
        }
    }

    private static let ways: [(TreeCompany.Mode, TreeCompany.Stand)] = [
        (.superiors, .open), (.superiors, .pending), (.heads, .pending),
        (.heads, .pendingFromAbove), (.heads, .left),
    ]

    private func check(_ company: TreeCompany, _ everyForm: Bool) {
        for login in TreeCompany.actors
        where !(company.stand == .left && login == company.ownerLogin) {
            let standing = Standing(login, in: company)
            for (name, cases) in PermissionTable.cases {
                guard let command = CommandTable.find(Array(name.utf8)[...]) else { continue }
                // What depends on no tree is looked at in one place of each.
                for one in cases where one.dependsOnTree || everyForm && company.owner == 0 {
                    check(one, command, login, standing, company, everyForm)
                }
            }
        }
    }

    private func check(
        _ one: PermissionCase, _ command: Command, _ login: String, _ standing: Standing,
        _ company: TreeCompany, _ everyForm: Bool
    ) {
        let words = one.words.replacing("OWNER OWNER", with: "OWNER \(company.ownerLogin)")
            .replacing("DELEGATE OWNER", with: "DELEGATE \(company.ownerLogin)")
        let verdict = standing.verdict(one.right)
        func fail(_ line: String, _ reply: [UInt8]) {
            Issue.record(
                "\(line) by \(login), deal of \(company.ownerLogin), \(company.stand), \(company.tree) must be \(verdict): \(String(decoding: reply, as: UTF8.self))"
            )
        }
        let before = company.company.ledger.lastSequence
        for (prefix, tail) in forms(command, verdict, everyForm) {
            let line = prefix + words + tail
            let subject = verdict == .may ? company.company.fork() : company.company
            let reply = subject.bytes(line, as: login)
            switch verdict {
            case .may:
                let isRefused =
                    reply.starts(with: Self.notPermitted)
                    || one.subject.map { reply.starts(with: absent($0)) } ?? false
                if isRefused { fail(line, reply) }
            case .notPermitted: if !reply.starts(with: Self.notPermitted) { fail(line, reply) }
            case .absent:
                guard let id = one.subject else { continue }
                let ghost = "\(id.prefix(1))9999"
                let other = company.company.bytes(prefix + one.ghost(ghost) + tail, as: login)
                let mine = String(decoding: reply, as: UTF8.self)
                let its = String(decoding: other, as: UTF8.self)
                if !reply.starts(with: absent(id))
                    || mine != its.replacing("'\(ghost)'", with: "'\(id)'")
                {
                    fail(line, reply)
                }
            }
        }
        guard verdict != .may else { return }
        if company.company.ledger.lastSequence != before { fail(words, []) }
        guard everyForm else { return }
        let abort = company.company.transact(["PREF.LIST", words], as: login).errorLine ?? ""
        let code = verdict == .absent ? "NOTFOUND" : "NOPERM"
        if !abort.hasPrefix(
            "EXECABORT nothing was applied: command 2 (\(command.name)) was refused: \(code) ")
        {
            fail("MULTI \(words)", Array(abort.utf8))
        }
    }

    private static let notPermitted = Array("-NOPERM ".utf8)

    /// How the refusal of an id begins; others may be named behind a subject that is seen.
    private func absent(_ id: String) -> [UInt8] {
        let nouns = [
            "o": "opportunity", "a": "approval", "l": "lead", "k": "contact", "v": "activity",
        ]
        return Array("-NOTFOUND no \(nouns[String(id.prefix(1))] ?? "") '\(id)'".utf8)
    }

    /// What is written before and behind a command.
    private func forms(
        _ command: Command, _ verdict: Standing.Verdict, _ everyForm: Bool
    ) -> [(String, String)] {
        guard case .write = command.access, everyForm else { return [("", "")] }
        var forms = [("", ""), ("DRYRUN ", "")]
        if command.arguments.contains(where: { $0.name == "IFREV" }) {
            forms.append(("", " IFREV 77"))
        }
        if verdict != .may { forms.append(("", " REQID r")) }
        return forms
    }
}

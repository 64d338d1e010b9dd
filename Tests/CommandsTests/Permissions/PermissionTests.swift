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

    @Test("D-33: there are nine rooted trees of five, and 35 places in them to stand in")
    func trees() {
        #expect(RootedTree.all.count == 9)
        #expect(RootedTree.all.map(\.places.count).reduce(0, +) == 35)
    }

    @Test(
        "D-32, D-33, D-34: who may what; what is out of sight is answered like what never was",
        arguments: RootedTree.all)
    func everything(tree: RootedTree) {
        for (mode, stand) in Self.ways {
            for owner in tree.places {
                let everyForm = mode == .heads && stand == .pending
                check(TreeCompany(tree, mode, owner: owner, stand), everyForm)
            }
        }
    }

    private static let ways: [(TreeCompany.Mode, TreeCompany.Stand)] = [
        (.superiors, .open), (.superiors, .pending), (.heads, .pending),
        (.heads, .escalated), (.heads, .pendingFromAbove), (.heads, .left),
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
        let one = company.told(one)
        let words = one.words
        let verdict = standing.verdict(one.right)
        func fail(_ line: String, _ reply: [UInt8]) {
            Issue.record(
                "\(line) by \(login), deal of \(company.ownerLogin), \(company.stand), \(company.tree) must be \(verdict): \(String(decoding: reply, as: UTF8.self))"
            )
        }
        let before = company.company.ledger.lastSequence
        for (prefix, tail) in forms(command, verdict, everyForm) {
            let line = prefix + words + tail
            // A query changes nothing, and what is refused neither.
            let mayChange = verdict == .may && isWrite(command)
            let subject = mayChange ? company.company.fork() : company.company
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
                let ghost = ghost(id)
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
        if company.company.ledger.lastSequence != before { fail(words, []) }
        guard verdict != .may, everyForm else { return }
        func abort(_ line: String) -> String {
            company.company.transact(["PREF.LIST", line], as: login).errorLine ?? ""
        }
        let mine = abort(words)
        // What is too long for a transaction is so whatever it is about.
        let because = Self.isTooLong(command) ? "ERR" : verdict == .absent ? "NOTFOUND" : "NOPERM"
        let start = "EXECABORT nothing was applied: command 2 (\(command.name)) was refused: "
        if !mine.hasPrefix("\(start)\(because) ") { fail("MULTI \(words)", Array(mine.utf8)) }
        if Self.isTooLong(command), let id = one.subject, mine != abort(one.ghost(ghost(id))) {
            fail("MULTI \(words)", Array(mine.utf8))
        }
    }

    private static func isTooLong(_ command: Command) -> Bool {
        command.name == "REPORT.WATERFALL"
    }

    private static let notPermitted = Array("-NOPERM ".utf8)

    /// How the refusal of an id begins; others may be named behind a subject that is seen.
    private func absent(_ id: String) -> [UInt8] {
        let nouns = [
            "o": "opportunity", "a": "approval", "l": "lead", "k": "contact", "v": "activity",
            "u": "unit",
        ]
        let noun = isID(id) ? nouns[String(id.prefix(1))] : "person"
        return Array("-NOTFOUND no \(noun ?? "") '\(id)'".utf8)
    }

    /// What was never given out.
    private func ghost(_ id: String) -> String { isID(id) ? "\(id.prefix(1))9999" : "nobody" }

    /// Or a login: none of them has a digit.
    private func isID(_ text: String) -> Bool { text.last?.isNumber == true }

    private func isWrite(_ command: Command) -> Bool {
        if case .write = command.access { true } else { false }
    }

    /// What is written before and behind a command.
    private func forms(
        _ command: Command, _ verdict: Standing.Verdict, _ everyForm: Bool
    ) -> [(String, String)] {
        guard isWrite(command), everyForm else { return [("", "")] }
        var forms = [("", ""), ("DRYRUN ", "")]
        if command.arguments.contains(where: { $0.name == "IFREV" }) {
            forms.append(("", " IFREV 77"))
        }
        if verdict != .may { forms.append(("", " REQID r")) }
        return forms
    }
}

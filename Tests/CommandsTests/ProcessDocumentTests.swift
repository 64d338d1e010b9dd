import Foundation
import PipelineCommands
import PipelineDomain
import Testing

/// What the tests know of a company: its currency, one login and one named unit.
enum TestCompany {
    static func context(_ code: String = "CNY") -> ProcessDocument.Context {
        guard let currency = Currency(code) else { preconditionFailure("no currency \(code)") }
        return ProcessDocument.Context(
            currency: currency,
            person: { $0 == "xiaoli" ? PersonID(7) : nil },
            unit: { $0 == "east" ? UnitID(5) : nil })
    }

    static func parse(_ json: String, _ code: String = "CNY") throws -> ProcessDefinition {
        try ProcessDocument.parse(json.utf8, in: context(code))
    }

    /// All the problems of a document, or none if it is read.
    static func problems(_ json: String, _ code: String = "CNY") -> [String] {
        do throws(ProcessDocumentError) {
            _ = try ProcessDocument.parse(json.utf8, in: context(code))
            return []
        } catch {
            return error.problems
        }
    }

    /// The example of the protocol's description.
    static let example = """
        {"name": "广告投标", "kind": "linear", "cycleDays": 45, "remindDaysBefore": 5,
         "appliesTo": {"units": ["u2"], "customerTypes": ["enterprise"], "industries": [], "products": []},
         "lossReasons": ["price", "competitor", "no-budget"], "invalidReasons": [], "reviewRequired": true, \
        "reaskDropPercent": 20,
         "stages": [
          {"key": "proposal", "name": "方案制定", "winRate": 40, "phase": "mid", "journey": "consideration", \
        "maxDwellDays": 14,
           "guidance": "…",
           "tasks":    [{"key": "site-visit", "name": "参观客户", "required": true, \
        "role": "account-manager", "dueDays": 7, "evidence": false}],
           "requires": ["amount", "close", "customer.address"],
           "feedback": [{"key": "budget_owner", "name": "预算负责人", "type": "text", "required": true, \
        "choices": []}],
           "gate": {"approval": "superior", "levels": [{"from": "0", "count": 1}, \
        {"from": "500000", "count": 2}],
                    "onNoSuperior": "designate", "designate": "e1",
                    "remindAfterHours": 24, "escalateAfterHours": 48, "adminAfterHours": 96, \
        "onDeadline": "wait"}},
          {"key": "negotiation", "name": "商务确认", "winRate": 80}],
         "transitions": [{"from": "negotiation", "to": "proposal", "gate": null}]}
        """
}

@Suite("Process documents: reading and writing")
struct ProcessDocumentTests {
    @Test("D-2: the protocol's example is read whole")
    func example() throws {
        let process = try TestCompany.parse(TestCompany.example)
        #expect(process.name == "广告投标")
        #expect(process.kind == .linear)
        #expect(process.cycleDays == 45)
        #expect(process.remindDaysBefore == 5)
        #expect(process.appliesTo.units == [UnitID(2)])
        #expect(process.appliesTo.persons == [])
        #expect(process.appliesTo.customerTypes == ["enterprise"])
        #expect(process.lossReasons == ["price", "competitor", "no-budget"])
        #expect(process.reviewRequired)
        #expect(process.reaskDropPercent == 20)
        let stage = try #require(process.stages.first)
        #expect(stage.key == "proposal")
        #expect(stage.name == "方案制定")
        #expect(stage.winRate == Rate(basisPoints: 4_000))
        #expect(stage.phase == .mid)
        #expect(stage.journey == .consideration)
        #expect(stage.maxDwellDays == 14)
        #expect(stage.guidance == "…")
        var task = StageTask(key: "site-visit", name: "参观客户")
        task.required = true
        task.role = "account-manager"
        task.dueDays = 7
        #expect(stage.tasks == [task])
        #expect(stage.requires == [.amount, .close, .customerAddress])
        var field = FeedbackField(key: "budget_owner", name: "预算负责人", type: .text)
        field.required = true
        #expect(stage.feedback == [field])
        var gate = Gate()
        gate.approval = .superior
        gate.levels = [
            .init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000_000, count: 2),
        ]
        gate.onNoSuperior = .designate
        gate.designate = PersonID(1)
        gate.remindAfterHours = 24
        gate.escalateAfterHours = 48
        gate.adminAfterHours = 96
        #expect(stage.gate == gate)
        #expect(process.transitions == [.init(from: "negotiation", to: "proposal", gate: nil)])
    }

    @Test(
        "D-2: only name and stages with key, name and winRate are required; the rest has defaults")
    func defaults() throws {
        let process = try TestCompany.parse(
            #"{"name": "P", "stages": [{"key": "only", "name": "S", "winRate": 12.5}]}"#)
        let rate = try #require(Rate(basisPoints: 1_250))
        #expect(
            process
                == ProcessDefinition(
                    name: "P", stages: [Stage(key: "only", name: "S", winRate: rate)]))
        #expect(process.kind == .linear)
        #expect(process.stages[0].gate.approval == .none)
        #expect(process.reaskDropPercent == 20)
        #expect(!process.reviewRequired)
    }

    @Test("D-5: null is no gate: none asked in a stage, the stage's own rule in a transition")
    func nullGate() throws {
        let process = try TestCompany.parse(
            #"""
            {"name": "P", "kind": "flexible", "cycleDays": null, "remindDaysBefore": null,
             "stages": [{"key": "one", "name": "S", "winRate": 1, "gate": null, "phase": null,
                         "journey": null, "maxDwellDays": null,
                         "tasks": [{"key": "call", "name": "T", "role": null, "dueDays": null}]},
                        {"key": "two", "name": "T", "winRate": 2, "gate": {"designate": null,
                         "remindAfterHours": null, "escalateAfterHours": null,
                         "adminAfterHours": null}}],
             "transitions": [{"from": "one", "to": "two", "gate": null},
                             {"from": "two", "to": "one", "gate": {}},
                             {"from": "two", "to": "won"}]}
            """#)
        #expect(process.stages[0].gate == Gate())
        #expect(process.stages[1].gate == Gate())
        #expect(process.transitions.map(\.gate) == [nil, Gate(), nil])
    }

    @Test(
        "D-2: win rates are exact to the basis point, however the number is written",
        arguments: [
            ("0", 0), ("100", 10_000), ("40", 4_000), ("40.0", 4_000), ("33.33", 3_333),
            ("0.01", 1), ("4e1", 4_000), ("4E+1", 4_000), ("3333e-2", 3_333), ("100.00", 10_000),
            ("-0", 0), ("0.1e1", 100), ("29.29", 2_929),
        ])
    func winRates(literal: String, basisPoints: Int) throws {
        let process = try TestCompany.parse(
            #"{"name": "P", "stages": [{"key": "only", "name": "S", "winRate": \#(literal)}]}"#)
        #expect(process.stages.map { Int($0.winRate.basisPoints) } == [basisPoints])
    }

    @Test("D-2: a list as long as its bound is read whole")
    func longestLists() throws {
        let reasons = (0..<1_000).map { "\"r\($0)\"" }.joined(separator: ",")
        let process = try TestCompany.parse(
            #"""
            {"name": "P", "lossReasons": [\#(reasons)],
             "stages": [{"key": "only", "name": "S", "winRate": 1}]}
            """#)
        #expect(process.lossReasons.count == 1_000)
        #expect(process.lossReasons.last == "r999")
    }

    @Test(
        "D-36: thresholds are amounts in the company's currency, as text or number",
        arguments: [
            (#""500000""#, "CNY", Int64(50_000_000)), ("500000", "CNY", 50_000_000),
            ("500000.50", "CNY", 50_000_050), (#""0.05""#, "CNY", 5), ("5e5", "JPY", 500_000),
            (#""1.234""#, "KWD", 1_234), (#""1.50""#, "CNY", 150), ("7.0", "JPY", 7),
            (#""999999999999999.99""#, "CNY", 99_999_999_999_999_999),
        ])
    func thresholds(literal: String, currency: String, minorUnits: Int64) throws {
        let json = #"""
            {"name": "P", "stages": [{"key": "only", "name": "S", "winRate": 1, "gate":
              {"approval": "superior", "levels": [{"from": \#(literal), "count": 1}]}}]}
            """#
        let process = try TestCompany.parse(json, currency)
        #expect(process.stages[0].gate.levels.map(\.fromMinorUnits) == [minorUnits])
    }

    @Test("P-2: ids are read with leading zeros, and a login where a person is meant")
    func references() throws {
        let process = try TestCompany.parse(
            #"""
            {"name": "P", "appliesTo": {"units": ["u002", "east"], "persons": ["xiaoli", "e3"]},
             "stages": [{"key": "only", "name": "S", "winRate": 1,
                         "gate": {"onNoSuperior": "designate", "designate": "xiaoli"}}]}
            """#)
        #expect(process.appliesTo.units == [UnitID(2), UnitID(5)])
        #expect(process.appliesTo.persons == [PersonID(7), PersonID(3)])
        #expect(process.stages[0].gate.designate == PersonID(7))
    }

    @Test("D-38: texts are kept in NFC")
    func normalised() throws {
        let process = try TestCompany.parse(
            #"{"name": "Cafe\u0301", "stages": [{"key": "only", "name": "S", "winRate": 1}]}"#)
        #expect(Array(process.name.utf8) == Array("Caf\u{E9}".utf8))
    }

    @Test("D-2: what is written is in the schema's order with every default")
    func written() throws {
        let process = try TestCompany.parse(
            #"""
            {"stages": [{"winRate": 33.30, "name": "a\"\\\t\u4e2d", "key": "only",
              "guidance": "b\n\"",
              "gate": {"levels": [{"from": 0, "count": 1}, {"from": "10.5", "count": 2}]}}],
             "name": "P", "transitions": []}
            """#)
        let text = ProcessDocument.text(of: process, currency: TestCompany.context().currency)
        #expect(
            text == #"""
                {"name": "P", "kind": "linear", "cycleDays": null, "remindDaysBefore": null, \#
                "appliesTo": {"units": [], "persons": [], "customerTypes": [], "industries": [], \#
                "products": []}, "lossReasons": [], "invalidReasons": [], "reviewRequired": false, \#
                "reaskDropPercent": 20, "stages": [{"key": "only", "name": "a\"\\\t中", \#
                "winRate": 33.3, "phase": null, "journey": null, "maxDwellDays": null, \#
                "guidance": "b\n\"", "tasks": [], "requires": [], "feedback": [], \#
                "gate": {"approval": "none", "levels": [{"from": "0", "count": 1}, \#
                {"from": "10.50", "count": 2}], "onNoSuperior": "refuse", "designate": null, \#
                "remindAfterHours": null, "escalateAfterHours": null, "adminAfterHours": null, \#
                "onDeadline": "wait"}}], "transitions": []}
                """#)
    }

    @Test("D-2: the example comes back equal, and writing it again gives the same bytes")
    func exampleRoundTrip() throws {
        let currency = TestCompany.context().currency
        let process = try TestCompany.parse(TestCompany.example)
        let text = ProcessDocument.text(of: process, currency: currency)
        let again = try TestCompany.parse(text)
        #expect(again == process)
        #expect(ProcessDocument.text(of: again, currency: currency) == text)
    }

    @Test("D-2: the examples of the published schema are sound")
    func published() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let schema = try String(
            contentsOf: root.appending(path: "docs/process-schema.md"), encoding: .utf8)
        let examples = schema.components(separatedBy: "```json\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(examples.count == 2)
        for example in examples { #expect(TestCompany.problems(example) == []) }
    }

    @Test("D-2: every definition comes back equal from its document", arguments: 0..<200)
    func roundTrip(seed: UInt64) throws {
        var random = RandomProcess(seed: seed)
        let process = random.process()
        #expect(process.problems() == [])
        for code in ["CNY", "JPY", "KWD"] {
            let currency = TestCompany.context(code).currency
            let text = ProcessDocument.text(of: process, currency: currency)
            #expect(try TestCompany.parse(text, code) == process)
        }
    }

    @Test("P-2: a damaged document is read or refused, and never more", arguments: 0..<300)
    func damaged(seed: UInt64) throws {
        var random = RandomProcess(seed: seed)
        var bytes = Array(TestCompany.example.utf8)
        let alphabet = Array(#"{}[]",:0123456789.eE-\u nulltrefas"#.utf8) + [0, 0x80, 0xFF]
        for _ in 0..<(1 + Int(seed % 4)) {
            let index = random.number(0...(bytes.count - 1))
            switch random.number(0...2) {
            case 0: bytes[index] = alphabet[random.number(0...(alphabet.count - 1))]
            case 1: bytes.remove(at: index)
            default: bytes.insert(alphabet[random.number(0...(alphabet.count - 1))], at: index)
            }
        }
        let context = TestCompany.context()
        do throws(ProcessDocumentError) {
            let process = try ProcessDocument.parse(bytes, in: context)
            let text = ProcessDocument.text(of: process, currency: context.currency)
            #expect(try ProcessDocument.parse(text.utf8, in: context) == process)
        } catch {
            #expect(!error.problems.isEmpty)
        }
    }
}

import PipelineCommands
import PipelineDomain
import Testing

/// One line for each thing that can be wrong with a document, word for word.
@Suite("Process documents: what is wrong with them")
struct ProcessErrorTests {
    /// A process of two stages with more members in places.
    func document(
        process: String = "", stage: String = "", gate: String? = nil, transitions: String = ""
    ) -> String {
        let gateMember = gate.map { ", \"gate\": {\($0)}" } ?? ""
        return #"""
            {"name": "P"\#(process.isEmpty ? "" : ", " + process), "stages": [
             {"key": "one", "name": "One", "winRate": 10},
             {"key": "two", "name": "Two", "winRate": 20\#(stage.isEmpty ? "" : ", " + stage)\#
            \#(gateMember)}], "transitions": [\#(transitions)]}
            """#
    }

    func inProcess(_ members: String) -> [String] {
        TestCompany.problems(document(process: members))
    }
    func inStage(_ members: String) -> [String] {
        TestCompany.problems(document(stage: members))
    }
    func inGate(_ members: String, _ code: String = "CNY") -> [String] {
        TestCompany.problems(document(gate: members), code)
    }
    func inTransitions(_ transitions: String, flexible: Bool = false) -> [String] {
        TestCompany.problems(
            document(
                process: flexible ? #""kind": "flexible""# : "", transitions: transitions))
    }

    @Test("D-2: the frame that the other tests change is sound")
    func frame() {
        #expect(TestCompany.problems(document()) == [])
        #expect(TestCompany.problems(document(gate: #""approval": "superior""#)) == [])
    }

    @Test("D-2: a document is one JSON object")
    func notAnObject() {
        #expect(
            TestCompany.problems("{\"name\":\n 'P'}") == [
                "not JSON at line 2, column 2: a value is expected here"
            ])
        #expect(TestCompany.problems("[]") == ["the document must be an object, not a list"])
        #expect(TestCompany.problems("null") == ["the document must be an object, not null"])
    }

    @Test("D-2: what is required and missing is named")
    func missing() {
        #expect(
            TestCompany.problems("{}") == [
                "name is missing: give a text",
                "stages is missing: give a list of stages",
            ])
        let nothing = #""tasks": [{}], "feedback": [{}]"#
        #expect(
            inStage(nothing) == [
                "stages[1].tasks[0].key is missing: give a text",
                "stages[1].tasks[0].name is missing: give a text",
                "stages[1].feedback[0].key is missing: give a text",
                "stages[1].feedback[0].name is missing: give a text",
            ])
        #expect(
            TestCompany.problems(#"{"name": "P", "stages": [{}]}"#) == [
                "stages[0].key is missing: give a text",
                "stages[0].name is missing: give a text",
                "stages[0].winRate is missing: give a percentage from 0 to 100 with at most two "
                    + "decimals",
            ])
        #expect(
            inTransitions("{}") == [
                "transitions[0].from is missing: give a text",
                "transitions[0].to is missing: give a text",
            ])
        #expect(
            inGate(#""levels": [{}]"#) == [
                "stages[1].gate.levels[0].from is missing: give an amount in CNY such as '500000'",
                "stages[1].gate.levels[0].count is missing: give a whole number",
            ])
    }

    @Test("D-2: an unknown member is named with the nearest known one")
    func unknownMember() {
        #expect(
            inStage(#""winrate": 1"#) == [
                "stages[1].winrate is not a member: did you mean 'winRate'?"
            ])
        #expect(
            inProcess(#""stagse": []"#) == ["stagse is not a member: did you mean 'stages'?"])
        #expect(
            inTransitions(#"{"from": "two", "to": "one", "probability": 1}"#) == [
                "transitions[0].probability is not a member: the members here are "
                    + "'from', 'to', 'gate'"
            ])
    }

    @Test("D-2: a member given twice is named")
    func duplicateMember() {
        #expect(
            inStage(#""name": "Deux""#) == ["stages[1].name is given twice: keep one of them"])
        #expect(inProcess(#""name": "Q""#) == ["name is given twice: keep one of them"])
    }

    @Test("D-2: a value of another type is refused with what it must be")
    func wrongType() {
        #expect(
            inProcess(
                #""kind": 1, "cycleDays": "45", "appliesTo": [], "lossReasons": "price""#
                    + #", "reviewRequired": "yes", "reaskDropPercent": null"#)
                == [
                    "kind must be one of 'linear', 'flexible', not 1",
                    "cycleDays must be a whole number, not '45'",
                    "appliesTo must be an object, not a list",
                    "lossReasons must be a list of texts, not 'price'",
                    "reviewRequired must be true or false, not 'yes'",
                    "reaskDropPercent must be a whole number, not null",
                ])
        #expect(
            inStage(
                #""maxDwellDays": 1.5, "guidance": false, "tasks": {}, "requires": [true], "#
                    + #""feedback": [3]"#)
                == [
                    "stages[1].maxDwellDays must be a whole number, not 1.5",
                    "stages[1].guidance must be a text, not false",
                    "stages[1].tasks must be a list of tasks, not an object",
                    "stages[1].requires[0] must be one of 'amount', 'close', 'source', "
                        + "'industry', 'product', 'region', 'channel', 'customer.type', "
                        + "'customer.industry', 'customer.address', 'customer.phone', "
                        + "'customer.website', 'contact.decision-maker', 'contact.sponsor', "
                        + "'contact.influencer', 'contact.user', not true",
                    "stages[1].feedback[0] must be an object, not 3",
                ])
        #expect(
            TestCompany.problems(document(stage: #""gate": "superior""#)) == [
                "stages[1].gate must be an object, not 'superior'"
            ])
        #expect(
            inProcess(#""cycleDays": 1e30"#) == ["cycleDays must be a whole number, not 1e30"])
    }

    @Test("D-2: a word of a closed set is refused with all that are allowed")
    func wrongWord() {
        #expect(
            inStage(
                #""phase": "middle", "journey": "Decision", "feedback": "#
                    + #"[{"key": "age", "name": "Age", "type": "integer", "choices": ["a"]}]"#)
                == [
                    "stages[1].phase must be one of 'early', 'mid', 'late', not 'middle'",
                    "stages[1].journey must be one of 'awareness', 'consideration', 'decision', "
                        + "'retention', not 'Decision'",
                    "stages[1].feedback[0].type must be one of 'text', 'number', 'money', 'date', "
                        + "'choice', 'boolean', 'person', 'contact', not 'integer'",
                ])
        #expect(
            inGate(#""approval": "boss", "onNoSuperior": "wait", "onDeadline": "refuse""#) == [
                "stages[1].gate.approval must be one of 'none', 'superior', not 'boss'",
                "stages[1].gate.onNoSuperior must be one of 'refuse', 'designate', 'auto', "
                    + "not 'wait'",
                "stages[1].gate.onDeadline must be one of 'wait', 'approve', 'reject', "
                    + "not 'refuse'",
            ])
    }

    @Test(
        "D-2: a win rate is a percentage of at most two decimals",
        arguments: ["-1", "100.01", "12.345", "1e3", "\"40\"", "null", "true", "1e-30", "1e99999"])
    func winRate(literal: String) {
        let shown = literal == "\"40\"" ? "'40'" : literal
        #expect(
            TestCompany.problems(
                #"{"name": "P", "stages": [{"key": "only", "name": "S", "winRate": \#(literal)}]}"#)
                == [
                    "stages[0].winRate must be a percentage from 0 to 100 with at most two "
                        + "decimals, not \(shown)"
                ])
    }

    @Test("D-23: a threshold is an amount that the company's currency can express")
    func threshold() {
        func problem(_ literal: String, _ code: String = "CNY") -> [String] {
            inGate(#""levels": [{"from": \#(literal), "count": 1}]"#, code)
        }
        let place = "stages[1].gate.levels[0].from must be an amount in"
        #expect(problem(#""ten""#) == ["\(place) CNY such as '500000', not 'ten'"])
        #expect(problem("true") == ["\(place) CNY such as '500000', not true"])
        #expect(problem("1e60") == ["\(place) CNY such as '500000', not 1e60"])
        #expect(problem("-5") == ["\(place) CNY such as '500000', 0 or more, not -5"])
        #expect(
            problem(#""1000000000000000""#)
                == ["\(place) CNY such as '500000', below 10^15, not '1000000000000000'"])
        #expect(
            problem("0.005")
                == ["\(place) CNY such as '500000', with at most 2 decimals, not 0.005"])
        #expect(
            problem("0.5", "JPY") == ["\(place) JPY such as '500000', without decimals, not 0.5"])
    }

    @Test("D-1: a reference is an id, or a name in use")
    func references() {
        #expect(
            inProcess(#""appliesTo": {"units": ["west", "e1", 2], "persons": ["nobody", "u1"]}"#)
                == [
                    "appliesTo.units[0] must be a unit's id such as 'u2', not 'west'",
                    "appliesTo.units[1] must be a unit's id such as 'u2', not 'e1'",
                    "appliesTo.units[2] must be a text, not 2",
                    "appliesTo.persons[0] must be a person's id such as 'e1' or a login in use, "
                        + "not 'nobody'",
                    "appliesTo.persons[1] must be a person's id such as 'e1' or a login in use, "
                        + "not 'u1'",
                ])
        #expect(
            inGate(#""onNoSuperior": "designate", "designate": "nobody""#) == [
                "stages[1].gate.designate must be a person's id such as 'e1' or a login in use, "
                    + "not 'nobody'"
            ])
    }

    @Test("P-2: a client's text is quoted up to 64 characters")
    func quoting() {
        let long = String(repeating: "k", count: 1_000)
        let cut = String(repeating: "k", count: 64)
        #expect(
            inProcess(#""kind": "\#(long)""#) == [
                "kind must be one of 'linear', 'flexible', not '\(cut)...'"
            ])
        #expect(
            inTransitions(#"{"from": "two", "to": "one", "\#(long)": 1}"#) == [
                "transitions[0].\(cut) is not a member: the members here are 'from', 'to', 'gate'"
            ])
    }

    @Test("P-2: at most 100 problems are told, and that there are more")
    func manyProblems() throws {
        let members = (0..<150).map { "\"zzzzzzzz\($0)\": 1" }.joined(separator: ", ")
        let error = #expect(throws: ProcessDocumentError.self) {
            try TestCompany.parse(document(process: members))
        }
        let found = try #require(error)
        #expect(found.problems.count == 100)
        #expect(found.isCut)
        #expect(found.message.hasSuffix("; and more"))
    }
}

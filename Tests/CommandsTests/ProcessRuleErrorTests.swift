import PipelineCommands
import PipelineDomain
import Testing

/// Documents of the right form whose process breaks a rule.
extension ProcessErrorTests {
    @Test("D-2: problems of texts and numbers, word for word")
    func textsAndNumbers() {
        let long = String(repeating: "长", count: 201)
        #expect(
            inStage(#""tasks": [{"key": "call", "name": "\#(long)"}]"#)
                == ["stages[1].tasks[0].name has 201 characters: at most 200 are allowed"])
        #expect(
            inStage(#""tasks": [{"key": "call", "name": " "}]"#)
                == [
                    "stages[1].tasks[0].name is empty: give at least one character that is no space"
                ])
        #expect(
            inStage(#""guidance": "\#(String(repeating: "x", count: 16_385))""#)
                == ["stages[1].guidance has 16385 bytes: at most 16384 are allowed"])
        #expect(
            inStage(#""guidance": "a\u0007""#) == [
                "stages[1].guidance contains the control character U+0007: only TAB and LF are "
                    + "allowed"
            ])
        #expect(
            inProcess(#""cycleDays": 0, "remindDaysBefore": 5000"#) == [
                "cycleDays is 0: give a number from 1 to 3650",
                "remindDaysBefore is 5000: give a number from 1 to 3650",
                "remindDaysBefore is 5000, which is not below cycleDays (0): remind fewer days ahead",
            ])
        #expect(
            inProcess(#""lossReasons": ["price", "price"]"#)
                == ["lossReasons[1] repeats lossReasons[0]: say it once"])
        #expect(
            TestCompany.problems(#"{"name": "P", "stages": []}"#)
                == ["stages is empty: give at least one stage"])
        let reasons = (0...1_000).map { "\"r\($0)\"" }.joined(separator: ",")
        #expect(
            inProcess(#""invalidReasons": [\#(reasons)]"#)
                == ["invalidReasons has 1001 elements: at most 1000 are allowed"])
    }

    @Test("P-2: a list or a text beyond its bound is refused before it is read further")
    func beyondBounds() {
        let stages = (0..<70).map { "{\"key\": \"S\($0)\", \"name\": \"S\", \"winRate\": 1}" }
        let found = TestCompany.problems(
            #"{"name": "P", "stages": [\#(stages.joined(separator: ","))]}"#)
        #expect(found.first == "stages has 70 elements: at most 64 are allowed")
        #expect(found.count == 1 + 64)
        let name = String(repeating: "x", count: 16_385)
        #expect(
            TestCompany.problems(
                #"{"name": "\#(name)", "stages": [{"key": "only", "name": "S", "winRate": 1}]}"#)
                == ["name has 16385 bytes: at most 16384 are allowed"])
    }

    @Test("D-2: problems of keys, word for word")
    func keys() {
        func problem(_ key: String) -> [String] {
            inStage(#""tasks": [{"key": "\#(key)", "name": "T"}]"#)
        }
        let place = "stages[1].tasks[0].key"
        let form =
            "a key is a lower-case letter, then at most 63 of a-z, 0-9, '.', '_' and '-', "
            + "not all of them digits"
        #expect(problem("Call") == ["\(place) 'Call' must match [a-z][a-z0-9._-]*: \(form)"])
        #expect(problem("e12") == ["\(place) 'e12' has the form of an id: \(form)"])
        #expect(problem("") == ["\(place) '' is empty: \(form)"])
        #expect(
            problem(String(repeating: "k", count: 65)) == [
                "\(place) '\(String(repeating: "k", count: 64))...' is longer than 64 characters: "
                    + form
            ])
        #expect(
            problem("done") == ["\(place) 'done' is a keyword of the protocol: choose another key"])
        #expect(
            TestCompany.problems(
                #"{"name": "P", "stages": [{"key": "won", "name": "S", "winRate": 1}]}"#)
                == [
                    "stages[0].key 'won' is an outcome, not a stage: choose another key, for WIN, "
                        + "LOSE and INVALIDATE end a deal from the stage it is in"
                ])
    }

    @Test("P-2: a keyword of the command table is no key")
    func keywords() {
        var context = TestCompany.context()
        context.isKeyword = { $0 == "limit" }
        let json = #"{"name": "P", "stages": [{"key": "limit", "name": "S", "winRate": 1}]}"#
        let error = #expect(throws: ProcessDocumentError.self) {
            try ProcessDocument.parse(json.utf8, in: context)
        }
        #expect(
            error?.message
                == "stages[0].key 'limit' is a keyword of the protocol: choose another key")
    }

    @Test("D-2: problems of choices, word for word")
    func choices() {
        let place = "stages[1].feedback[0].choices"
        #expect(
            inStage(#""feedback": [{"key": "size", "name": "F", "type": "choice"}]"#)
                == ["\(place) is empty: a field of type 'choice' needs at least one"])
        #expect(
            inStage(
                #""feedback": [{"key": "size", "name": "F", "type": "text", "choices": ["a"]}]"#)
                == [
                    "\(place) is for fields of type 'choice', and this one is 'text': "
                        + "change the type or leave the choices out"
                ])
    }

    @Test("D-5: problems of transitions, word for word")
    func transitions() {
        #expect(
            inTransitions(#"{"from": "two", "to": "nowhere"}"#)
                == ["transitions[0].to names no stage: 'nowhere' is not the key of any"])
        #expect(
            inTransitions(#"{"from": "one", "to": "two"}"#) == [
                "transitions[0].to leads forward from 'one' to 'two': a linear process lists only "
                    + "returns, for it goes forward by itself; leave it out or make the kind "
                    + "'flexible'"
            ])
        #expect(
            inTransitions(#"{"from": "two", "to": "won"}"#) == [
                "transitions[0].to leads to 'won': a linear process is won from its last stage "
                    + "without a transition; leave it out or make the kind 'flexible'"
            ])
        #expect(
            inTransitions(#"{"from": "one", "to": "one"}"#, flexible: true)
                == ["transitions[0].to leads from 'one' to itself: name another stage"])
        #expect(
            inTransitions(
                #"{"from": "one", "to": "two"}, {"from": "one", "to": "two"}"#, flexible: true)
                == ["transitions[1] repeats transitions[0]: say it once"])
    }

    @Test("D-19, D-23, D-27: problems of gates, word for word")
    func gates() {
        let place = "stages[1].gate"
        #expect(
            inGate(#""levels": [{"from": 5, "count": 1}, {"from": 5, "count": 2}]"#) == [
                "\(place).levels[1].from is not above \(place).levels[0].from: "
                    + "list the levels by rising amount"
            ])
        #expect(
            inGate(#""levels": [{"from": 0, "count": 2}, {"from": 5, "count": 2}]"#) == [
                "\(place).levels[1].count is 2, which is not above the 2 of the level before: "
                    + "a higher amount asks more superiors"
            ])
        #expect(
            inGate(#""levels": [{"from": 0, "count": 11}]"#)
                == ["\(place).levels[0].count is 11: give a number from 1 to 10"])
        #expect(
            inGate(#""onNoSuperior": "designate""#) == [
                "\(place).designate is missing: onNoSuperior is 'designate', so name the person to ask"
            ])
        #expect(
            inGate(#""onNoSuperior": "auto", "designate": "e1""#) == [
                "\(place).designate is for onNoSuperior 'designate', and that is 'auto': "
                    + "change it or leave the designate out"
            ])
        #expect(
            inGate(#""remindAfterHours": 48, "escalateAfterHours": 24"#) == [
                "\(place).escalateAfterHours is 24, which is not after remindAfterHours (48): "
                    + "remind first, then escalate, then tell the administrators"
            ])
        #expect(
            inGate(#""onDeadline": "approve""#) == [
                "\(place).onDeadline is 'approve', but no deadline is set: "
                    + "give adminAfterHours or say 'wait'"
            ])
    }

    @Test("P-5: faults of form and of rule are told together, in one line")
    func together() throws {
        let error = #expect(throws: ProcessDocumentError.self) {
            try TestCompany.parse(
                #"""
                {"name": "", "reviewRequird": true, "stages": [
                  {"key": "one", "name": "One", "winRate": 200},
                  {"key": "one", "name": "Two", "winRate": 20, "phase": "end"}]}
                """#)
        }
        #expect(
            error?.message
                == "reviewRequird is not a member: did you mean 'reviewRequired'?; "
                + "stages[0].winRate must be a percentage from 0 to 100 with at most two decimals, "
                + "not 200; stages[1].phase must be one of 'early', 'mid', 'late', not 'end'; "
                + "name is empty: give at least one character that is no space; "
                + "stages[1].key repeats stages[0].key: say it once")
    }

    @Test("P-5: what hangs on a value that cannot be read is not judged")
    func unread() {
        #expect(
            TestCompany.problems(
                #"""
                {"name": "P", "kind": "loose", "stages": [
                  {"name": "One", "winRate": 10},
                  {"key": "two", "name": "Two", "winRate": 20, "gate": {
                    "onNoSuperior": "boss", "designate": "e1", "onDeadline": "approve",
                    "adminAfterHours": "8",
                    "levels": [{"from": "x", "count": 2}, {"from": 0, "count": 1}]}}, 3],
                 "transitions": [{"from": "one", "to": "two"}, {"from": 1, "to": "two"},
                                 {"from": 2, "to": "two"}]}
                """#)
                == [
                    "kind must be one of 'linear', 'flexible', not 'loose'",
                    "stages[0].key is missing: give a text",
                    "stages[1].gate.levels[0].from must be an amount in CNY such as '500000', "
                        + "not 'x'",
                    "stages[1].gate.onNoSuperior must be one of 'refuse', 'designate', 'auto', "
                        + "not 'boss'",
                    "stages[1].gate.adminAfterHours must be a whole number, not '8'",
                    "stages[2] must be an object, not 3",
                    "transitions[1].from must be a text, not 1",
                    "transitions[2].from must be a text, not 2",
                ])
        // A rate that cannot be read takes nothing from the judgement of transitions.
        #expect(
            TestCompany.problems(
                #"""
                {"name": "P", "stages": [{"key": "one", "name": "One", "winRate": "x"}],
                 "transitions": [{"from": "one", "to": "two"}]}
                """#)
                == [
                    "stages[0].winRate must be a percentage from 0 to 100 with at most two "
                        + "decimals, not 'x'",
                    "transitions[0].to names no stage: 'two' is not the key of any",
                ])
    }
}

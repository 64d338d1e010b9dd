import PipelineDomain
import Testing

/// Definitions are built by changing a sound one, so that each test names the one thing that is
/// wrong.
@Suite("Process definitions")
struct ProcessValidationTests {
    private static func rate(_ percent: Int) -> Rate {
        guard let rate = Rate(basisPoints: percent * 100) else {
            preconditionFailure("a percentage")
        }
        return rate
    }

    private static func sound() -> ProcessDefinition {
        var first = Stage(key: "lead-in", name: "机会", winRate: rate(10))
        first.tasks = [
            StageTask(key: "call", name: "Call"), StageTask(key: "visit", name: "Visit"),
        ]
        first.feedback = [
            FeedbackField(key: "need", name: "Need", type: .text),
            FeedbackField(key: "budget", name: "Budget", type: .money),
        ]
        first.requires = [.amount, .customerAddress]
        return ProcessDefinition(
            name: "广告投标",
            stages: [
                first, Stage(key: "proposal", name: "方案制定", winRate: rate(40)),
                Stage(key: "award", name: "中标", winRate: rate(90)),
            ])
    }

    func problems(
        after change: (inout ProcessDefinition) -> Void
    ) -> [ProcessProblem] {
        var definition = Self.sound()
        change(&definition)
        return definition.problems()
    }

    func gateProblems(_ change: (inout Gate) -> Void) -> [ProcessProblem] {
        problems { change(&$0.stages[1].gate) }
    }

    @Test("D-2: a sound definition has no problems")
    func sound() {
        #expect(Self.sound().problems() == [])
    }

    @Test("D-2: names are neither empty nor longer than the bound, and without control characters")
    func names() {
        #expect(problems { $0.name = " \t" } == [.init("name", .empty)])
        let longest = String(repeating: "长", count: Bounds.nameCharacters)
        #expect(problems { $0.name = longest } == [])
        #expect(
            problems { $0.stages[2].name = longest + "x" }
                == [.init("stages[2].name", .tooLong(characters: 201, most: 200))])
        #expect(
            problems { $0.stages[0].tasks[1].name = "a\u{7}" }
                == [.init("stages[0].tasks[1].name", .controlCharacter(codePoint: 7))])
        for scalar in (0...0x200 as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
            let isControl = scalar.properties.generalCategory == .control
            let isAllowed = !isControl || scalar == "\t" || scalar == "\n"
            #expect(
                problems { $0.stages[0].guidance = "x\(scalar)" }.isEmpty == isAllowed,
                "U+\(scalar.value)")
        }
        // A letter may carry any number of marks.
        #expect(
            problems { $0.name = "e" + String(repeating: "\u{301}", count: 200) }
                == [.init("name", .tooLong(characters: 201, most: 200))])
        #expect(
            problems { $0.lossReasons = ["price", "no\nbudget"] }
                == [.init("lossReasons[1]", .severalLines)])
        #expect(
            problems { $0.stages[0].tasks[0].role = "" }
                == [.init("stages[0].tasks[0].role", .empty)])
        #expect(
            problems { $0.appliesTo.products = ["a", ""] }
                == [.init("appliesTo.products[1]", .empty)])
    }

    @Test("D-2: guidance is bounded like a note, may be empty and may have lines")
    func guidance() {
        let longest = String(repeating: "a\n", count: Bounds.noteBytes / 2)
        #expect(problems { $0.stages[0].guidance = longest } == [])
        #expect(
            problems { $0.stages[0].guidance = longest + "中" }
                == [.init("stages[0].guidance", .tooManyBytes(count: 16_387, most: 16_384))])
        #expect(
            problems { $0.stages[0].guidance = "\u{85}" }
                == [.init("stages[0].guidance", .controlCharacter(codePoint: 0x85))])
    }

    @Test("D-2: there is at least one stage and at most the bound")
    func stageCount() {
        #expect(problems { $0.stages = [] } == [.init("stages", .noStages)])
        func stages(_ count: Int) -> [Stage] {
            (0..<count).map { Stage(key: "stage-\($0)", name: "S", winRate: Self.rate(10)) }
        }
        #expect(problems { $0.stages = stages(64) } == [])
        #expect(
            problems { $0.stages = stages(65) }
                == [.init("stages", .tooMany(count: 65, most: 64))])
        #expect(problems { $0.stages = stages(1) } == [])
    }

    @Test("D-2: keys have the form of keys and are unique where they are looked up")
    func keys() {
        #expect(
            problems { $0.stages[1].key = "Proposal" }
                == [
                    .init(
                        "stages[1].key",
                        .malformedKey(key: "Proposal", problem: "must match [a-z][a-z0-9._-]*"))
                ])
        #expect(
            problems { $0.stages[1].key = "e12" }
                == [
                    .init(
                        "stages[1].key",
                        .malformedKey(key: "e12", problem: "has the form of an id"))
                ])
        #expect(
            problems { $0.stages[0].tasks[0].key = "" }
                == [
                    .init(
                        "stages[0].tasks[0].key", .malformedKey(key: "", problem: "is empty"))
                ])
        #expect(
            problems { $0.stages[2].key = "lead-in" }
                == [.init("stages[2].key", .repeats(first: "stages[0].key"))])
        #expect(
            problems { $0.stages[0].tasks[1].key = "call" }
                == [.init("stages[0].tasks[1].key", .repeats(first: "stages[0].tasks[0].key"))])
        #expect(
            problems { $0.stages[0].feedback[1].key = "need" }
                == [
                    .init("stages[0].feedback[1].key", .repeats(first: "stages[0].feedback[0].key"))
                ])
        // A task and a field may share a key, and so may tasks of different stages.
        #expect(
            problems {
                $0.stages[0].feedback[0].key = "call"
                $0.stages[1].tasks = $0.stages[0].tasks
            } == [])
    }

    @Test("D-2: no key is a keyword, and no stage is called like an outcome")
    func reservedKeys() {
        for key in ["won", "lost", "invalid"] {
            #expect(
                problems { $0.stages[1].key = key } == [.init("stages[1].key", .outcomeAsKey(key))])
        }
        for key in ["reqid", "ifrev"] {
            #expect(
                problems { $0.stages[1].key = key } == [.init("stages[1].key", .keywordAsKey(key))])
        }
        for key in ["reqid", "ifrev", "done", "undo", "evidence", "note"] {
            let task = problems { $0.stages[0].tasks[0].key = key }
            #expect(task == [.init("stages[0].tasks[0].key", .keywordAsKey(key))])
            let field = problems { $0.stages[0].feedback[0].key = key }
            #expect(field == [.init("stages[0].feedback[0].key", .keywordAsKey(key))])
        }
        #expect(
            Self.sound().problems { $0 == "budget" }
                == [.init("stages[0].feedback[1].key", .keywordAsKey("budget"))])
    }

    @Test("D-2: a choice has choices, and nothing else does")
    func choices() {
        #expect(
            problems { $0.stages[0].feedback[0].type = .choice }
                == [.init("stages[0].feedback[0].choices", .choicesMissing)])
        for type in FeedbackField.ValueType.allCases where type != .choice {
            let found = problems {
                $0.stages[0].feedback[0].type = type
                $0.stages[0].feedback[0].choices = ["a"]
            }
            #expect(found == [.init("stages[0].feedback[0].choices", .choicesUnused(type: type))])
        }
        let repeated = problems {
            $0.stages[0].feedback[0].type = .choice
            $0.stages[0].feedback[0].choices = ["a", "b", "a"]
        }
        let path = "stages[0].feedback[0].choices"
        #expect(repeated == [.init("\(path)[2]", .repeats(first: "\(path)[0]"))])
    }

    @Test("D-2: a stage requires each field once")
    func requires() {
        #expect(
            problems { $0.stages[0].requires = [.close, .amount, .close] }
                == [.init("stages[0].requires[2]", .repeats(first: "stages[0].requires[0]"))])
    }

    @Test("D-4: days are between 1 and 3650, and the reminder comes within the cycle")
    func days() {
        for value in [0, -1, 3_651, .max, .min] {
            let fault = ProcessProblem.Fault.outOfRange(value: value, lowest: 1, highest: 3_650)
            #expect(problems { $0.cycleDays = value } == [.init("cycleDays", fault)])
            #expect(problems { $0.remindDaysBefore = value } == [.init("remindDaysBefore", fault)])
            #expect(
                problems { $0.stages[0].maxDwellDays = value }
                    == [.init("stages[0].maxDwellDays", fault)])
            #expect(
                problems { $0.stages[0].tasks[0].dueDays = value }
                    == [.init("stages[0].tasks[0].dueDays", fault)])
        }
        func remind(_ days: Int) -> [ProcessProblem] {
            problems {
                $0.cycleDays = 45
                $0.remindDaysBefore = days
            }
        }
        #expect(remind(44) == [])
        #expect(
            remind(45)
                == [
                    .init(
                        "remindDaysBefore",
                        .reminderOutsideCycle(remindDaysBefore: 45, cycleDays: 45))
                ])
    }

    @Test("D-13: reasons are not empty, said once and bounded in number")
    func reasons() {
        #expect(
            problems { $0.lossReasons = ["price", "competitor", "price"] }
                == [.init("lossReasons[2]", .repeats(first: "lossReasons[0]"))])
        #expect(
            problems { $0.invalidReasons = ["x", " "] } == [.init("invalidReasons[1]", .empty)])
        #expect(
            problems { $0.lossReasons = (0...Bounds.choices).map { "r\($0)" } }
                == [.init("lossReasons", .tooMany(count: 1_001, most: 1_000))])
    }

    @Test("D-24: reaskDropPercent is a percentage")
    func reask() {
        #expect(problems { $0.reaskDropPercent = 0 } == [])
        #expect(problems { $0.reaskDropPercent = 100 } == [])
        #expect(
            problems { $0.reaskDropPercent = 101 }
                == [.init("reaskDropPercent", .outOfRange(value: 101, lowest: 0, highest: 100))])
    }

    @Test("D-1: units, persons and classifiers are named once")
    func applicability() {
        #expect(
            problems { $0.appliesTo.units = [UnitID(2), UnitID(3), UnitID(2)] }
                == [.init("appliesTo.units[2]", .repeats(first: "appliesTo.units[0]"))])
        #expect(
            problems { $0.appliesTo.persons = [PersonID(1), PersonID(1)] }
                == [.init("appliesTo.persons[1]", .repeats(first: "appliesTo.persons[0]"))])
        #expect(
            problems { $0.appliesTo.customerTypes = ["enterprise", "enterprise"] }
                == [
                    .init(
                        "appliesTo.customerTypes[1]", .repeats(first: "appliesTo.customerTypes[0]"))
                ])
    }

    @Test("P-5: everything wrong is named, in the document's order")
    func everything() {
        let found = problems {
            $0.name = ""
            $0.cycleDays = 0
            $0.stages[0].key = "won"
            $0.stages[2].gate.onNoSuperior = .designate
            $0.transitions = [.init(from: "award", to: "nowhere")]
        }
        #expect(
            found.map(\.path) == [
                "name", "cycleDays", "stages[0].key", "stages[2].gate.designate",
                "transitions[0].to",
            ])
    }

    @Test("P-2: of a list beyond its bound only the allowed number is looked at")
    func boundedAnswer() {
        let found = problems {
            $0.stages[0].tasks = Array(repeating: StageTask(key: "A", name: ""), count: 5_000)
        }
        let most = Bounds.itemsPerStage
        #expect(found.first == .init("stages[0].tasks", .tooMany(count: 5_000, most: most)))
        // Each of those looked at is malformed and nameless, and all but the first repeat it.
        #expect(found.count == 1 + 2 * most + (most - 1))
    }

    @Test("D-3: each fall of the win rate in a linear process is a dip")
    func dips() {
        func dips(
            _ rates: [Int], kind: ProcessDefinition.Kind = .linear
        ) -> [[String]] {
            let stages = rates.enumerated().map {
                Stage(key: "s-\($0)", name: "S", winRate: Self.rate($1))
            }
            var definition = ProcessDefinition(name: "P", stages: stages)
            definition.kind = kind
            return definition.dips().map { [$0.from, $0.to] }
        }
        #expect(dips([10, 40, 40, 90]) == [])
        #expect(
            dips([10, 40, 30, 20, 90, 80]) == [["s-1", "s-2"], ["s-2", "s-3"], ["s-4", "s-5"]])
        #expect(dips([90, 10], kind: .flexible) == [])
        #expect(dips([]) == [])
    }
}

import PipelineDomain
import Testing

/// How deals move, and what must be approved before.
extension ProcessValidationTests {
    @Test("D-5: a linear process lists only returns to earlier stages")
    func linearTransitions() {
        #expect(problems { $0.transitions = [.init(from: "award", to: "lead-in")] } == [])
        #expect(
            problems { $0.transitions = [.init(from: "lead-in", to: "award")] }
                == [.init("transitions[0].to", .forwardInLinear(from: "lead-in", to: "award"))])
        #expect(
            problems { $0.transitions = [.init(from: "award", to: "won")] }
                == [.init("transitions[0].to", .wonInLinear)])
    }

    @Test("D-5: a flexible process lists any move between its stages, and to won")
    func flexibleTransitions() {
        func flexible(_ moves: [(String, String)]) -> [ProcessProblem] {
            problems {
                $0.kind = .flexible
                $0.transitions = moves.map { .init(from: $0.0, to: $0.1) }
            }
        }
        #expect(
            flexible([
                ("lead-in", "award"), ("award", "lead-in"), ("lead-in", "won"), ("award", "won"),
            ]) == [])
        #expect(
            flexible([("award", "award")])
                == [.init("transitions[0].to", .transitionToItself(stage: "award"))])
        #expect(
            flexible([("lead-in", "award"), ("lead-in", "award")])
                == [.init("transitions[1]", .repeats(first: "transitions[0]"))])
        #expect(
            flexible([("won", "lost")])
                == [
                    .init("transitions[0].from", .unknownStage(key: "won")),
                    .init("transitions[0].to", .unknownStage(key: "lost")),
                ])
    }

    @Test("D-5: a transition's own gate is looked at like a stage's")
    func transitionGate() {
        var gate = Gate()
        gate.onNoSuperior = .designate
        #expect(
            problems { $0.transitions = [.init(from: "award", to: "lead-in", gate: gate)] }
                == [.init("transitions[0].gate.designate", .designateMissing)])
    }

    @Test("D-23: levels rise in amount and in number of superiors, within the bound")
    func levels() {
        func levels(_ levels: [(Int64, Int)]) -> [ProcessProblem] {
            gateProblems { $0.levels = levels.map { .init(fromMinorUnits: $0.0, count: $0.1) } }
        }
        let path = "stages[1].gate.levels"
        #expect(levels([(0, 1), (50_000_000, 2), (.max, 10)]) == [])
        #expect(
            levels([(100, 1), (100, 2)])
                == [.init("\(path)[1].from", .levelNotAbove(previous: "\(path)[0].from"))])
        #expect(
            levels([(0, 2), (100, 2)])
                == [.init("\(path)[1].count", .countNotAbove(count: 2, previousCount: 2))])
        #expect(
            levels([(0, 0)])
                == [.init("\(path)[0].count", .outOfRange(value: 0, lowest: 1, highest: 10))])
        #expect(
            levels([(0, 11)])
                == [.init("\(path)[0].count", .outOfRange(value: 11, lowest: 1, highest: 10))])
        #expect(
            levels((0..<11).map { (Int64($0), min($0 + 1, 10)) })
                == [.init(path, .tooMany(count: 11, most: 10))])
    }

    @Test("D-19: a designate is named where one is asked, and only there")
    func designate() {
        #expect(
            gateProblems { $0.onNoSuperior = .designate }
                == [.init("stages[1].gate.designate", .designateMissing)])
        for other in [Gate.NoSuperior.refuse, .auto] {
            let found = gateProblems {
                $0.onNoSuperior = other
                $0.designate = PersonID(1)
            }
            #expect(
                found == [.init("stages[1].gate.designate", .designateUnused(onNoSuperior: other))])
        }
        let named = gateProblems {
            $0.onNoSuperior = .designate
            $0.designate = PersonID(1)
        }
        #expect(named == [])
    }

    @Test("D-27: deadlines are positive and come one after the other")
    func deadlines() {
        func hours(_ remind: Int?, _ escalate: Int?, _ admin: Int?) -> [ProcessProblem] {
            gateProblems {
                $0.remindAfterHours = remind
                $0.escalateAfterHours = escalate
                $0.adminAfterHours = admin
            }
        }
        let path = "stages[1].gate"
        #expect(hours(24, 48, 96) == [])
        #expect(hours(nil, nil, 1) == [])
        #expect(
            hours(0, nil, nil)
                == [
                    .init(
                        "\(path).remindAfterHours",
                        .outOfRange(value: 0, lowest: 1, highest: 8_760))
                ])
        #expect(
            hours(24, 24, nil)
                == [
                    .init(
                        "\(path).escalateAfterHours",
                        .deadlineNotAfter(
                            hours: 24, earlier: "remindAfterHours", earlierHours: 24))
                ])
        #expect(
            hours(24, nil, 8)
                == [
                    .init(
                        "\(path).adminAfterHours",
                        .deadlineNotAfter(hours: 8, earlier: "remindAfterHours", earlierHours: 24))
                ])
    }

    @Test("D-27: a decision at the deadline needs a deadline")
    func decisionAtDeadline() {
        for decision in [Gate.Deadline.approve, .reject] {
            #expect(
                gateProblems { $0.onDeadline = decision }
                    == [.init("stages[1].gate.onDeadline", .deadlineMissing(onDeadline: decision))])
            let withDeadline = gateProblems {
                $0.onDeadline = decision
                $0.adminAfterHours = 8
            }
            #expect(withDeadline == [])
        }
    }
}

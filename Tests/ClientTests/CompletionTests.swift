import PipelineProtocol
import Testing

@testable import pipeline_client

@Suite struct CompletionTests {
    private static func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }
    private static func map(_ pairs: [(String, Reply)]) -> Reply {
        .map(pairs.map { .init(key: bulk($0.0), value: $0.1) })
    }

    private static func argument(
        _ name: String, token: String? = nil, type: String = "string", optional: Bool = false,
        choices: [String] = []
    ) -> Reply {
        var pairs = [("name", bulk(name)), ("type", bulk(type))]
        if let token { pairs.append(("token", bulk(token))) }
        if optional { pairs.append(("flags", .set([.simple("optional")]))) }
        if !choices.isEmpty {
            let rows = choices.map { map([("name", bulk($0)), ("token", bulk($0))]) }
            pairs.append(("arguments", .array(rows)))
        }
        return map(pairs)
    }

    /// As the server's own table declares them.
    private static let docs = map([
        (
            "opp.list",
            map([
                ("summary", bulk("Lists deals.")),
                (
                    "arguments",
                    .array([
                        argument("person", token: "OWNER", optional: true),
                        argument(
                            "choice", token: "OUTCOME", type: "oneof", optional: true,
                            choices: ["open", "won", "lost"]),
                    ])
                ),
            ])
        ),
        (
            "opp.task",
            map([
                (
                    "arguments",
                    .array([
                        argument("opportunity"), argument("task"),
                        argument("state", type: "oneof", choices: ["DONE", "UNDO"]),
                        argument("text", token: "NOTE", optional: true),
                        argument("token", token: "REQID", optional: true),
                    ])
                )
            ])
        ),
    ])

    private var vocabulary: Vocabulary {
        var vocabulary = Vocabulary(forms: CommandForm.all(in: Self.docs))
        vocabulary.seen.learn(
            Self.map([
                ("id", Self.bulk("o1042")), ("title", Self.bulk("方舟电子年度投放")),
                ("stage", Self.bulk("proposal")),
                (
                    "tasks",
                    .array([
                        Self.map([("key", Self.bulk("site-visit")), ("name", Self.bulk("参观客户"))])
                    ])
                ),
            ]))
        vocabulary.seen.learn(
            .array([
                Self.map([
                    ("id", Self.bulk("e3")), ("login", Self.bulk("xiaoli")),
                    ("name", Self.bulk("小李")),
                ])
            ]))
        return vocabulary
    }

    @Test(
        "S-3: Tab completes words, the server's commands and keywords, ids, keys and names",
        arguments: [
            ("fun", ["funnel"]), ("de", ["delegate", "deals", "deal"]), ("opp.t", ["OPP.TASK"]),
            ("deal 10", ["o1042"]), ("deal o1", ["o1042"]), ("deal 方", ["o1042"]),
            ("done s", ["site-visit"]), ("done o1042 参", ["site-visit"]),
            ("deals OW", ["OWNER"]), ("deals owner x", ["xiaoli"]),
            ("deals owner 小", ["xiaoli", "e3"]),
            ("OPP.LIST OUTCOME ", ["open", "won", "lost"]), ("OPP.LIST OUTCOME l", ["lost"]),
            ("OPP.TASK o1042 ", ["site-visit"]), ("OPP.TASK o1042 site-visit d", ["DONE"]),
            ("help fore", ["forecast"]), ("nothing here", []), ("note 1 \"de", []),
        ])
    func completion(text: String, expected: [String]) {
        let found = Completion.candidates(for: text, vocabulary).map(\.value)
        #expect(Set(found.prefix(max(expected.count, 1))) == Set(expected) || found == expected)
        #expect(!found.contains("REQID"))
    }

    @Test(
        "S-3: a hint shows the rest of what is typed",
        arguments: [
            ("fun", "nel [UNIT] [OWNER e] [PROCESS key] [PERIOD from to] …"),
            ("deal", " [ID|TITLE]"), ("deal ", "[ID|TITLE]"), ("deal 7", ""),
            ("approve ", "APPROVAL [comment]"),
            ("approve 310 ", "[comment]"), ("done site-visit", " [comment] [EVIDENCE text]"),
            ("done 1042 ", "TASK [comment] [EVIDENCE text]"),
            ("opp.ta", "sk opportunity task DONE|UNDO [NOTE text] [REQID token]"),
            ("OPP.TASK o1 ", "task DONE|UNDO [NOTE text] [REQID token]"),
            ("OPP.LIST OUTCOME open ", "[OWNER person]"), ("", ""), ("xyzzy ", ""),
        ])
    func hint(text: String, expected: String) {
        #expect(Hint.text(for: text, vocabulary) == expected)
    }

    @Test("S-9: hints speak Chinese to whoever reads it")
    func chinese() {
        var vocabulary = vocabulary
        vocabulary.language = .chinese
        #expect(Hint.text(for: "approve ", vocabulary) == "审批 [意见]")
        #expect(Hint.text(for: "done 1042 ", vocabulary) == "任务 [意见] [EVIDENCE 文字]")
        #expect(Completion.candidates(for: "fun", vocabulary).first?.note.contains("漏斗") == true)
    }

    @Test("S-3: what all candidates share is typed at once")
    func common() {
        #expect(Completion.common([.init(value: "deals"), .init(value: "deal")]) == "deal")
        #expect(Completion.common([]) == "")
    }

    @Test("S-3: a line is understood while its quotes are open")
    func partial() {
        #expect(PartialLine("note 1 \"a b").words == ["note", "1"])
        #expect(PartialLine("note 1 \"a b\" ").words == ["note", "1", "a b"])
        #expect(PartialLine("new '' x").words == ["new", ""])
    }
}

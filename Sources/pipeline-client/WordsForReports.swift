/// Reports: every one the server has, by a word of its own.
extension Words {
    static let reports: [Word] = [
        report(
            "funnel", "REPORT.FUNNEL",
            .init("the funnel: count, amount, conversion, the weak step", "销售漏斗：数量、金额、转化与薄弱环节"),
            ["funnel", "funnel 华东销售部", "funnel 3 OWNER xiaoli PROCESS bid"]),
        report(
            "forecast", "REPORT.FORECAST",
            .init("what the open deals are likely to bring", "销售预测：预计金额与区间"),
            ["forecast", "forecast PERIOD 2026-10-01 2026-12-31"]),
        report(
            "conversion", "REPORT.CONVERSION",
            .init("how many go on from stage to stage", "阶段转化率"),
            ["conversion", "conversion 3", "conversion BY owner"]),
        report(
            "dwell", "REPORT.DWELL",
            .init("how long deals stay in each stage", "各阶段停留时间"), ["dwell", "dwell PROCESS bid"]),
        report(
            "winrate", "REPORT.WINRATE",
            .init("how many of the closed deals were won", "赢单率"), ["winrate BY owner"]),
        report(
            "losses", "REPORT.LOSSES",
            .init("why deals are lost, and to whom", "丢单原因与竞争对手"), ["losses", "losses BY unit"]),
        report(
            "stagnant", "REPORT.STAGNANT",
            .init("deals that have stayed in their stage for too long", "停滞的商机"), ["stagnant"]),
        report(
            "holes", "REPORT.HOLES",
            .init("where the pipeline is too thin", "漏斗缺口"), ["holes", "holes 3"]),
        report(
            "attainment", "REPORT.ATTAINMENT",
            .init("how much of the target is reached", "目标完成率"), ["attainment 3"]),
        report(
            "velocity", "REPORT.VELOCITY",
            .init("how fast deals become money", "销售速度"), ["velocity BY quarter"]),
        report("reps", "REPORT.REPS", .init("the reps side by side", "销售人员对比"), ["reps 3"]),
        report(
            "sources", "REPORT.LEADS", .init("what the leads come to", "线索来源与转化"), ["sources"]),
        report(
            "unanswered", "REPORT.UNANSWERED",
            .init("calls and visits that got no answer", "未得到回应的联系"), ["unanswered"]),
        report(
            "waterfall", "REPORT.WATERFALL",
            .init("how the pipeline changed between two days", "管道变动瀑布图"),
            ["waterfall PERIOD 2026-10-01 2026-12-31"]),
    ]

    private static func report(
        _ name: String, _ wire: String, _ summary: Translation, _ examples: [String]
    ) -> Word {
        Word(
            name: name, usage: "\(name) [UNIT] [OWNER e] [PROCESS key] [PERIOD from to] …",
            summary: summary, examples: examples, wire: wire, takes: [.unit],
            keywordsInChinese: true
        ) { (arguments, _) throws(Failure) in
            // What comes first and is no keyword is whose report it is.
            let isUnit = arguments.first.map { !looksLikeWire($0) } ?? false
            return .command(
                Translated([wire] + spelled((isUnit ? ["UNIT"] : []) + arguments)))
        }
    }

    /// People, and what an administrator does for them.
    static let people: [Word] = [
        list(
            "people", "PERSON.LIST", .init("the people", "人员列表"), ["people", "people UNIT 3"],
            columns: ["id", "login", "name", "unit", "approver", "role", "active", "delegate"]),
        one(
            "person", "PERSON.GET", "e", .init("one person", "查看人员"),
            ["person 12", "person xiaoli", "person 王芳"]),
        list(
            "team", "UNIT.TREE", .init("the units and their heads", "组织架构"),
            ["team", "team u3 DEPTH 2"]),
        Word(
            name: "delegate", usage: "delegate [PERSON] TO FROM date UNTIL date | clear",
            summary: .init("who decides in your place while you are away", "外出期间的审批代理人"),
            examples: ["delegate linfeng FROM 2027-01-04 UNTIL 2027-01-10", "delegate clear"],
            wire: "PERSON.DELEGATE", takes: [.person]
        ) { (arguments, context) throws(Failure) in
            guard let user = context.user else { throw Failure(.usage, .noUser) }
            guard let first = arguments.first else { throw usage("delegate") }
            if first.lowercased() == "clear" {
                return .command(Translated(["PERSON.DELEGATE", user, "CLEAR"]))
            }
            if has("TO", in: arguments) {
                return .command(Translated(["PERSON.DELEGATE"] + arguments))
            }
            return .command(
                Translated(
                    ["PERSON.DELEGATE", user, "TO", prefixed(first, "e")] + arguments.dropFirst()))
        },
        list(
            "processes", "PROCESS.LIST", .init("the selling processes", "销售流程列表"), ["processes"],
            columns: ["key", "name", "version", "stages", "hasDraft"]),
        Word(
            name: "process", usage: "process KEY [VERSION n]",
            summary: .init("one process: stages, tasks, feedback, gates", "查看流程：阶段、任务、反馈与审批"),
            examples: ["process bid"], wire: "PROCESS.GET", takes: [.process]
        ) { (arguments, _) throws(Failure) in
            guard !arguments.isEmpty else { throw usage("process") }
            return .command(Translated(["PROCESS.GET"] + arguments))
        },
        list(
            "mutes", "PREF.LIST", .init("which messages you get", "消息偏好"), ["mutes"]),
        Word(
            name: "mute", usage: "mute KIND",
            summary: .init("no more messages of a kind", "关闭一类消息"),
            examples: ["mute note.added"], wire: "PREF.SET"
        ) { (arguments, _) throws(Failure) in
            guard arguments.count == 1 else { throw usage("mute") }
            return .command(Translated(["PREF.SET", arguments[0], "off"]))
        },
        Word(
            name: "unmute", usage: "unmute KIND",
            summary: .init("messages of a kind again", "重新接收一类消息"),
            examples: ["unmute note.added"], wire: "PREF.SET"
        ) { (arguments, _) throws(Failure) in
            guard arguments.count == 1 else { throw usage("unmute") }
            return .command(Translated(["PREF.SET", arguments[0], "on"]))
        },
    ]
}

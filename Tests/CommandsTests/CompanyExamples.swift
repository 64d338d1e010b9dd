import Testing

@testable import PipelineCommands

// MARK: - One example of every command

extension LedgerCompany {
    /// A line for every query, after `submit()`; asked by everyone in turn.
    static let queries: [String: [String]] = [
        "ME": ["ME"],
        "UNIT.GET": ["UNIT.GET u1", "UNIT.GET u3"],
        "UNIT.TREE": ["UNIT.TREE", "UNIT.TREE u2 DEPTH 1"],
        "PERSON.GET": ["PERSON.GET e4", "PERSON.GET lee"],
        "PERSON.LIST": ["PERSON.LIST", "PERSON.LIST UNIT u3 ACTIVE yes LIMIT 1 2"],
        "PROCESS.GET": ["PROCESS.GET bid", "PROCESS.GET p2 VERSION 1"],
        "PROCESS.LIST": ["PROCESS.LIST", "PROCESS.LIST UNIT u3"],
        "PROCESS.TEMPLATES": ["PROCESS.TEMPLATES"],
        "CUSTOMER.GET": ["CUSTOMER.GET c1", "CUSTOMER.GET c2"],
        "CONTACT.GET": ["CONTACT.GET k1", "CONTACT.GET k2"],
        "CONTACT.LIST": ["CONTACT.LIST", "CONTACT.LIST CUSTOMER c1 LIMIT 0 1"],
        "LEAD.GET": ["LEAD.GET l1"],
        "LEAD.LIST": ["LEAD.LIST", "LEAD.LIST OWNER ann STATUS open LIMIT 0 1"],
        "TODO.LIST": ["TODO.LIST", "TODO.LIST DUE 2026-11-01 2026-12-31 LIMIT 0 5"],
        "CUSTOMER.LIST": ["CUSTOMER.LIST", "CUSTOMER.LIST NAME acm LIMIT 0 1"],
        "OPP.GET": [
            "OPP.GET o1", "OPP.GET o1 WITH 6 feedback tasks history approvals contacts notes",
        ],
        "OPP.LIST": [
            "OPP.LIST", "OPP.LIST SORTBY amount DESC FIELDS 3 id amount title",
            "OPP.LIST UNIT u3 OUTCOME open PROCESS bid CUSTOMER c1 CLOSE 2027-01-01 2027-12-31",
        ],
        "OPP.GUIDE": ["OPP.GUIDE o1", "OPP.GUIDE o2"],
        "OPP.HISTORY": ["OPP.HISTORY o1", "OPP.HISTORY o1 FROM 30 COUNT 2"],
        "APPROVAL.LIST": ["APPROVAL.LIST", "APPROVAL.LIST MINE STATUS pending LIMIT 0 5"],
        "APPROVAL.GET": ["APPROVAL.GET a1"],
        "INBOX.LIST": ["INBOX.LIST", "INBOX.LIST FROM 1 COUNT 3 UNACKED"],
        "INBOX.UNSEEN": ["INBOX.UNSEEN", "INBOX.UNSEEN UNIT u2"],
        "RATE.LIST": ["RATE.LIST"],
        "FIELD.LIST": ["FIELD.LIST"],
        "CALENDAR.LIST": ["CALENDAR.LIST"],
        "PREF.LIST": ["PREF.LIST"],
        "AUDIT.LIST": ["AUDIT.LIST", "AUDIT.LIST FROM 3 COUNT 2"],
        "TARGET.TREE": ["TARGET.TREE ann PERIOD 2026", "TARGET.TREE"],
        "REPORT.WINRATE": ["REPORT.WINRATE PROCESS bid", "REPORT.WINRATE BY month"],
        "REPORT.CONVERSION": [
            "REPORT.CONVERSION PROCESS bid", "REPORT.CONVERSION PROCESS bid BY unit",
        ],
        "REPORT.DWELL": ["REPORT.DWELL PROCESS bid", "REPORT.DWELL PROCESS bid BY owner"],
        "REPORT.STAGNANT": ["REPORT.STAGNANT", "REPORT.STAGNANT BY process"],
        "REPORT.HOLES": ["REPORT.HOLES PROCESS bid", "REPORT.HOLES PROCESS bid BY unit"],
        "REPORT.ATTAINMENT": ["REPORT.ATTAINMENT", "REPORT.ATTAINMENT BY owner"],
        "REPORT.VELOCITY": ["REPORT.VELOCITY", "REPORT.VELOCITY BY process"],
        "REPORT.REPS": ["REPORT.REPS", "REPORT.REPS OWNER ann", "REPORT.REPS BY month"],
        "REPORT.LOSSES": ["REPORT.LOSSES", "REPORT.LOSSES BY owner"],
        "REPORT.LEADS": ["REPORT.LEADS", "REPORT.LEADS BY quarter"],
        "REPORT.UNANSWERED": ["REPORT.UNANSWERED", "REPORT.UNANSWERED BY owner"],
        "REPORT.EFFECT": [
            "REPORT.EFFECT cycle BEFORE 2026-01-01 2026-06-30 AFTER 2026-07-01 2026-12-31"
        ],
        "REPORT.WATERFALL": [
            "REPORT.WATERFALL", "REPORT.WATERFALL PERIOD 2026-11-22 2027-12-31 UNIT u2",
            "REPORT.WATERFALL BY owner VERSUS u3",
        ],
        "PLAN.ACTIVITIES": ["PLAN.ACTIVITIES TARGET 500000 RATE 25 AVERAGE 100000"],
        "REPORT.FUNNEL": ["REPORT.FUNNEL PROCESS bid", "REPORT.FUNNEL PROCESS bid OWNER ann"],
        "REPORT.FORECAST": ["REPORT.FORECAST", "REPORT.FORECAST PERIOD 2027-01-01 2027-12-31"],
    ]

    /// A write that is accepted in a company prepared for it.
    struct Write {
        let words: [[UInt8]]
        let login: String
        private let prepare: (LedgerCompany) -> Void

        init(
            _ line: String, as login: String = "root",
            after prepare: @escaping (LedgerCompany) -> Void = { _ in }
        ) {
            self.init(LedgerCompany.words(line), as: login, after: prepare)
        }

        init(
            _ words: [[UInt8]], as login: String = "root",
            after prepare: @escaping (LedgerCompany) -> Void = { _ in }
        ) {
            self.words = words
            self.login = login
            self.prepare = prepare
        }

        func company() -> LedgerCompany {
            let company = LedgerCompany.furnished()
            prepare(company)
            return company
        }

        /// The words with others behind them.
        func words(_ more: String) -> [[UInt8]] { words + LedgerCompany.words(more) }
    }

    static var writes: [String: Write] {
        [
            "UNIT.CREATE": Write("UNIT.CREATE North PARENT u2 KIND team"),
            "UNIT.DEACTIVATE": Write(
                "UNIT.DEACTIVATE u5", after: { $0.run("UNIT.CREATE Old PARENT u2 KIND team") }),
            "UNIT.MERGE": Write("UNIT.MERGE u4 INTO u3"),
            "TARGET.SET": Write("TARGET.SET u3 PERIOD 2026Q4 AMOUNT 500000 PRODUCT 挖掘机"),
            "RATE.SET": Write("RATE.SET USD 2026-11-22 7.25"),
            "FIELD.PUT": Write(
                ["FIELD.PUT", "customer", "tier", #"{"name": "Tier", "type": "text"}"#]
                    .map { Array($0.utf8) }),
            "CALENDAR.PUT": Write(
                ["CALENDAR.PUT", "cn", #"{"name": "China"}"#].map { Array($0.utf8) }),
            "PREF.SET": Write("PREF.SET deal.won off", as: "ann"),
            "OPP.TAG": Write("OPP.TAG o1 ADD hot", as: "ann"),
            "PROCESS.MIGRATE": Write(
                "PROCESS.MIGRATE plain FROM 1 TO 2 MAP 1 start start",
                after: {
                    $0.put("plain", plain)
                    $0.run("PROCESS.PUBLISH plain")
                }),
            "UNIT.UPDATE": Write("UNIT.UPDATE u3 NAME 华东"),
            "PERSON.CREATE": Write("PERSON.CREATE kim NAME Kim UNIT u3 PASSWORD password-of-kim"),
            "PERSON.UPDATE": Write("PERSON.UPDATE bob NAME Robert TZ UTC"),
            "PERSON.PASSWORD": Write("PERSON.PASSWORD ann brand-new-one OLD right-one", as: "ann"),
            "PROCESS.PUT": Write(["PROCESS.PUT", "bid", plain].map { Array($0.utf8) }),
            "PROCESS.PUBLISH": Write("PROCESS.PUBLISH third", after: { $0.put("third", plain) }),
            "CUSTOMER.CREATE": Write("CUSTOMER.CREATE Globex", as: "bob"),
            "CUSTOMER.UPDATE": Write("CUSTOMER.UPDATE c1 WEBSITE acme.example", as: "ann"),
            "CONTACT.CREATE": Write("CONTACT.CREATE c1 Wang TITLE CFO PHONE 110", as: "ann"),
            "CONTACT.UPDATE": Write("CONTACT.UPDATE k1 LEFT yes", as: "ann", after: contacted),
            "OPP.CONTACT": Write(
                "OPP.CONTACT o1 ADD k1 PART sponsor", as: "ann", after: contacted),
            "LEAD.CREATE": Write("LEAD.CREATE Zhao COMPANY Globex VISITS 3", as: "ann"),
            "LEAD.UPDATE": Write("LEAD.UPDATE l1 VISITS 4", as: "ann", after: leading),
            "LEAD.DISCARD": Write("LEAD.DISCARD l1 REASON spam", as: "ann", after: leading),
            "LEAD.CONVERT": Write(
                "LEAD.CONVERT l1 TITLE Tunnel PROCESS bid", as: "ann", after: leading),
            "OPP.ACTIVITY": Write("OPP.ACTIVITY o1 call AT 2026-12-01 NOTE hello", as: "ann"),
            "LEAD.ACTIVITY": Write("LEAD.ACTIVITY l1 visit DONE", as: "ann", after: leading),
            "ACTIVITY.DONE": Write(
                "ACTIVITY.DONE v1 RESULT answered", as: "ann",
                after: { $0.run("OPP.ACTIVITY o1 call", as: "ann") }),
            "OPP.CREATE": Write("OPP.CREATE Tunnel CUSTOMER c1 AMOUNT 12.50", as: "bob"),
            "OPP.UPDATE": Write("OPP.UPDATE o1 AMOUNT 700000 TITLE Bridges", as: "ann"),
            "OPP.FEEDBACK": Write("OPP.FEEDBACK o1 size large tender yes", as: "lee"),
            "OPP.TASK": Write("OPP.TASK o1 site-visit DONE EVIDENCE photo", as: "ann"),
            "OPP.NOTE": Write(#"OPP.NOTE o1 "well done""#, as: "boss"),
            "OPP.ADVANCE": Write("OPP.ADVANCE o2", as: "ann"),
            "OPP.RECALL": Write("OPP.RECALL o1 NOTE oops", as: "ann", after: submitted),
            "OPP.WIN": Write(
                "OPP.WIN o2", as: "ann", after: { $0.run("OPP.ADVANCE o2", as: "ann") }),
            "OPP.LOSE": Write("OPP.LOSE o1 REASON price REVIEW dear", as: "ann", after: submitted),
            "OPP.INVALIDATE": Write(
                "OPP.INVALIDATE o1 REASON duplicate", as: "ann", after: submitted),
            "PERSON.DEACTIVATE": Write("PERSON.DEACTIVATE ann DEALS-TO lee", after: submitted),
            "PERSON.ACTIVATE": Write(
                "PERSON.ACTIVATE zoe", after: { $0.run("PERSON.DEACTIVATE zoe") }),
            "PERSON.DELEGATE": Write(
                "PERSON.DELEGATE lee TO bob FROM 2026-11-22 UNTIL 2026-11-30", as: "lee",
                after: submitted),
            "OPP.OVERRIDE": Write("OPP.OVERRIDE o1 TO closing REASON urgent", as: "lee"),
            "OPP.REOPEN": Write(
                "OPP.REOPEN o1 REASON back", as: "lee",
                after: { $0.run("OPP.LOSE o1 REASON price REVIEW dear", as: "ann") }),
            "OPP.TRANSFER": Write("OPP.TRANSFER o1 TO bob", as: "lee", after: submitted),
            "OPP.TEAM": Write("OPP.TEAM o1 ADD zoe ROLE technical", as: "ann", after: submitted),
            "APPROVAL.REROUTE": Write("APPROVAL.REROUTE a1 TO zoe REASON ill", after: submitted),
            "APPROVAL.APPROVE": Write("APPROVAL.APPROVE a1 NOTE fine", as: "lee", after: submitted),
            "APPROVAL.REJECT": Write("APPROVAL.REJECT a1 NOTE dear", as: "lee", after: submitted),
            "INBOX.ACK": Write("INBOX.ACK 1", as: "lee", after: submitted),
        ]
    }

    private static func contacted(_ company: LedgerCompany) {
        company.run("CONTACT.CREATE c1 Wang", as: "ann")
    }

    private static func leading(_ company: LedgerCompany) {
        company.run("LEAD.CREATE Zhao COMPANY Globex", as: "ann")
    }

    private static func submitted(_ company: LedgerCompany) { company.submit() }
}

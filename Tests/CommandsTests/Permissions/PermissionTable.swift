/// One way of giving a command, what it asks for, and where its subject stands: `{o1}` is read as `o1`,
/// and as an id never given out where the answers are compared. `$OWNER` is the login of the deal's owner
/// and `$UNIT` their unit.
struct PermissionCase: Sendable {
    let line: String
    let right: Standing.Right

    init(_ line: String, _ right: Standing.Right) {
        self.line = line
        self.right = right
    }

    var words: String { line.filter { $0 != "{" && $0 != "}" } }

    /// The subject, as in `o1`; `nil` where nothing can be out of sight.
    var subject: String? {
        guard let start = line.firstIndex(of: "{"), let end = line.firstIndex(of: "}") else {
            return nil
        }
        return String(line[line.index(after: start)..<end])
    }

    /// Whether anything but the caller's role counts.
    var dependsOnTree: Bool { right != .everyone && right != .admin }

    func named(owner: String, unit: String) -> PermissionCase {
        PermissionCase(
            line.replacing("$OWNER", with: owner).replacing("$UNIT", with: unit), right)
    }

    /// The same about something that there never was.
    func ghost(_ id: String) -> String {
        guard let subject else { return words }
        return line.replacing("{\(subject)}", with: id)
    }
}

/// Every command of the company with the right that D-32 and D-33 ask for.
enum PermissionTable {
    static let cases: [String: [PermissionCase]] =
        directory.merging(deals) { $0 + $1 }.merging(around) { $0 + $1 }
        .merging(reports) { $0 + $1 }

    private static let directory: [String: [PermissionCase]] = [
        "ME": [.init("ME", .everyone)],
        "UNIT.CREATE": [.init("UNIT.CREATE 新", .admin)],
        "UNIT.UPDATE": [.init("UNIT.UPDATE u1 NAME 新", .admin)],
        "UNIT.DEACTIVATE": [.init("UNIT.DEACTIVATE u1", .admin)],
        "UNIT.MERGE": [.init("UNIT.MERGE u1 INTO u1", .admin)],
        "UNIT.GET": [.init("UNIT.GET u1", .everyone)],
        "UNIT.TREE": [.init("UNIT.TREE", .everyone)],
        "PERSON.CREATE": [.init("PERSON.CREATE kim NAME 金 UNIT u1", .admin)],
        "PERSON.UPDATE": [.init("PERSON.UPDATE zoe NAME 新", .admin)],
        "PERSON.GET": [.init("PERSON.GET zoe", .everyone)],
        "PERSON.LIST": [.init("PERSON.LIST", .everyone)],
        "PERSON.PASSWORD": [.init("PERSON.PASSWORD zoe brand-new-one", .admin)],
        "PERSON.DEACTIVATE": [.init("PERSON.DEACTIVATE zoe", .admin)],
        "PERSON.ACTIVATE": [.init("PERSON.ACTIVATE zoe", .admin)],
        "PROCESS.PUT": [.init("PROCESS.PUT gated x", .admin)],
        "PROCESS.PUBLISH": [.init("PROCESS.PUBLISH gated", .admin)],
        "PROCESS.MIGRATE": [.init("PROCESS.MIGRATE gated FROM 1 TO 1 MAP 1 first first", .admin)],
        "PROCESS.GET": [.init("PROCESS.GET gated", .everyone)],
        "PROCESS.LIST": [.init("PROCESS.LIST", .everyone)],
        "PROCESS.TEMPLATES": [.init("PROCESS.TEMPLATES", .everyone)],
        "RATE.SET": [.init("RATE.SET USD 2026-11-22 7.25", .admin)],
        "RATE.LIST": [.init("RATE.LIST", .everyone)],
        "FIELD.PUT": [.init("FIELD.PUT customer tier x", .admin)],
        "FIELD.LIST": [.init("FIELD.LIST", .everyone)],
        "CALENDAR.PUT": [.init("CALENDAR.PUT cn x", .admin)],
        "CALENDAR.LIST": [.init("CALENDAR.LIST", .everyone)],
        "PREF.SET": [.init("PREF.SET deal.won off", .everyone)],
        "PREF.LIST": [.init("PREF.LIST", .everyone)],
        "AUDIT.LIST": [.init("AUDIT.LIST", .admin)],
        "INBOX.LIST": [.init("INBOX.LIST", .everyone)],
        "INBOX.ACK": [.init("INBOX.ACK UPTO 1", .everyone)],
        // Of the people below; whom it names is for `LeakTests`.
        "INBOX.UNSEEN": [
            .init("INBOX.UNSEEN", .everyone), .init("INBOX.UNSEEN UNIT $UNIT", .everyone),
        ],
        "PLAN.ACTIVITIES": [
            .init("PLAN.ACTIVITIES TARGET 500000 RATE 25 AVERAGE 100000", .everyone)
        ],
        "TARGET.SET": [
            .init("TARGET.SET $OWNER PERIOD 2026 AMOUNT 1", .setTarget),
            .init("TARGET.SET $OWNER PERIOD 2026-12 ACTIVITY call COUNT 3", .setTarget),
            .init("TARGET.SET $UNIT PERIOD 2026 AMOUNT 1", .setUnitTarget),
        ],
        "TARGET.TREE": [
            .init("TARGET.TREE", .everyone), .init("TARGET.TREE {$OWNER}", .seeTarget),
            .init("TARGET.TREE {$UNIT}", .seeUnitTarget),
        ],
    ]

    private static let deals: [String: [PermissionCase]] = [
        "OPP.CREATE": [.init("OPP.CREATE 新 CUSTOMER c1", .everyone)],
        "OPP.GET": [
            .init("OPP.GET {o1}", .seeDeal),
            .init(
                "OPP.GET {o1} WITH 8 feedback tasks history approvals contacts notes activities fields",
                .seeDeal),
        ],
        "OPP.LIST": [.init("OPP.LIST", .everyone), .init("OPP.LIST CUSTOMER c1", .everyone)],
        "OPP.GUIDE": [.init("OPP.GUIDE {o1}", .seeDeal)],
        "OPP.HISTORY": [.init("OPP.HISTORY {o1}", .seeDeal)],
        "OPP.UPDATE": [
            .init("OPP.UPDATE {o1} TITLE 新", .changeDeal),
            // What is named and absent comes before rights (P-5).
            .init("OPP.UPDATE {o1} CUSTOMER c9999", .seeDeal),
        ],
        "OPP.TAG": [.init("OPP.TAG {o1} ADD 热", .changeDeal)],
        "OPP.FEEDBACK": [.init("OPP.FEEDBACK {o1} need 新", .changeDeal)],
        "OPP.TASK": [.init("OPP.TASK {o1} visit DONE", .markTask)],
        "OPP.NOTE": [
            .init("OPP.NOTE {o1} 新", .seeDeal), .init("OPP.NOTE {o1} 新 REPLYTO n1", .seeDeal),
            .init("OPP.NOTE {o1} 新 MENTION zoe", .seeDeal),
        ],
        "OPP.ACTIVITY": [
            .init("OPP.ACTIVITY {o1} call", .seeDeal),
            .init("OPP.ACTIVITY {o1} call TO nobody-here", .seeDeal),
        ],
        "OPP.CONTACT": [
            .init("OPP.CONTACT {o1} ADD k1 PART sponsor", .changeDeal),
            .init("OPP.CONTACT {o1} REMOVE k1", .changeDeal),
        ],
        "OPP.TEAM": [
            .init("OPP.TEAM {o1} ADD zoe ROLE 顾问", .changeDeal),
            .init("OPP.TEAM {o1} REMOVE tea", .changeDeal),
        ],
        "OPP.ADVANCE": [.init("OPP.ADVANCE {o1}", .changeDeal)],
        "OPP.WIN": [.init("OPP.WIN {o1}", .changeDeal)],
        "OPP.LOSE": [.init("OPP.LOSE {o1} REASON 价格", .changeDeal)],
        "OPP.INVALIDATE": [.init("OPP.INVALIDATE {o1} REASON 重复", .changeDeal)],
        "OPP.RECALL": [.init("OPP.RECALL {o1}", .recall)],
        "OPP.TRANSFER": [.init("OPP.TRANSFER {o1} TO zoe", .governDeal)],
        "OPP.OVERRIDE": [.init("OPP.OVERRIDE {o1} TO second REASON 急", .governDeal)],
        "OPP.REOPEN": [.init("OPP.REOPEN {o1} REASON 回来", .governDeal)],
        "APPROVAL.LIST": [.init("APPROVAL.LIST", .everyone)],
        "APPROVAL.GET": [.init("APPROVAL.GET {a1}", .seeRequest)],
        "APPROVAL.APPROVE": [.init("APPROVAL.APPROVE {a1}", .decide)],
        "APPROVAL.REJECT": [.init("APPROVAL.REJECT {a1} NOTE 不", .decide)],
        "APPROVAL.REROUTE": [.init("APPROVAL.REROUTE {a1} TO zoe REASON 病", .reroute)],
    ]

    private static let around: [String: [PermissionCase]] = [
        "CUSTOMER.CREATE": [.init("CUSTOMER.CREATE 新客户", .everyone)],
        "CUSTOMER.GET": [.init("CUSTOMER.GET c1 WITH 1 fields", .everyone)],
        "CUSTOMER.LIST": [.init("CUSTOMER.LIST", .everyone)],
        "CUSTOMER.UPDATE": [.init("CUSTOMER.UPDATE c1 WEBSITE x", .changeCustomer)],
        "CONTACT.CREATE": [.init("CONTACT.CREATE c1 新", .changeCustomer)],
        "CONTACT.GET": [.init("CONTACT.GET {k1}", .seeContact)],
        "CONTACT.LIST": [
            .init("CONTACT.LIST", .everyone), .init("CONTACT.LIST CUSTOMER c1", .everyone),
        ],
        "CONTACT.UPDATE": [
            .init("CONTACT.UPDATE {k1} TITLE x", .changeContact),
            .init("CONTACT.UPDATE {k1} LEFT yes", .changeContact),
            .init("CONTACT.UPDATE {k1} CUSTOMER c9999", .seeContact),
        ],
        "LEAD.CREATE": [.init("LEAD.CREATE 新", .everyone)],
        "LEAD.GET": [.init("LEAD.GET {l1}", .seeLead)],
        "LEAD.LIST": [
            .init("LEAD.LIST", .everyone), .init("LEAD.LIST STATUS open", .everyone),
        ],
        "LEAD.UPDATE": [
            .init("LEAD.UPDATE {l1} NAME 新", .changeLead),
            .init("LEAD.UPDATE {l1} OWNER zoe", .giveLead),
        ],
        "LEAD.DISCARD": [.init("LEAD.DISCARD {l1} REASON 无", .changeLead)],
        "LEAD.CONVERT": [.init("LEAD.CONVERT {l1} TITLE 新", .changeLead)],
        "LEAD.ACTIVITY": [.init("LEAD.ACTIVITY {l1} call", .seeLead)],
        "ACTIVITY.DONE": [
            .init("ACTIVITY.DONE {v2}", .seeDeal), .init("ACTIVITY.DONE {v1}", .seeLead),
        ],
        "PERSON.DELEGATE": [.init("PERSON.DELEGATE $OWNER CLEAR", .ownerOrAdmin)],
        "TODO.LIST": [
            .init("TODO.LIST", .everyone), .init("TODO.LIST OWNER $OWNER", .ownerOrAbove),
        ],
    ]

    /// Every report: over what one sees of all, of one unit, of one person.
    private static let reports: [String: [PermissionCase]] = {
        let effect = " deals BEFORE 2026-10-01 2026-10-31 AFTER 2026-11-01 2026-11-30"
        var cases: [String: [PermissionCase]] = [
            "REPORT.FUNNEL": [
                .init("REPORT.FUNNEL PROCESS gated", .everyone),
                .init("REPORT.FUNNEL VERSUS {$UNIT}", .seeUnit),
            ],
            "REPORT.FORECAST": [
                .init("REPORT.FORECAST PERIOD 2026-10-01 2026-12-31 UNIT {$UNIT}", .seeUnit)
            ],
            "REPORT.ATTAINMENT": [
                .init("REPORT.ATTAINMENT UNIT {$UNIT} BY owner", .seeUnit),
                .init("REPORT.ATTAINMENT BY unit", .everyone),
            ],
        ]
        for (name, words) in [
            "FUNNEL": "", "FORECAST": "", "WINRATE": "", "CONVERSION": "", "DWELL": "",
            "STAGNANT": "", "HOLES": "", "ATTAINMENT": "", "VELOCITY": "", "REPS": "",
            "LOSSES": "", "LEADS": "", "UNANSWERED": "", "WATERFALL": "", "EFFECT": effect,
        ] {
            let line = "REPORT.\(name)\(words)"
            cases["REPORT.\(name)", default: []] += [
                .init(line, .everyone), .init("\(line) UNIT {$UNIT}", .seeUnit),
                .init("\(line) OWNER {$OWNER}", .seeDeal),
            ]
        }
        return cases
    }()
}

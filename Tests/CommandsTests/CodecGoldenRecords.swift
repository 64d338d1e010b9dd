import PipelineDomain

/// One event of every type, spelt out: they do not change with the generator of the other tests.
/// What follows the type's name in a label tells forms of one type apart.
enum GoldenRecords {
    static let at = Instant(milliseconds: 1_795_313_841_123)
    static let actor = PersonID(300)

    static var events: [(label: String, event: Event)] {
        organisation + processes + opportunities + feedback + customers + approvals + inboxes
            + GovernanceRecords.events + GovernanceRecords.targets + ReminderRecords.events
            + contacts + leads + activities
    }

    private static let yuan = Money(minorUnits: 50_000_000, currency: Currency("CNY")!)
    private static let baht = Money(minorUnits: -1, currency: Currency("THB")!)
    private static let closing = Closing(
        reason: "price", competitor: "三一重工", review: "late", note: nil)

    private static let calendar: WorkCalendar = {
        var calendar = WorkCalendar(key: "cn", name: "中国")
        calendar.units = [UnitID(2)]
        calendar.hours = [.init(from: 540, to: 720), .init(from: 780, to: 1080)]
        calendar.holidays = [Day(number: 20_999)]
        calendar.workdays = [Day(number: 21_000)]
        return calendar
    }()

    private static let organisation: [(label: String, event: Event)] = [
        (
            "company.founded",
            .founded(
                Founding(company: "华东建工", currency: Currency("CNY")!, zone: "Asia/Shanghai"))
        ),
        (
            "company.calendarPut",
            .company(.calendarPut(Change(from: nil, to: calendar)))
        ),
        (
            "company.fieldPut",
            .company(
                .fieldPut(
                    .customer,
                    Change(from: nil, to: FeedbackField(key: "size", name: "Size", type: .number))))
        ),
        (
            "company.rateSet",
            .company(
                .rateSet(
                    Currency("USD")!, from: Day(number: 20_999),
                    Change(from: nil, to: ExchangeRate(scaled: 725_000_000))))
        ),
        (
            "unit.created",
            .unit(
                UnitID(2), .created(name: "East", kind: .branch, parent: UnitID(1), head: nil))
        ),
        ("unit.renamed", .unit(UnitID(2), .renamed(Change(from: "East", to: "东区")))),
        ("unit.moved", .unit(UnitID(2), .moved(Change(from: UnitID(1), to: UnitID(200))))),
        ("unit.deactivated", .unit(UnitID(2), .deactivated)),
        (
            "unit.merged",
            .unit(UnitID(2), .merged(Merger(into: UnitID(3), dropping: [ProcessID(4)])))
        ),
        ("unit.headChanged", .unit(UnitID(2), .headChanged(Change(from: nil, to: PersonID(9))))),
        (
            "person.created",
            .person(
                PersonID(9),
                .created(
                    PersonFacts(
                        login: "li.lei", name: "李雷", unit: UnitID(2), superior: PersonID(1),
                        role: .manager, zone: "Asia/Shanghai", language: .zh,
                        passwordHash: "$scrypt$x")))
        ),
        ("person.renamed", .person(PersonID(9), .renamed(Change(from: "李雷", to: "Li Lei")))),
        (
            "person.unitChanged",
            .person(PersonID(9), .unitChanged(Change(from: UnitID(2), to: UnitID(3))))
        ),
        (
            "person.superiorChanged",
            .person(PersonID(9), .superiorChanged(Change(from: PersonID(1), to: nil)))
        ),
        (
            "person.roleChanged",
            .person(PersonID(9), .roleChanged(Change(from: .rep, to: .executive)))
        ),
        (
            "person.zoneChanged",
            .person(PersonID(9), .zoneChanged(Change(from: "UTC", to: "Asia/Tokyo")))
        ),
        (
            "person.languageChanged",
            .person(PersonID(9), .languageChanged(Change(from: .en, to: .zh)))
        ),
        (
            "person.preferenceSet",
            .person(PersonID(9), .preferenceSet(.dealWon, Change(from: true, to: false)))
        ),
        ("person.passwordChanged", .person(PersonID(9), .passwordChanged(hash: "$scrypt$y"))),
    ]

    private static let processes: [(label: String, event: Event)] = [
        ("process.drafted", .process(ProcessID(1), .drafted(key: "bid", definition: definition))),
        ("process.published", .process(ProcessID(1), .published(version: 65))),
    ]

    private static let definition: ProcessDefinition = {
        var task = StageTask(key: "visit", name: "Site visit")
        task.required = true
        task.role = "technical"
        task.dueDays = 14
        var field = FeedbackField(key: "need", name: "Need", type: .choice)
        field.required = true
        field.choices = ["buy", "rent"]
        var gate = Gate()
        gate.approval = .superior
        gate.levels = [.init(fromMinorUnits: 0, count: 1), .init(fromMinorUnits: 50_000, count: 2)]
        gate.onNoSuperior = .designate
        gate.designate = PersonID(5)
        gate.remindAfterHours = 8
        gate.escalateAfterHours = 24
        gate.onDeadline = .reject
        var first = Stage(key: "chance", name: "机会", winRate: Rate(basisPoints: 1000)!)
        first.phase = .early
        first.journey = .awareness
        first.maxDwellDays = 30
        first.guidance = "Ask."
        first.tasks = [task]
        first.requires = [.amount, .customerAddress]
        first.feedback = [field]
        first.gate = gate
        var definition = ProcessDefinition(
            name: "Bid",
            stages: [first, Stage(key: "end", name: "End", winRate: Rate(basisPoints: 10_000)!)])
        definition.kind = .flexible
        definition.cycleDays = 45
        definition.remindDaysBefore = 5
        definition.appliesTo.units = [UnitID(2)]
        definition.appliesTo.persons = [PersonID(9)]
        definition.appliesTo.customerTypes = ["government"]
        definition.appliesTo.industries = ["building"]
        definition.appliesTo.products = ["excavator"]
        definition.lossReasons = ["price"]
        definition.invalidReasons = ["no need", "spam"]
        definition.reviewRequired = true
        definition.transitions = [
            .init(from: "end", to: "chance"), .init(from: "chance", to: "won", gate: Gate()),
        ]
        return definition
    }()

    private static let deal = OpportunityID(1042)
    private static let item = StageItem(stage: "chance", key: "visit")

    private static let opportunities: [(label: String, event: Event)] = [
        (
            "opportunity.created",
            .opportunity(
                deal,
                .created(
                    OpportunityFacts(
                        title: "挖掘机", customer: CustomerID(88), owner: PersonID(9),
                        version: ProcessVersionID(1), amount: yuan,
                        currency: Currency("CNY")!, close: Day(number: 20_999),
                        fields: [.source: "referral", .externalID: "x1", .region: "east"])))
        ),
        (
            "opportunity.changed",
            .opportunity(deal, .changed(.channel, Change(from: nil, to: "dealer")))
        ),
        (
            "opportunity.customerChanged",
            .opportunity(
                deal, .customerChanged(Change(from: CustomerID(88), to: CustomerID(127))))
        ),
        (
            "opportunity.amountChanged",
            .opportunity(deal, .amountChanged(Change(from: yuan, to: baht)))
        ),
        (
            "opportunity.currencyChanged",
            .opportunity(
                deal, .currencyChanged(Change(from: Currency("JPY")!, to: Currency("KWD")!)))
        ),
        (
            "opportunity.closeChanged",
            .opportunity(deal, .closeChanged(Change(from: Day(number: -1), to: nil)))
        ),
        (
            "opportunity.taskDone",
            .opportunity(deal, .taskDone(item, evidence: "minutes", note: nil))
        ),
        ("opportunity.taskUndone", .opportunity(deal, .taskUndone(item, note: "too early"))),
        (
            "opportunity.moved",
            .opportunity(
                deal, .moved(Change(from: "chance", to: "end"), approval: ApprovalID(7), note: "go")
            )
        ),
        ("opportunity.won", .opportunity(deal, .won(approval: ApprovalID(7), closing))),
        ("opportunity.lost", .opportunity(deal, .lost(closing))),
        (
            "opportunity.lost rate",
            .opportunity(
                deal,
                .lost(
                    Closing(
                        reason: "price", competitor: nil, review: nil, note: nil,
                        rate: ExchangeRate(scaled: 725_000_000))))
        ),
        ("opportunity.invalidated", .opportunity(deal, .invalidated(closing))),
        ("opportunity.tagAdded", .opportunity(deal, .tagAdded("hot"))),
        ("opportunity.tagRemoved", .opportunity(deal, .tagRemoved("hot"))),
        (
            "opportunity.competitorsChanged",
            .opportunity(deal, .competitorsChanged(Change(from: [], to: ["三一", "Acme"])))
        ),
        (
            "opportunity.costChanged",
            .opportunity(deal, .costChanged(Change(from: nil, to: yuan)))
        ),
        (
            "opportunity.customChanged",
            .opportunity(deal, .customChanged("size", Change(from: .number("1"), to: nil)))
        ),
        (
            "opportunity.migrated",
            .opportunity(
                deal,
                .migrated(
                    Migration(
                        version: ProcessVersionID(3), numbers: Change(from: 1, to: 2),
                        stage: Change(from: "chance", to: "start"),
                        stages: [Change(from: "chance", to: "start")])))
        ),
        (
            "opportunity.noted",
            .opportunity(
                deal, .noted(NoteID(3), text: "called", replyTo: NoteID(2), mentions: [PersonID(9)])
            )
        ),
    ]

    private static let feedback: [(label: String, event: Event)] = [
        ("text", FeedbackValue.text("soon")), ("number", .number("-3.5")), ("money", .money(yuan)),
        ("date", .date(Day(number: 20_999))), ("choice", .choice("rent")),
        ("boolean", .boolean(true)), ("person", .person(PersonID(9))),
        ("contact", .contact(ContactID(3))),
    ].map { name, value in
        (
            "opportunity.feedbackGiven \(name)",
            .opportunity(deal, .feedbackGiven(item, Change(from: nil, to: value)))
        )
    }

    private static let customers: [(label: String, event: Event)] = [
        (
            "customer.created",
            .customer(
                CustomerID(88),
                .created(name: "Acme", fields: [.website: "a.example", .type: "enterprise"]))
        ),
        (
            "customer.customChanged",
            .customer(
                CustomerID(88), .customChanged("size", Change(from: nil, to: .number("12"))))
        ),
        ("customer.renamed", .customer(CustomerID(88), .renamed(Change(from: "Acme", to: "顶点")))),
        (
            "customer.changed",
            .customer(CustomerID(88), .changed(.phone, Change(from: "110", to: nil)))
        ),
    ]

    private static func requested(_ target: ApprovalTarget) -> Event {
        .approval(
            ApprovalID(7),
            .requested(
                ApprovalFacts(
                    opportunity: deal, stage: "chance", target: target,
                    approvers: [PersonID(1), PersonID(200)], endsAutomatically: true, attempt: 2,
                    amount: yuan, currency: Currency("CNY")!, note: "please")))
    }

    private static let approvals: [(label: String, event: Event)] = [
        ("approval.requested stage", requested(.stage("end"))),
        ("approval.requested won", requested(.won(closing))),
        (
            "approval.levelApproved",
            .approval(ApprovalID(7), .levelApproved(level: 1, onBehalfOf: PersonID(1), note: nil))
        ),
        ("approval.approved", .approval(ApprovalID(7), .approved(onBehalfOf: nil, note: "fine"))),
        ("approval.approvedAutomatically", .approval(ApprovalID(7), .approvedAutomatically)),
        (
            "approval.rejected",
            .approval(ApprovalID(7), .rejected(onBehalfOf: PersonID(1), note: "价格太低"))
        ),
        ("approval.recalled", .approval(ApprovalID(7), .recalled(note: nil))),
        ("approval.cancelled", .approval(ApprovalID(7), .cancelled)),
    ]

    private static let inboxes: [(label: String, event: Event)] = [
        (
            "inbox.notified",
            .inbox(
                PersonID(9),
                .notified(
                    Notification(
                        kind: .approvalRejected, opportunity: deal, approval: ApprovalID(7),
                        by: PersonID(1), note: nil)))
        ),
        ("inbox.acknowledged", .inbox(PersonID(9), .acknowledged([1, 3, 128]))),
        ("inbox.acknowledgedUpTo", .inbox(PersonID(9), .acknowledgedUpTo(300))),
        ("inbox.delivered", .inbox(PersonID(9), .delivered(upTo: 128))),
        (
            "request.answered",
            .answered(
                PersonID(9),
                RememberedAnswer(
                    token: "t-1", fingerprint: 0x0102_0304_0506_0708,
                    answer: Answer([
                        .init("id", .text("o1042")), .init("rev", .integer(-2)),
                        .init("approval", .null), .init("tags", .texts(["a", "大"])),
                    ])))
        ),
    ]

    private static let contacts: [(label: String, event: Event)] = [
        (
            "contact.created",
            .contact(
                ContactID(3),
                .created(
                    customer: CustomerID(88), name: "王总", fields: [.email: "w@a.example"]))
        ),
        ("contact.renamed", .contact(ContactID(3), .renamed(Change(from: "王总", to: "Wang")))),
        (
            "contact.changed",
            .contact(ContactID(3), .changed(.title, Change(from: nil, to: "CFO")))
        ),
        ("contact.left", .contact(ContactID(3), .left)),
        ("contact.returned", .contact(ContactID(3), .returned)),
        (
            "contact.customerChanged",
            .contact(
                ContactID(3), .customerChanged(Change(from: CustomerID(88), to: CustomerID(127))))
        ),
        (
            "opportunity.contactAdded",
            .opportunity(deal, .contactAdded(ContactID(3), part: .decisionMaker))
        ),
        (
            "opportunity.contactPartChanged",
            .opportunity(
                deal, .contactPartChanged(ContactID(3), Change(from: nil, to: .sponsor)))
        ),
        (
            "opportunity.contactRemoved",
            .opportunity(
                deal, .contactRemoved(ContactID(3), part: .user, successor: ContactID(4)))
        ),
        (
            "inbox.notified contact",
            .inbox(
                PersonID(9),
                .notified(
                    Notification(
                        kind: .contactChanged, opportunity: deal, approval: nil,
                        by: PersonID(1), note: nil,
                        contact: .replaced(ContactID(3), by: ContactID(4)))))
        ),
    ]

    private static let leads: [(label: String, event: Event)] = [
        (
            "lead.created",
            .lead(
                LeadID(9),
                .created(
                    LeadFacts(
                        name: "赵先生", owner: PersonID(9), fields: [.source: "fair"],
                        measures: [.employees: 300, .visits: 2])))
        ),
        ("lead.renamed", .lead(LeadID(9), .renamed(Change(from: "赵先生", to: "Zhao")))),
        (
            "lead.changed",
            .lead(LeadID(9), .changed(.company, Change(from: nil, to: "Acme")))
        ),
        ("lead.measured", .lead(LeadID(9), .measured(.downloads, Change(from: nil, to: 3)))),
        (
            "lead.ownerChanged",
            .lead(LeadID(9), .ownerChanged(Change(from: PersonID(9), to: PersonID(200))))
        ),
        ("lead.discarded", .lead(LeadID(9), .discarded(reason: "spam"))),
        (
            "lead.converted",
            .lead(
                LeadID(9),
                .converted(
                    LeadConversion(
                        customer: CustomerID(88), contact: ContactID(3), opportunity: deal)))
        ),
    ]

    private static let activities: [(label: String, event: Event)] = [
        (
            "activity.entered",
            .activity(
                ActivityID(5),
                .entered(
                    ActivityFacts(
                        target: .opportunity(deal), kind: "call", assignee: PersonID(9), at: at,
                        isDone: true, result: .noAnswer, note: "ring again")))
        ),
        (
            "activity.entered lead",
            .activity(
                ActivityID(5),
                .entered(
                    ActivityFacts(
                        target: .lead(LeadID(9)), kind: "visit", assignee: PersonID(9), at: nil,
                        isDone: false, result: nil, note: nil)))
        ),
        ("activity.done", .activity(ActivityID(5), .done(result: .answered))),
    ]
}

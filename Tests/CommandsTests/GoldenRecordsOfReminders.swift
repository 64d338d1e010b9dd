import PipelineDomain

/// One event of every type that the passing of time makes.
enum ReminderRecords {
    private static let late = LateReminder(
        kind: .reminderTask, opportunity: OpportunityID(1042), approval: nil, note: nil)

    /// What the first release could not tell.
    static let later: [(label: String, event: Event)] = [
        (
            "reminder.late named",
            .reminder(
                .late(
                    PersonID(9),
                    LateReminder(
                        kind: .reminderTask, opportunity: OpportunityID(1042), approval: nil,
                        note: "visit")))
        )
    ]

    static let events: [(label: String, event: Event)] = [
        ("company.timePassed", .company(.timePassed)),
        (
            "company.historyDropped",
            .company(
                .historyDropped(
                    HistoryHorizon(
                        first: 4097, since: Instant(milliseconds: 1_795_313_841_123),
                        chain: "00ff")))
        ),
        ("approval.reminded", .approval(ApprovalID(7), .reminded)),
        ("approval.escalated", .approval(ApprovalID(7), .escalated(to: PersonID(9)))),
        ("approval.adminsTold", .approval(ApprovalID(7), .adminsTold)),
        ("approval.expired", .approval(ApprovalID(7), .expired(isApproved: true))),
        (
            "inbox.digested",
            .inbox(PersonID(9), .digested(LateDigest(items: [late], beyond: 2)))
        ),
        (
            "reminder.deal",
            .reminder(
                .deal(
                    OpportunityID(1042),
                    ReminderKey(
                        rule: .task, base: -64, count: 3, task: "visit", person: PersonID(9))))
        ),
        ("reminder.activity", .reminder(.activity(ActivityID(5)))),
        ("reminder.delegation", .reminder(.delegation(PersonID(9)))),
        ("reminder.late", .reminder(.late(PersonID(9), late))),
    ]
}

import PipelineDomain

/// One event of every type that transfers, teams, absence and overrides make.
enum GovernanceRecords {
    /// Of targets.
    static let targets: [(label: String, event: Event)] = [
        (
            "target.set",
            .target(
                TargetID(3),
                .set(
                    TargetKey(
                        holder: .unit(UnitID(3)),
                        period: .quarter(of: Day(number: 20_757)), product: "挖掘机"),
                    Change(
                        from: nil,
                        to: .amount(
                            Money(minorUnits: 50_000_000, currency: Company.defaultCurrency)))))
        ),
        (
            "target.set count",
            .target(
                TargetID(3),
                .set(
                    TargetKey(
                        holder: .person(PersonID(9)), period: .month(of: Day(number: 20_757)),
                        activity: "call", region: "华东", channel: "d"),
                    Change(from: .count(1), to: .count(20))))
        ),
        ("target.checked", .target(TargetID(3), .checked(TargetCheck(number: 5) ?? .first))),
    ]

    private static let technician = TeamMember(person: PersonID(200), role: "技术")

    static let events: [(label: String, event: Event)] = [
        ("person.deactivated", .person(PersonID(9), .deactivated)),
        ("person.activated", .person(PersonID(9), .activated)),
        (
            "person.delegated",
            .person(
                PersonID(9),
                .delegated(
                    Change(
                        from: nil,
                        to: Delegation(
                            to: PersonID(200), from: Day(number: 1), until: Day(number: 2),
                            starts: Instant(milliseconds: 64), ends: Instant(milliseconds: 3)))))
        ),
        (
            "opportunity.transferred",
            .opportunity(
                OpportunityID(1042), .transferred(Change(from: PersonID(9), to: PersonID(200))))
        ),
        (
            "opportunity.teamJoined",
            .opportunity(OpportunityID(1042), .teamJoined(technician))
        ),
        ("opportunity.teamLeft", .opportunity(OpportunityID(1042), .teamLeft(technician))),
        (
            "opportunity.overridden",
            .opportunity(
                OpportunityID(1042), .overridden(Change(from: "a", to: "b"), reason: "ok"))
        ),
        (
            "opportunity.reopened",
            .opportunity(
                OpportunityID(1042),
                .reopened(
                    from: .lost, Reopening(stage: "a", reason: "ok"), approval: ApprovalID(7)))
        ),
        (
            "approval.requested reopen",
            .approval(
                ApprovalID(7),
                .requested(
                    ApprovalFacts(
                        opportunity: OpportunityID(1042), stage: "b",
                        target: .reopened(Reopening(stage: "a", reason: "ok")), approvers: [],
                        endsAutomatically: false, attempt: 1, amount: nil,
                        currency: Company.defaultCurrency, note: nil)))
        ),
        ("approval.voided", .approval(ApprovalID(7), .voided)),
        (
            "approval.reassigned",
            .approval(
                ApprovalID(7),
                .reassigned(
                    ApprovalReassignment(
                        deciders: Change(from: [PersonID(1), PersonID(200)], to: [PersonID(9)]),
                        vacancies: 1, cause: .reroute, reason: "ill")))
        ),
    ]
}

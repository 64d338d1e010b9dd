import PipelineDomain

@testable import PipelineCommands

extension EventMaker {
    mutating func founding(_ tag: RecordTag.Company) -> Event {
        switch tag {
        case .founded: .founded(Founding(company: text(), currency: currency(), zone: text()))
        case .timePassed: .company(.timePassed)
        case .historyDropped:
            .company(
                .historyDropped(
                    HistoryHorizon(first: number(), since: instant(), chain: text())))
        case .calendarPut: .company(.calendarPut(change { $0.maybe { $0.calendar() } }))
        case .fieldPut: .company(.fieldPut(member(), change { $0.maybe { $0.feedbackField() } }))
        case .rateSet:
            .company(
                .rateSet(
                    currency(), from: day(), change { $0.maybe { $0.exchangeRate() } }))
        }
    }

    mutating func unitEvent(_ tag: RecordTag.Unit) -> UnitEvent {
        switch tag {
        case .created:
            .created(
                name: text(), kind: member(), parent: maybe { $0.id() }, head: maybe { $0.id() })
        case .renamed: .renamed(change { $0.text() })
        case .moved: .moved(change { $0.id() })
        case .headChanged: .headChanged(change { $0.maybe { $0.id() } })
        case .deactivated: .deactivated
        case .merged: .merged(Merger(into: id(), dropping: list { $0.id() }))
        }
    }

    mutating func personEvent(_ tag: RecordTag.Person) -> PersonEvent {
        switch tag {
        case .created:
            .created(
                PersonFacts(
                    login: text(), name: text(), unit: id(), superior: maybe { $0.id() },
                    role: member(), zone: text(), language: member(),
                    passwordHash: maybe { $0.text() }))
        case .renamed: .renamed(change { $0.text() })
        case .unitChanged: .unitChanged(change { $0.id() })
        case .superiorChanged: .superiorChanged(change { $0.maybe { $0.id() } })
        case .roleChanged: .roleChanged(change { $0.member() })
        case .zoneChanged: .zoneChanged(change { $0.text() })
        case .languageChanged: .languageChanged(change { $0.member() })
        case .passwordChanged: .passwordChanged(hash: text())
        case .deactivated: .deactivated
        case .activated: .activated
        case .delegated: .delegated(change { $0.maybe { $0.delegation() } })
        case .preferenceSet: .preferenceSet(member(), change { $0.flag() })
        }
    }

    mutating func customerEvent(_ tag: RecordTag.Customer) -> CustomerEvent {
        switch tag {
        case .created: .created(name: text(), fields: fields())
        case .renamed: .renamed(change { $0.text() })
        case .changed: .changed(member(), change { $0.maybe { $0.text() } })
        case .customChanged: .customChanged(text(), change { $0.maybe { $0.feedbackValue() } })
        }
    }

    mutating func opportunityEvent(_ tag: RecordTag.Opportunity) -> OpportunityEvent {
        switch tag {
        case .created:
            .created(
                OpportunityFacts(
                    title: text(), customer: id(), owner: id(), version: id(),
                    amount: maybe { $0.money() }, currency: currency(),
                    close: maybe { $0.day() }, fields: dealFields(), lead: maybe { $0.id() }))
        case .changed: .changed(member(), change { $0.maybe { $0.text() } })
        case .customerChanged: .customerChanged(change { $0.id() })
        case .amountChanged: .amountChanged(change { $0.maybe { $0.money() } })
        case .currencyChanged: .currencyChanged(change { $0.currency() })
        case .closeChanged: .closeChanged(change { $0.maybe { $0.day() } })
        case .feedbackGiven:
            .feedbackGiven(item(), change { $0.maybe { $0.feedbackValue() } })
        case .taskDone:
            .taskDone(item(), evidence: maybe { $0.text() }, note: maybe { $0.text() })
        case .taskUndone: .taskUndone(item(), note: maybe { $0.text() })
        case .moved:
            .moved(change { $0.text() }, approval: maybe { $0.id() }, note: maybe { $0.text() })
        case .won: .won(approval: maybe { $0.id() }, closing())
        case .lost: .lost(closing())
        case .invalidated: .invalidated(closing())
        case .noted:
            .noted(
                id(), text: text(), replyTo: maybe { $0.id() }, mentions: list { $0.id() })
        case .transferred: .transferred(change { $0.id() })
        case .teamJoined: .teamJoined(TeamMember(person: id(), role: text()))
        case .teamLeft: .teamLeft(TeamMember(person: id(), role: text()))
        case .overridden: .overridden(change { $0.text() }, reason: text())
        case .reopened: .reopened(from: member(), reopening(), approval: maybe { $0.id() })
        case .contactAdded: .contactAdded(id(), part: maybe { $0.member() })
        case .contactPartChanged:
            .contactPartChanged(id(), change { $0.maybe { $0.member() } })
        case .contactRemoved:
            .contactRemoved(
                id(), part: maybe { $0.member() }, successor: maybe { $0.id() })
        case .tagAdded: .tagAdded(text())
        case .tagRemoved: .tagRemoved(text())
        case .competitorsChanged: .competitorsChanged(change { $0.list { $0.text() } })
        case .costChanged: .costChanged(change { $0.maybe { $0.money() } })
        case .customChanged: .customChanged(text(), change { $0.maybe { $0.feedbackValue() } })
        case .migrated:
            .migrated(
                Migration(
                    version: id(), numbers: change { $0.number() }, stage: change { $0.text() },
                    stages: list { $0.change { $0.text() } }))
        }
    }

    mutating func contactEvent(_ tag: RecordTag.Contact) -> ContactEvent {
        switch tag {
        case .created: .created(customer: id(), name: text(), fields: fields())
        case .renamed: .renamed(change { $0.text() })
        case .changed: .changed(member(), change { $0.maybe { $0.text() } })
        case .left: .left
        case .returned: .returned
        case .customerChanged: .customerChanged(change { $0.id() })
        }
    }

    mutating func leadEvent(_ tag: RecordTag.Lead) -> LeadEvent {
        switch tag {
        case .created:
            .created(
                LeadFacts(
                    name: text(), owner: id(), fields: fields(),
                    measures: [.visits: number(), .employees: number()]))
        case .renamed: .renamed(change { $0.text() })
        case .changed: .changed(member(), change { $0.maybe { $0.text() } })
        case .measured: .measured(member(), change { $0.maybe { $0.number() } })
        case .ownerChanged: .ownerChanged(change { $0.id() })
        case .discarded: .discarded(reason: text())
        case .converted:
            .converted(LeadConversion(customer: id(), contact: id(), opportunity: id()))
        }
    }

    mutating func activityEvent(_ tag: RecordTag.Activity) -> ActivityEvent {
        switch tag {
        case .entered:
            .entered(
                ActivityFacts(
                    target: flag() ? .lead(id()) : .opportunity(id()), kind: text(),
                    assignee: id(), at: maybe { $0.instant() }, isDone: flag(),
                    result: maybe { $0.member() }, note: maybe { $0.text() }))
        case .done: .done(result: maybe { $0.member() })
        }
    }

    mutating func approvalEvent(_ tag: RecordTag.Approval) -> ApprovalEvent {
        switch tag {
        case .requested:
            .requested(
                ApprovalFacts(
                    opportunity: id(), stage: text(),
                    target: approvalTarget(),
                    approvers: list { $0.id() }, endsAutomatically: flag(), attempt: number(),
                    amount: maybe { $0.money() }, currency: currency(),
                    note: maybe { $0.text() }))
        case .levelApproved:
            .levelApproved(
                level: number(), onBehalfOf: maybe { $0.id() }, note: maybe { $0.text() })
        case .approved: .approved(onBehalfOf: maybe { $0.id() }, note: maybe { $0.text() })
        case .approvedAutomatically: .approvedAutomatically
        case .rejected: .rejected(onBehalfOf: maybe { $0.id() }, note: text())
        case .recalled: .recalled(note: maybe { $0.text() })
        case .cancelled: .cancelled
        case .voided: .voided
        case .reminded: .reminded
        case .escalated: .escalated(to: maybe { $0.id() })
        case .adminsTold: .adminsTold
        case .expired: .expired(isApproved: flag())
        case .reassigned:
            .reassigned(
                ApprovalReassignment(
                    deciders: change { $0.list { $0.id() } }, vacancies: number(),
                    cause: member(), reason: maybe { $0.text() }))
        }
    }

    mutating func inboxEvent(_ tag: RecordTag.Inbox) -> InboxEvent {
        switch tag {
        case .notified:
            .notified(
                Notification(
                    kind: member(), opportunity: maybe { $0.id() }, approval: maybe { $0.id() },
                    by: maybe { $0.id() }, note: maybe { $0.text() },
                    contact: maybe { $0.contactChange() }))
        case .acknowledged: .acknowledged(list { $0.number() })
        case .acknowledgedUpTo: .acknowledgedUpTo(number())
        case .delivered: .delivered(upTo: number())
        case .digested: .digested(LateDigest(items: list { $0.lateReminder() }, beyond: number()))
        }
    }

    mutating func reminderEvent(_ tag: RecordTag.Reminder) -> ReminderEvent {
        switch tag {
        case .deal:
            .deal(
                id(),
                ReminderKey(
                    rule: member(), base: number(), count: number(), task: maybe { $0.text() },
                    person: maybe { $0.id() }))
        case .activity: .activity(id())
        case .delegation: .delegation(id())
        case .late: .late(id(), lateReminder())
        }
    }

    private mutating func lateReminder() -> LateReminder {
        LateReminder(
            kind: member(), opportunity: maybe { $0.id() }, approval: maybe { $0.id() },
            note: maybe { $0.text() })
    }

    mutating func remembered(_ tag: RecordTag.Request) -> Event {
        switch tag {
        case .answered:
            .answered(
                id(),
                RememberedAnswer(
                    token: text(), fingerprint: number(),
                    answer: Answer(list { Answer.Field($0.text(), $0.answerValue()) })))
        }
    }

    mutating func processEvent(_ tag: RecordTag.Process) -> ProcessEvent {
        switch tag {
        case .drafted: .drafted(key: text(), definition: definition())
        case .published: .published(version: number())
        }
    }
}

// MARK: - Parts

extension EventMaker {
    private mutating func reopening() -> Reopening { Reopening(stage: text(), reason: text()) }

    private mutating func approvalTarget() -> ApprovalTarget {
        switch number(0...2999) % 3 {
        case 0: .stage(text())
        case 1: .reopened(reopening())
        default: .won(closing())
        }
    }

    private mutating func delegation() -> Delegation {
        Delegation(to: id(), from: day(), until: day(), starts: instant(), ends: instant())
    }

    private mutating func item() -> StageItem { StageItem(stage: text(), key: text()) }

    private mutating func closing() -> Closing {
        Closing(
            reason: text(), competitor: maybe { $0.text() }, review: maybe { $0.text() },
            note: maybe { $0.text() }, rate: maybe { $0.exchangeRate() })
    }

    private mutating func calendar() -> WorkCalendar {
        var calendar = WorkCalendar(key: text(), name: text())
        calendar.units = list { $0.id() }
        calendar.weekend = list { $0.member() }
        calendar.hours = list { .init(from: $0.number(), to: $0.number()) }
        calendar.holidays = list { $0.day() }
        calendar.workdays = list { $0.day() }
        return calendar
    }

    private mutating func exchangeRate() -> ExchangeRate {
        ExchangeRate(scaled: number(1...999_999_999_999_999)) ?? .one
    }

    private mutating func feedbackValue() -> FeedbackValue {
        switch number(0...7999) % 8 {
        case 0: .text(text())
        case 1: .number(text())
        case 2: .money(money())
        case 3: .date(day())
        case 4: .choice(text())
        case 5: .boolean(flag())
        case 6: .contact(id())
        default: .person(id())
        }
    }

    private mutating func contactChange() -> ContactChange {
        switch number(0...2999) % 3 {
        case 0: .left(id())
        case 1: .moved(id(), to: id())
        default: .replaced(id(), by: maybe { $0.id() })
        }
    }

    private mutating func answerValue() -> Answer.Value {
        switch number(0...3999) % 4 {
        case 0: .texts(list { $0.text() })
        case 1: .null
        case 2: .integer(number())
        default: .text(text())
        }
    }

    private mutating func definition() -> ProcessDefinition {
        var definition = ProcessDefinition(name: text(), stages: list { $0.stage() })
        definition.kind = member()
        definition.cycleDays = maybe { $0.number() }
        definition.remindDaysBefore = maybe { $0.number() }
        definition.appliesTo.units = list { $0.id() }
        definition.appliesTo.persons = list { $0.id() }
        definition.appliesTo.customerTypes = list { $0.text() }
        definition.appliesTo.industries = list { $0.text() }
        definition.appliesTo.products = list { $0.text() }
        definition.lossReasons = list { $0.text() }
        definition.invalidReasons = list { $0.text() }
        definition.reviewRequired = flag()
        definition.reaskDropPercent = number()
        definition.transitions = list {
            .init(from: $0.text(), to: $0.text(), gate: $0.maybe { $0.gate() })
        }
        return definition
    }

    private mutating func stage() -> Stage {
        var stage = Stage(key: text(), name: text(), winRate: rate())
        stage.phase = maybe { $0.member() }
        stage.journey = maybe { $0.member() }
        stage.maxDwellDays = maybe { $0.number() }
        stage.guidance = text()
        stage.tasks = list { $0.task() }
        stage.requires = list { $0.member() }
        stage.feedback = list { $0.feedbackField() }
        stage.gate = gate()
        return stage
    }

    private mutating func task() -> StageTask {
        var task = StageTask(key: text(), name: text())
        task.required = flag()
        task.role = maybe { $0.text() }
        task.dueDays = maybe { $0.number() }
        task.evidence = flag()
        return task
    }

    private mutating func feedbackField() -> FeedbackField {
        var field = FeedbackField(key: text(), name: text(), type: member())
        field.required = flag()
        field.choices = list { $0.text() }
        return field
    }

    private mutating func gate() -> Gate {
        var gate = Gate()
        gate.approval = member()
        gate.levels = list { .init(fromMinorUnits: $0.number(), count: $0.number()) }
        gate.onNoSuperior = member()
        gate.designate = maybe { $0.id() }
        gate.remindAfterHours = maybe { $0.number() }
        gate.escalateAfterHours = maybe { $0.number() }
        gate.adminAfterHours = maybe { $0.number() }
        gate.onDeadline = member()
        return gate
    }
}

extension ExchangeRate {
    fileprivate static let one = ExchangeRate(scaled: 100_000_000)!
}

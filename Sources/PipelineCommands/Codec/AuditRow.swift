import PipelineDomain

/// One record as the audit tells it: who, when, what about which object (D-17). Passwords' hashes and
/// remembered answers are never told.
struct AuditRow {
    let sequence: UInt64
    let at: Instant
    /// `nil`: nobody, as time passed.
    let by: PersonID?
    /// As in docs/RECORDS.md, `person.roleChanged`.
    let type: String
    /// What it is about; `nil` for the company.
    let id: String?
    private(set) var details: [HistoryRow.Detail] = []

    init(_ recorded: Recorded) {
        sequence = recorded.sequence
        at = recorded.at
        by = recorded.actor.somebody
        let event = recorded.event
        (type, id) = event.auditName
        switch event {
        case .founded(let founding):
            add("company", founding.company)
            add("currency", founding.currency.code)
            add("zone", founding.zone)
        case .company(let event): add(event)
        case .unit(_, let event): add(event)
        case .person(_, let event): add(event)
        case .process(_, let event): add(event)
        case .customer(_, let event): add(event)
        case .contact(_, let event): add(event)
        case .lead(_, let event): add(event)
        case .target(_, let event): add(event)
        case .opportunity, .approval, .activity: if let row = HistoryRow(recorded) { add(row) }
        case .inbox(_, let event): add(event)
        case .answered(_, let answer): add("token", answer.token)
        case .reminder(let event): add(event)
        }
    }

    private mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { details.append(HistoryRow.Detail(name, value)) }
    }

    private mutating func add(_ from: String?, to: String?) {
        add("from", from)
        add("to", to)
    }

    private mutating func add(_ row: HistoryRow) {
        add("field", row.field)
        add(row.from, to: row.to)
        add("approval", row.approval?.description)
        add("note", row.note)
        details += row.details
    }

    private mutating func add(_ event: CompanyEvent) {
        switch event {
        case .rateSet(let currency, let day, let change):
            add("code", currency.code)
            add("date", day.description)
            add(change.from?.decimal, to: change.to?.decimal)
        case .timePassed: break
        case .historyDropped(let horizon):
            add("first", "\(horizon.first)")
            add("since", horizon.since.description)
            add("chain", horizon.chain)
        case .calendarPut(let change):
            add("key", change.to?.key)
            add("name", change.to?.name)
        case .fieldPut(let noun, let change):
            add("noun", noun.rawValue)
            add("key", change.to?.key)
            add(change.from?.auditText, to: change.to?.auditText)
        }
    }

    private mutating func add(_ event: UnitEvent) {
        switch event {
        case .created(let name, let kind, let parent, let head):
            add("name", name)
            add("kind", kind.rawValue)
            add("parent", parent?.description)
            add("head", head?.description)
        case .renamed(let change): add(change.from, to: change.to)
        case .moved(let change): add(change.from.description, to: change.to.description)
        case .headChanged(let change):
            add(change.from?.description, to: change.to?.description)
        case .deactivated: break
        case .merged(let merger):
            add("into", merger.into.description)
            add("dropping", merger.dropping.map(\.description).joined(separator: " "))
        }
    }

    private mutating func add(_ event: PersonEvent) {
        switch event {
        case .created(let facts):
            add("login", facts.login)
            add("name", facts.name)
            add("unit", facts.unit.description)
            add("superior", facts.superior?.description)
            add("role", facts.role.rawValue)
            add("tz", facts.zone)
            add("lang", facts.language.rawValue)
        case .renamed(let change), .zoneChanged(let change): add(change.from, to: change.to)
        case .unitChanged(let change): add(change.from.description, to: change.to.description)
        case .superiorChanged(let change):
            add(change.from?.description, to: change.to?.description)
        case .roleChanged(let change): add(change.from.rawValue, to: change.to.rawValue)
        case .languageChanged(let change): add(change.from.rawValue, to: change.to.rawValue)
        case .passwordChanged, .deactivated, .activated: break
        case .delegated(let change): add(change.from?.auditText, to: change.to?.auditText)
        case .preferenceSet(let kind, let change):
            add("kind", kind.rawValue)
            add(change.from ? "on" : "off", to: change.to ? "on" : "off")
        }
    }

    private mutating func add(_ event: ProcessEvent) {
        switch event {
        case .drafted(let key, let definition):
            add("key", key)
            add("name", definition.name)
            add("stages", definition.stages.map(\.key).joined(separator: " "))
        case .published(let version): add("version", String(version))
        }
    }

    private mutating func add(_ event: CustomerEvent) {
        switch event {
        case .created(let name, let fields):
            add("name", name)
            for field in Customer.Field.allCases { add(field.rawValue, fields[field]) }
        case .renamed(let change): add(change.from, to: change.to)
        case .changed(let field, let change):
            add("field", field.rawValue)
            add(change.from, to: change.to)
        case .customChanged(let key, let change):
            add("field", "fields.\(key)")
            add(change.from?.plain, to: change.to?.plain)
        }
    }

    private mutating func add(_ event: ContactEvent) {
        switch event {
        case .created(let customer, let name, let fields):
            add("customer", customer.description)
            add("name", name)
            for field in Contact.Field.allCases { add(field.rawValue, fields[field]) }
        case .renamed(let change): add(change.from, to: change.to)
        case .changed(let field, let change):
            add("field", field.rawValue)
            add(change.from, to: change.to)
        case .left, .returned: break
        case .customerChanged(let change):
            add(change.from.description, to: change.to.description)
        }
    }

    private mutating func add(_ event: LeadEvent) {
        switch event {
        case .created(let facts):
            add("name", facts.name)
            add("owner", facts.owner.description)
            for field in Lead.Field.allCases { add(field.rawValue, facts.fields[field]) }
            for measure in Lead.Measure.allCases {
                add(measure.rawValue, facts.measures[measure].map(String.init))
            }
        case .renamed(let change): add(change.from, to: change.to)
        case .changed(let field, let change):
            add("field", field.rawValue)
            add(change.from, to: change.to)
        case .measured(let measure, let change):
            add("field", measure.rawValue)
            add(change.from.map(String.init), to: change.to.map(String.init))
        case .ownerChanged(let change): add(change.from.description, to: change.to.description)
        case .discarded(let reason): add("reason", reason)
        case .converted(let conversion):
            add("customer", conversion.customer.description)
            add("contact", conversion.contact.description)
            add("opportunity", conversion.opportunity.description)
        }
    }

    private mutating func add(_ event: ReminderEvent) {
        switch event {
        case .deal(_, let key):
            add("rule", key.rule.rawValue)
            add("base", String(key.base))
            add("count", String(key.count))
            add("task", key.task)
            add("person", key.person?.description)
        case .activity, .delegation: break
        case .late(_, let item):
            add("kind", item.kind.rawValue)
            add("opportunity", item.opportunity?.description)
            add("approval", item.approval?.description)
        }
    }

    private mutating func add(_ event: TargetEvent) {
        switch event {
        case .set(let key, let change):
            add("holder", key.holder.description)
            add("period", key.period.text)
            add("activity", key.activity)
            add("product", key.product)
            add("region", key.region)
            add("channel", key.channel)
            add(change.from?.auditText, to: change.to?.auditText)
        case .checked(let check):
            add("quarter", String(check.quarter))
            add("escalated", check.isEscalated ? "yes" : "no")
        }
    }

    private mutating func add(_ event: InboxEvent) {
        switch event {
        case .notified(let notification):
            add("kind", notification.kind.rawValue)
            add("opportunity", notification.opportunity?.description)
            add("approval", notification.approval?.description)
            add("note", notification.note)
        case .acknowledged(let rows):
            add("rows", rows.map(String.init).joined(separator: " "))
        case .acknowledgedUpTo(let row), .delivered(let row): add("upTo", String(row))
        case .digested(let digest):
            add("count", String(digest.items.count + digest.beyond))
        }
    }
}

extension Event {
    /// The record's type, as docs/RECORDS.md names it, and what it is about.
    var auditName: (type: String, id: String?) {
        switch self {
        case .founded: ("company.founded", nil)
        case .company(let event): ("company.\(CompanyRecord.change(event).tag)", nil)
        case .unit(let id, let event): ("unit.\(event.tag)", id.description)
        case .person(let id, let event): ("person.\(event.tag)", id.description)
        case .process(let id, let event): ("process.\(event.tag)", id.description)
        case .customer(let id, let event): ("customer.\(event.tag)", id.description)
        case .opportunity(let id, let event): ("opportunity.\(event.tag)", id.description)
        case .approval(let id, let event): ("approval.\(event.tag)", id.description)
        case .contact(let id, let event): ("contact.\(event.tag)", id.description)
        case .lead(let id, let event): ("lead.\(event.tag)", id.description)
        case .activity(let id, let event): ("activity.\(event.tag)", id.description)
        case .reminder(let event):
            ("reminder.\(ReminderRecord(event).tag)", event.auditID)
        case .target(let id, let event): ("target.\(event.tag)", id.description)
        case .inbox(let id, let event): ("inbox.\(event.tag)", id.description)
        case .answered(let id, let event): ("request.\(event.tag)", id.description)
        }
    }
}

extension ReminderEvent {
    fileprivate var auditID: String {
        switch self {
        case .deal(let id, _): id.description
        case .activity(let id): id.description
        case .delegation(let id), .late(let id, _): id.description
        }
    }
}

extension TargetValue {
    fileprivate var auditText: String {
        switch self {
        case .amount(let money): "\(money.decimal) \(money.currency.code)"
        case .count(let count): String(count)
        }
    }
}

extension Delegation {
    fileprivate var auditText: String { "\(to) \(from) \(until)" }
}

extension FeedbackField {
    fileprivate var auditText: String {
        ([name, type.rawValue] + choices).joined(separator: " ")
    }
}

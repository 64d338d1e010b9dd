import PipelineDomain

/// Events of several kinds of subject, which share a group of tags: here without their subjects.
enum ReminderRecord: RecordPayload {
    case deal(ReminderKey)
    case activity
    case delegation
    case late(LateReminder)

    init(_ event: ReminderEvent) {
        switch event {
        case .deal(_, let key): self = .deal(key)
        case .activity: self = .activity
        case .delegation: self = .delegation
        case .late(_, let item): self = .late(item)
        }
    }

    func event(of subject: UInt32) -> ReminderEvent {
        switch self {
        case .deal(let key): .deal(OpportunityID(subject), key)
        case .activity: .activity(ActivityID(subject))
        case .delegation: .delegation(PersonID(subject))
        case .late(let item): .late(PersonID(subject), item)
        }
    }

    var tag: RecordTag.Reminder {
        switch self {
        case .deal: .deal
        case .activity: .activity
        case .delegation: .delegation
        case .late: .late
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .deal(let key): encoder.write(key)
        case .activity, .delegation: break
        case .late(let item): encoder.write(item)
        }
    }

    init(_ tag: RecordTag.Reminder, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .deal: self = .deal(try decoder.read())
        case .activity: self = .activity
        case .delegation: self = .delegation
        case .late: self = .late(try decoder.read())
        }
    }
}

extension ReminderEvent {
    var subject: UInt32 {
        switch self {
        case .deal(let id, _): id.number
        case .activity(let id): id.number
        case .delegation(let id), .late(let id, _): id.number
        }
    }
}

extension ReminderKey: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(rule)
        encoder.write(base)
        encoder.write(count)
        encoder.write(task)
        encoder.write(person)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            rule: try decoder.read(), base: try decoder.read(), count: try decoder.read(),
            task: try decoder.read(), person: try decoder.read())
    }
}

extension LateReminder: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(kind)
        encoder.write(opportunity)
        encoder.write(approval)
        encoder.write(note)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        // The first layout, of records and of snapshots, has no note.
        self.init(
            kind: try decoder.read(), opportunity: try decoder.read(),
            approval: try decoder.read(), note: decoder.version > 1 ? try decoder.read() : nil)
    }
}

extension LateDigest: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(items)
        encoder.write(beyond)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(items: try decoder.read(), beyond: try decoder.read())
    }
}

extension ReminderRule: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .close: 1
        case .overdue: 2
        case .overdueEscalated: 3
        case .cycle: 4
        case .cycleEscalated: 5
        case .dwell: 6
        case .dwellEscalated: 7
        case .task: 8
        case .taskEscalated: 9
        }
    }
}

/// The permanent types of records, one for every case of `Event`, grouped by what they are about: the
/// high byte is the group. A tag is written into every record and is therefore never changed and
/// never given to another event, not even after its event is gone (W-3, W-12).
enum RecordTag {
    enum Group: UInt8, CaseIterable {
        case company = 0x00
        case unit = 0x01
        case person = 0x02
        case process = 0x03
        case opportunity = 0x04
        case customer = 0x05
        case approval = 0x06
        case inbox = 0x07
        case request = 0x08
        case contact = 0x09
        case lead = 0x0A
        case activity = 0x0B
        case reminder = 0x0C
        case target = 0x0D
    }

    enum Company: UInt16, RecordTagGroup {
        case founded = 0x0001
        case rateSet = 0x0010
        case fieldPut = 0x0011
        case calendarPut = 0x0012
        case timePassed = 0x0020
        case historyDropped = 0x0030
    }
    enum Unit: UInt16, RecordTagGroup {
        case created = 0x0101
        case renamed = 0x0102
        case moved = 0x0103
        case headChanged = 0x0104
        case deactivated = 0x0130
        case merged = 0x0131
    }
    enum Person: UInt16, RecordTagGroup {
        case created = 0x0201
        case renamed = 0x0202
        case unitChanged = 0x0203
        case superiorChanged = 0x0204
        case roleChanged = 0x0205
        case zoneChanged = 0x0206
        case languageChanged = 0x0207
        case passwordChanged = 0x0208
        case deactivated = 0x0220
        case activated = 0x0221
        case delegated = 0x0222
        case preferenceSet = 0x0240
    }
    enum Process: UInt16, RecordTagGroup {
        case drafted = 0x0301
        case published = 0x0302
    }
    enum Opportunity: UInt16, RecordTagGroup {
        case created = 0x0401
        case changed = 0x0402
        case customerChanged = 0x0403
        case amountChanged = 0x0404
        case currencyChanged = 0x0405
        case closeChanged = 0x0406
        case feedbackGiven = 0x0407
        case taskDone = 0x0408
        case taskUndone = 0x0409
        case moved = 0x040A
        case won = 0x040B
        case lost = 0x040C
        case invalidated = 0x040D
        case noted = 0x040E
        case transferred = 0x0420
        case teamJoined = 0x0421
        case teamLeft = 0x0422
        case overridden = 0x0423
        case reopened = 0x0424
        case contactAdded = 0x0440
        case contactPartChanged = 0x0441
        case contactRemoved = 0x0442
        case migrated = 0x0460
        case tagAdded = 0x0461
        case tagRemoved = 0x0462
        case competitorsChanged = 0x0463
        case costChanged = 0x0464
        case customChanged = 0x0465
    }
    enum Customer: UInt16, RecordTagGroup {
        case created = 0x0501
        case renamed = 0x0502
        case changed = 0x0503
        case customChanged = 0x0530
    }
    enum Approval: UInt16, RecordTagGroup {
        case requested = 0x0601
        case levelApproved = 0x0602
        case approved = 0x0603
        case approvedAutomatically = 0x0604
        case rejected = 0x0605
        case recalled = 0x0606
        case cancelled = 0x0607
        case reassigned = 0x0620
        case voided = 0x0621
        case reminded = 0x0630
        case escalated = 0x0631
        case adminsTold = 0x0632
        case expired = 0x0633
    }
    enum Inbox: UInt16, RecordTagGroup {
        case notified = 0x0701
        case acknowledged = 0x0702
        case acknowledgedUpTo = 0x0703
        case delivered = 0x0704
        case digested = 0x0710

        var version: UInt8 { self == .digested ? 2 : 1 }
    }
    enum Request: UInt16, RecordTagGroup {
        case answered = 0x0801
    }

    enum Contact: UInt16, RecordTagGroup {
        case created = 0x0901
        case renamed = 0x0902
        case changed = 0x0903
        case left = 0x0904
        case returned = 0x0905
        case customerChanged = 0x0906
    }

    enum Lead: UInt16, RecordTagGroup {
        case created = 0x0A01
        case renamed = 0x0A02
        case changed = 0x0A03
        case measured = 0x0A04
        case ownerChanged = 0x0A05
        case discarded = 0x0A06
        case converted = 0x0A07
    }

    enum Activity: UInt16, RecordTagGroup {
        case entered = 0x0B01
        case done = 0x0B02
    }

    enum Reminder: UInt16, RecordTagGroup {
        case deal = 0x0C01
        case activity = 0x0C02
        case delegation = 0x0C03
        case late = 0x0C04

        var version: UInt8 { self == .late ? 2 : 1 }
    }

    enum Target: UInt16, RecordTagGroup {
        case set = 0x0D01
        case checked = 0x0D02
    }

    /// The newest schema version that is read of the type; `nil` for a tag that no event has.
    static func version(of tag: UInt16) -> UInt8? {
        switch Group(rawValue: UInt8(tag >> 8)) {
        case .company: Company(rawValue: tag)?.version
        case .unit: Unit(rawValue: tag)?.version
        case .person: Person(rawValue: tag)?.version
        case .process: Process(rawValue: tag)?.version
        case .opportunity: Opportunity(rawValue: tag)?.version
        case .customer: Customer(rawValue: tag)?.version
        case .approval: Approval(rawValue: tag)?.version
        case .inbox: Inbox(rawValue: tag)?.version
        case .request: Request(rawValue: tag)?.version
        case .contact: Contact(rawValue: tag)?.version
        case .lead: Lead(rawValue: tag)?.version
        case .activity: Activity(rawValue: tag)?.version
        case .reminder: Reminder(rawValue: tag)?.version
        case .target: Target(rawValue: tag)?.version
        case nil: nil
        }
    }
}

/// The tags of one group.
protocol RecordTagGroup: RawRepresentable<UInt16>, CaseIterable, Hashable, Sendable {
    /// The schema version that records of the type are written in; older ones down to 1 are read.
    /// To change a layout, raise it here and let the reading side look at `RecordDecoder.version`.
    var version: UInt8 { get }
}

extension RecordTagGroup {
    var version: UInt8 { 1 }
}

/// The events of one group: which tag each has, and the payload that follows the head of the record.
protocol RecordPayload {
    associatedtype Tag: RecordTagGroup
    var tag: Tag { get }
    func encodePayload(to encoder: inout RecordEncoder)
    init(_ tag: Tag, reading decoder: inout RecordDecoder) throws(RecordError)
}

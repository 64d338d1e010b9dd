public import PipelineDomain

/// Events to bytes and back: the body of one record of the log (W-1, W-3, W-12; docs/RECORDS.md).
///
/// A body is a head (type tag, schema version, instant, actor, subject) and a payload. Equal records
/// give equal bytes, and bytes that decode are the ones that encoding gives.
public enum RecordCodec {
    /// Appends the body of one record. The sequence is not part of it: the frame gives it (W-3).
    public static func encode(_ recorded: Recorded, into bytes: inout [UInt8]) {
        encode(recorded.event, by: recorded.actor, at: recorded.at, into: &bytes)
    }

    static func encode(
        _ event: Event, by actor: PersonID, at instant: Instant, into bytes: inout [UInt8]
    ) {
        var encoder = RecordEncoder(taking: &bytes)
        let head = RecordHead(at: instant, actor: actor)
        switch event {
        case .founded(let event):
            encoder.put(CompanyRecord.founding(event), subject: 0, head)
        case .company(let event): encoder.put(CompanyRecord.change(event), subject: 0, head)
        case .unit(let id, let event): encoder.put(event, subject: id.number, head)
        case .person(let id, let event): encoder.put(event, subject: id.number, head)
        case .process(let id, let event): encoder.put(event, subject: id.number, head)
        case .customer(let id, let event): encoder.put(event, subject: id.number, head)
        case .opportunity(let id, let event): encoder.put(event, subject: id.number, head)
        case .approval(let id, let event): encoder.put(event, subject: id.number, head)
        case .inbox(let id, let event): encoder.put(event, subject: id.number, head)
        case .contact(let id, let event): encoder.put(event, subject: id.number, head)
        case .lead(let id, let event): encoder.put(event, subject: id.number, head)
        case .activity(let id, let event): encoder.put(event, subject: id.number, head)
        case .reminder(let event):
            encoder.put(ReminderRecord(event), subject: event.subject, head)
        case .target(let id, let event): encoder.put(event, subject: id.number, head)
        case .answered(let id, let event): encoder.put(event, subject: id.number, head)
        }
        encoder.finish(into: &bytes)
    }

    /// Reads exactly one body; anything left over is an error. Never traps, whatever the bytes.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, sequence: UInt64
    ) throws(RecordError) -> Recorded {
        var decoder = RecordDecoder(bytes)
        let tag = try decoder.type()
        let instant: Instant = try decoder.read()
        let actor: PersonID = try decoder.read()
        let event = try decoder.event(tag)
        try decoder.finish()
        return Recorded(sequence: sequence, at: instant, actor: actor, event: event)
    }

    /// The same for bytes in an array, as histories are read (D-17).
    public static func decode(
        _ bytes: [UInt8], sequence: UInt64
    ) throws(RecordError) -> Recorded {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(RecordError) in try decode(buffer, sequence: sequence) }
        }
        return try result.get()
    }
}

/// What a body says before its subject.
private struct RecordHead {
    let at: Instant
    let actor: PersonID
}

extension RecordEncoder {
    fileprivate mutating func put(
        _ event: some RecordPayload, subject: UInt32, _ head: RecordHead
    ) {
        let tag = event.tag
        fixed16(tag.rawValue)
        byte(tag.version)
        write(head.at)
        write(head.actor)
        unsigned(UInt64(subject))
        event.encodePayload(to: &self)
    }
}

extension RecordDecoder {
    /// The type tag, and the schema version to be kept in mind. Both are checked before anything else
    /// is read, so that a record of a newer program is called that and nothing worse.
    fileprivate mutating func type() throws(RecordError) -> UInt16 {
        let tag = try fixed16()
        version = try byte()
        guard let newest = RecordTag.version(of: tag) else {
            throw RecordError(.unknownTag(tag), at: 0)
        }
        guard version >= 1, version <= newest else {
            throw RecordError(.unknownVersion(tag: tag, version: version), at: 2)
        }
        return tag
    }

    /// The subject and the payload of the type.
    fileprivate mutating func event(_ tag: UInt16) throws(RecordError) -> Event {
        guard let group = RecordTag.Group(rawValue: UInt8(tag >> 8)) else {
            throw RecordError(.unknownTag(tag), at: 0)
        }
        switch group {
        case .company:
            let start = offset
            // A company is not numbered: the place of the subject stays 0.
            guard try unsigned() == 0 else { throw RecordError(.outOfRange("subject"), at: start) }
            let record: CompanyRecord = try payload(tag)
            return record.event
        case .unit: return .unit(try read(), try payload(tag))
        case .person: return .person(try read(), try payload(tag))
        case .process: return .process(try read(), try payload(tag))
        case .opportunity: return .opportunity(try read(), try payload(tag))
        case .customer: return .customer(try read(), try payload(tag))
        case .approval: return .approval(try read(), try payload(tag))
        case .inbox: return .inbox(try read(), try payload(tag))
        case .request: return .answered(try read(), try payload(tag))
        case .contact: return .contact(try read(), try payload(tag))
        case .lead: return .lead(try read(), try payload(tag))
        case .activity: return .activity(try read(), try payload(tag))
        case .reminder:
            let subject: OpportunityID = try read()
            let record: ReminderRecord = try payload(tag)
            return .reminder(record.event(of: subject.number))
        case .target: return .target(try read(), try payload(tag))
        }
    }

    private mutating func payload<Payload: RecordPayload>(
        _ tag: UInt16
    ) throws(RecordError) -> Payload {
        guard let known = Payload.Tag(rawValue: tag) else {
            throw RecordError(.unknownTag(tag), at: 0)
        }
        return try Payload(known, reading: &self)
    }
}

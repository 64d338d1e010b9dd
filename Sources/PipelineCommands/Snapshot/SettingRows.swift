import PipelineDomain

extension Company: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(currency)
        encoder.write(zone)
        encoder.write(isFounded)
        encoder.sorted(rates)
        encoder.write(calendars)
        encoder.write(fields)
        encoder.write(horizon)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: try decoder.read(), currency: try decoder.read(),
            zone: try decoder.read(), isFounded: try decoder.read(),
            rates: try decoder.sorted(), calendars: try decoder.read(),
            fields: try decoder.read(),
            // Layout 1 knew of none.
            horizon: decoder.version > 1 ? try decoder.read() : nil)
        try decoder.require(
            rates.values.allSatisfy { scope.hasActor($0.revision) }
                && calendars.allSatisfy { calendar in
                    scope.hasActor(calendar.revision)
                        && calendar.definition.units.allSatisfy { scope.has($0) }
                }
                && fields.values.joined().allSatisfy { scope.hasActor($0.revision) },
            "a setting's reference")
    }
}

extension ExchangeRates: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(dated)
        encoder.write(revision)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), revision: try decoder.read())
    }
}

extension ExchangeRates.Dated: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(from)
        encoder.write(rate)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), rate: try decoder.read())
    }
}

extension KeptCalendar: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(definition)
        encoder.write(revision)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), revision: try decoder.read())
    }
}

extension CustomField: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(definition)
        encoder.write(revision)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), revision: try decoder.read())
    }
}

extension Process: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(draft)
        encoder.write(versions)
        encoder.write(revision)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: ProcessID(number), key: try decoder.read(), draft: try decoder.read(),
            versions: try decoder.read(), revision: try decoder.read())
        try decoder.require(
            scope.hasActor(revision) && (draft.map { scope.has($0) } ?? true)
                && versions.allSatisfy { scope.has($0) }, "a process's reference")
    }
}

extension ProcessVersion: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(process)
        encoder.write(key)
        encoder.write(number)
        encoder.write(publishedAt)
        encoder.write(definition)
    }

    convenience init(
        reading decoder: inout RecordDecoder, number id: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        let process: ProcessID = try decoder.read()
        let key: String = try decoder.read()
        let number: Int = try decoder.read()
        let publishedAt: Instant = try decoder.read()
        let definition: ProcessDefinition = try decoder.read()
        try decoder.require(
            scope.has(process) && scope.has(definition) && !definition.stages.isEmpty,
            "a version's reference")
        self.init(
            restoring: ProcessVersionID(id), process: process, key: key, number: number,
            definition: definition, publishedAt: publishedAt)
    }
}

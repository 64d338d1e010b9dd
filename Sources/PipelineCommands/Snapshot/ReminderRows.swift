import PipelineDomain

extension LogPlace: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(at)
        encoder.write(sequence)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(restoring: try decoder.read(), sequence: try decoder.read())
    }
}

extension ApprovalDeadline: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .remind: 1
        case .escalate: 2
        case .admins: 3
        }
    }
}

extension SnapshotScope {
    func has(_ digest: LateDigest) -> Bool {
        digest.items.allSatisfy { item in
            (item.opportunity.map { has($0) } ?? true) && (item.approval.map { has($0) } ?? true)
        }
    }
}

extension Target: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(key)
        encoder.write(value)
        encoder.write(revision)
        encoder.write(setAt)
        encoder.write(checks)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        // The first layout does not say when it was set: then it was before anybody was told of it.
        let isFirst = decoder.version == 1
        self.init(
            restoring: TargetID(number), key: try decoder.read(), value: try decoder.read(),
            revision: try decoder.read(),
            setAt: try isFirst ? Instant(milliseconds: .max) : decoder.read(),
            checks: try isFirst ? [] : decoder.read())
        let isHeld =
            switch key.holder {
            case .unit(let id): scope.has(id)
            case .person(let id): scope.has(id)
            }
        try decoder.require(isHeld && scope.hasActor(revision), "a target's reference")
    }
}

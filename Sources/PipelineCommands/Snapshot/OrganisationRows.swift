import PipelineDomain

extension Unit: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(name)
        encoder.write(kind)
        encoder.write(parent)
        encoder.write(head)
        children.encode(to: &encoder)
        members.encode(to: &encoder)
        encoder.write(isActive)
        encoder.write(merger)
        encoder.write(revision)
        encoder.sorted(sums)
        encoder.write(closes)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: UnitID(number), name: try decoder.read(), kind: try decoder.read(),
            parent: try decoder.read(), head: try decoder.read(),
            children: try OrderedIDs(reading: &decoder, upTo: scope.units),
            members: try OrderedIDs(reading: &decoder, upTo: scope.persons),
            isActive: try decoder.read(), merger: try decoder.read(),
            revision: try decoder.read(), sums: try decoder.sorted(), closes: try decoder.read())
        let hasSums = sums.allSatisfy { version, stages in
            scope.versions[find: version].map { $0.definition.stages.count } == stages.count
        }
        let isMerged =
            merger.map { merger in
                scope.has(merger.into) && merger.dropping.allSatisfy { scope.has($0) }
            } ?? true
        try decoder.require(
            hasSums && isMerged && scope.hasActor(revision)
                && (parent.map { scope.has($0) } ?? (number == State.rootUnit.number))
                && (head.map { scope.has($0) } ?? true), "a unit's reference")
    }
}

extension Merger: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(into)
        encoder.write(dropping)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(into: try decoder.read(), dropping: try decoder.read())
    }
}

extension StageSum: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(open)
        encoder.write(entered)
        encoder.write(onward)
        encoder.write(won)
        encoder.write(amounts)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            restoring: try decoder.read(), entered: try decoder.read(),
            onward: decoder.version >= SnapshotTable.withOnward ? try decoder.read() : 0,
            won: try decoder.read(), amounts: try decoder.read())
    }
}

extension CurrencySum: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(currency)
        encoder.write(count)
        encoder.wide(minorUnits)
        encoder.wide(squares.high)
        encoder.unsigned(squares.low)
        encoder.wide(cubes.high)
        encoder.unsigned(UInt64(truncatingIfNeeded: cubes.low >> 64))
        encoder.unsigned(UInt64(truncatingIfNeeded: cubes.low))
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        guard decoder.version >= SnapshotTable.withMoments else {
            throw RecordError(.outOfRange("a sum without its cubes"), at: decoder.offset)
        }
        self.init(
            restoring: try decoder.read(), count: try decoder.read(),
            minorUnits: try decoder.wide(),
            squares: SquareSum(high: try decoder.wide(), low: try decoder.unsigned()),
            cubes: CubeSum(
                high: try decoder.wide(),
                low: UInt128(try decoder.unsigned()) << 64 | UInt128(try decoder.unsigned())))
    }
}

extension CloseSums: RecordValue {
    func encode(to encoder: inout RecordEncoder) { encoder.write(rows) }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        guard decoder.version >= SnapshotTable.withMoments, let sums = CloseSums(try decoder.read())
        else { throw RecordError(.outOfRange("sums by day"), at: decoder.offset) }
        self = sums
    }
}

extension CloseSums.Row: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(day)
        encoder.write(currency)
        encoder.write(count)
        encoder.wide(minorUnits)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            day: try decoder.read(), currency: try decoder.read(), count: try decoder.read(),
            minorUnits: try decoder.wide())
    }
}

extension RecordEncoder {
    /// 128 bits: the high half signed, the low half not.
    fileprivate mutating func wide(_ number: Int128) {
        signed(Int64(truncatingIfNeeded: number >> 64))
        unsigned(UInt64(truncatingIfNeeded: number))
    }
}

extension RecordDecoder {
    fileprivate mutating func wide() throws(RecordError) -> Int128 {
        let high = try signed()
        return Int128(high) << 64 | Int128(try unsigned())
    }
}

extension Person: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(login)
        encoder.write(name)
        encoder.write(unit)
        encoder.write(superior)
        encoder.write(role)
        encoder.write(zone)
        encoder.write(language)
        encoder.write(passwordHash)
        encoder.write(isActive)
        encoder.write(delegation)
        encoder.write(revision)
        encoder.write(muted.sorted { $0.code < $1.code })
        opportunities.encode(to: &encoder)
        teams.encode(to: &encoder)
        delegators.encode(to: &encoder)
        leads.encode(to: &encoder)
        plannedActivities.encode(to: &encoder)
        headOf.encode(to: &encoder)
        reports.encode(to: &encoder)
        submitted.encode(to: &encoder)
        asked.encode(to: &encoder)
        encoder.write(delegateIsTold)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(
            restoring: PersonID(number), login: try decoder.read(), name: try decoder.read(),
            unit: try decoder.read(), superior: try decoder.read(), role: try decoder.read(),
            zone: try decoder.read(), language: try decoder.read(),
            passwordHash: try decoder.read(), isActive: try decoder.read(),
            delegation: try decoder.read(), revision: try decoder.read(),
            muted: try decoder.muted(),
            opportunities: try OrderedIDs(reading: &decoder, upTo: scope.opportunities),
            teams: try OrderedIDs(reading: &decoder, upTo: scope.opportunities),
            delegators: try OrderedIDs(reading: &decoder, upTo: scope.persons),
            leads: try OrderedIDs(reading: &decoder, upTo: scope.leads),
            plannedActivities: try OrderedIDs(reading: &decoder, upTo: scope.activities),
            headOf: try OrderedIDs(reading: &decoder, upTo: scope.units),
            reports: try OrderedIDs(reading: &decoder, upTo: scope.persons),
            submitted: try OrderedIDs(reading: &decoder, upTo: scope.approvals),
            asked: try OrderedIDs(reading: &decoder, upTo: scope.approvals),
            delegationIsTold: try decoder.read())
        try decoder.require(
            scope.has(unit) && (superior.map { scope.has($0) } ?? true)
                && (delegation.map { scope.has($0.to) } ?? true) && scope.hasActor(revision),
            "a person's reference")
    }
}

extension RecordDecoder {
    fileprivate mutating func muted() throws(RecordError) -> Set<Notification.Kind> {
        let kinds: [Notification.Kind] = try read()
        for (left, right) in zip(kinds, kinds.dropFirst()) {
            try require(left.code < right.code, "a list of notifications")
        }
        return Set(kinds)
    }
}

extension Inbox: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) {
        encoder.count(rows.count)
        rows.images(\.code) { image, bytes in
            encoder.unsigned(UInt64(image.open))
            encoder.count(bytes.count)
            bytes.withUnsafeBufferPointer { encoder.append($0) }
            encoder.count(image.others.count)
            for (place, told) in image.others {
                encoder.byte(UInt8(place))
                encoder.write(told)
                encoder.write(told.digest)
            }
        }
        encoder.write(acknowledgedUpTo)
        encoder.write(deliveredUpTo)
        encoder.write(late)
    }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        try decoder.require(
            decoder.version == SnapshotTable.withImages, "the layout of inboxes, an older one")
        let limits = InboxRows.Limits(
            opportunities: scope.opportunities, approvals: scope.approvals, persons: scope.persons)
        let count = try decoder.count()
        var rows = InboxRows()
        for _ in 0..<InboxRows.chunkCount(count) {
            let open: UInt32 = try decoder.unsigned("a chunk's open rows")
            let start = decoder.offset
            let bytes = try decoder.bytes(try decoder.count())
            let image = InboxImage(open: open, others: try decoder.others(scope))
            let isSound = rows.append(
                restoring: image, bytes, missing: count - rows.count, limits,
                Notification.Kind.member)
            guard isSound else {
                throw RecordError(.outOfRange("the rows of an inbox"), at: start)
            }
        }
        self.init(
            restoring: rows, acknowledgedUpTo: try decoder.read(),
            deliveredUpTo: try decoder.read(), late: try decoder.read())
        try decoder.require(
            acknowledgedUpTo <= last && deliveredUpTo <= last && scope.has(late),
            "a place in an inbox")
    }
}

extension RecordDecoder {
    fileprivate mutating func others(
        _ scope: SnapshotScope
    ) throws(RecordError) -> [(place: Int, told: Notification)] {
        var others: [(place: Int, told: Notification)] = []
        for _ in 0..<(try count()) {
            let place = Int(try byte())
            try require(others.last.map { $0.place < place } ?? true, "rows out of their order")
            let notification: Notification = try read()
            let digest: LateDigest? = try read()
            let told = digest.map { Notification(restoring: $0) } ?? notification
            try require(
                scope.has(told) && notification.kind == told.kind, "a notification's reference")
            others.append((place, told))
        }
        return others
    }
}

extension SnapshotScope {
    fileprivate func has(_ notification: Notification) -> Bool {
        let isContactKnown =
            switch notification.contact {
            case .left(let contact): has(contact)
            case .moved(let contact, let customer): has(contact) && has(customer)
            case .replaced(let contact, let other): has(contact) && (other.map { has($0) } ?? true)
            case nil: true
            }
        return isContactKnown && (notification.opportunity.map { has($0) } ?? true)
            && (notification.approval.map { has($0) } ?? true)
            && (notification.by.map { hasActor($0) } ?? true)
            && (notification.digest.map { has($0) } ?? true)
    }
}

extension RequestMemory: SnapshotRow {
    func encode(to encoder: inout RecordEncoder) { encoder.write(entries) }

    init(
        reading decoder: inout RecordDecoder, number: UInt32, _ scope: SnapshotScope
    ) throws(RecordError) {
        self.init(restoring: try decoder.read())
    }
}

extension RequestMemory.Entry: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(token)
        encoder.write(at)
        encoder.write(answer != nil)
        guard let answer else { return }
        encoder.fixed64(answer.fingerprint)
        encoder.write(answer.answer.fields)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let token: String = try decoder.read()
        let at: Instant = try decoder.read()
        var answer: RememberedAnswer?
        if try decoder.flag() {
            answer = RememberedAnswer(
                token: token, fingerprint: try decoder.fixed64(),
                answer: Answer(try decoder.read()))
        }
        self.init(token: token, at: at, answer: answer)
    }
}

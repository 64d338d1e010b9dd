import PipelineDomain

extension Founding: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(company)
        encoder.write(currency)
        encoder.write(zone)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            company: try decoder.read(), currency: try decoder.read(), zone: try decoder.read())
    }
}

extension UnitEvent: RecordPayload {
    var tag: RecordTag.Unit {
        switch self {
        case .created: .created
        case .renamed: .renamed
        case .moved: .moved
        case .headChanged: .headChanged
        case .deactivated: .deactivated
        case .merged: .merged
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let name, let kind, let parent, let head):
            encoder.write(name)
            encoder.write(kind)
            encoder.write(parent)
            encoder.write(head)
        case .renamed(let change): encoder.write(change)
        case .moved(let change): encoder.write(change)
        case .headChanged(let change): encoder.write(change)
        case .deactivated: break
        case .merged(let merger):
            encoder.write(merger.into)
            encoder.write(merger.dropping)
        }
    }

    init(_ tag: RecordTag.Unit, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created:
            self = .created(
                name: try decoder.read(), kind: try decoder.read(), parent: try decoder.read(),
                head: try decoder.read())
        case .renamed: self = .renamed(try decoder.read())
        case .moved: self = .moved(try decoder.read())
        case .headChanged: self = .headChanged(try decoder.read())
        case .deactivated: self = .deactivated
        case .merged:
            self = .merged(Merger(into: try decoder.read(), dropping: try decoder.read()))
        }
    }
}

extension PersonEvent: RecordPayload {
    var tag: RecordTag.Person {
        switch self {
        case .created: .created
        case .renamed: .renamed
        case .unitChanged: .unitChanged
        case .superiorChanged: .superiorChanged
        case .roleChanged: .roleChanged
        case .zoneChanged: .zoneChanged
        case .languageChanged: .languageChanged
        case .passwordChanged: .passwordChanged
        case .deactivated: .deactivated
        case .activated: .activated
        case .delegated: .delegated
        case .preferenceSet: .preferenceSet
        }
    }

    func encodePayload(to encoder: inout RecordEncoder) {
        switch self {
        case .created(let facts): encoder.write(facts)
        case .renamed(let change): encoder.write(change)
        case .unitChanged(let change): encoder.write(change)
        case .superiorChanged(let change): encoder.write(change)
        case .roleChanged(let change): encoder.write(change)
        case .zoneChanged(let change): encoder.write(change)
        case .languageChanged(let change): encoder.write(change)
        case .passwordChanged(let hash): encoder.write(hash)
        case .deactivated, .activated: break
        case .delegated(let change): encoder.write(change)
        case .preferenceSet(let kind, let change):
            encoder.write(kind)
            encoder.write(change)
        }
    }

    init(_ tag: RecordTag.Person, reading decoder: inout RecordDecoder) throws(RecordError) {
        switch tag {
        case .created: self = .created(try decoder.read())
        case .renamed: self = .renamed(try decoder.read())
        case .unitChanged: self = .unitChanged(try decoder.read())
        case .superiorChanged: self = .superiorChanged(try decoder.read())
        case .roleChanged: self = .roleChanged(try decoder.read())
        case .zoneChanged: self = .zoneChanged(try decoder.read())
        case .languageChanged: self = .languageChanged(try decoder.read())
        case .passwordChanged: self = .passwordChanged(hash: try decoder.read())
        case .deactivated: self = .deactivated
        case .activated: self = .activated
        case .delegated: self = .delegated(try decoder.read())
        case .preferenceSet: self = .preferenceSet(try decoder.read(), try decoder.read())
        }
    }
}

extension Delegation: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(to)
        encoder.write(from)
        encoder.write(until)
        encoder.write(starts)
        encoder.write(ends)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            to: try decoder.read(), from: try decoder.read(), until: try decoder.read(),
            starts: try decoder.read(), ends: try decoder.read())
    }
}

extension PersonFacts: RecordValue {
    func encode(to encoder: inout RecordEncoder) {
        encoder.write(login)
        encoder.write(name)
        encoder.write(unit)
        encoder.write(superior)
        encoder.write(role)
        encoder.write(zone)
        encoder.write(language)
        encoder.write(passwordHash)
    }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        self.init(
            login: try decoder.read(), name: try decoder.read(), unit: try decoder.read(),
            superior: try decoder.read(), role: try decoder.read(), zone: try decoder.read(),
            language: try decoder.read(), passwordHash: try decoder.read())
    }
}

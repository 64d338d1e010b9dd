import PipelineDomain
import PipelineProtocol

extension Call {
    func writeMe() {
        let person = self.person
        let waiting = state.requests(for: viewer).count {
            state.isTurn(of: viewer, state.approvals[$0])
        }
        let unread = state.inboxes[viewer].rows.unacknowledged
        write(person, PersonColumn.self, more: 4)
        reply.bulk("company")
        reply.bulk(state.company.name)
        reply.bulk("currency")
        reply.bulk(state.company.currency.code)
        reply.bulk("approvals")
        reply.integer(waiting)
        reply.bulk("unacked")
        reply.integer(unread)
    }

    func writePersons(
        unit: UnitID?, active: Bool?, _ listing: Listing<PersonColumn>
    ) throws(Rejection) {
        var inside: Set<UnitID>?
        if let unit { inside = Set(state.subtree(of: try state.unit(unit).id)) }
        let persons = state.persons
        writeList(persons.ids, listing) { id in
            let person = persons[id]
            let isFound =
                (inside?.contains(person.unit) ?? true)
                && (active.map { $0 == person.isActive } ?? true)
            return isFound ? person : nil
        }
    }

    /// A flat array, parents before children; `depth` counts from 0 at the asked unit.
    func writeTree(_ root: UnitID, depth limit: Int?, of state: State) throws(Rejection) {
        _ = try state.unit(root)
        var rows: [(unit: UnitID, depth: Int)] = []
        var pending = [(unit: root, depth: 0)]
        while let next = pending.popLast() {
            rows.append(next)
            guard next.depth < limit ?? .max else { continue }
            for child in state.units[next.unit].children.reversed() {
                pending.append((child, next.depth + 1))
            }
        }
        reply.array(rows.count)
        for row in rows { writeUnit(state.units[row.unit], depth: row.depth) }
    }

    func writeUnit(_ id: UnitID) throws(Rejection) {
        let unit = try state.unit(id)
        writeUnit(unit, depth: Array(state.path(from: id)).count - 1)
    }

    private func writeUnit(_ unit: Unit, depth: Int) {
        reply.map(10)
        reply.bulk("id")
        reply.bulk(unit.id)
        reply.bulk("name")
        reply.bulk(unit.name)
        reply.bulk("kind")
        reply.bulk(unit.kind.rawValue)
        reply.bulk("parent")
        reply.optional(unit.parent)
        reply.bulk("head")
        reply.optional(unit.head)
        reply.bulk("depth")
        reply.integer(depth)
        reply.bulk("people")
        reply.integer(unit.members.count)
        reply.bulk("rev")
        reply.integer(unit.revision.number)
        reply.bulk("active")
        reply.boolean(unit.isActive)
        reply.bulk("mergedInto")
        reply.optional(unit.merger?.into)
    }
}

/// What the directory tells of a person.
enum PersonColumn: String, NodeColumn {
    typealias Row = Person
    case id, login, name, unit, superior, approver, role, tz, lang, active, delegate, delegateFrom
    case delegateUntil, rev

    func value(of person: Person, in call: Call) -> Node {
        switch self {
        case .id: .id(person.id)
        case .login: .text(person.login)
        case .name: .text(person.name)
        case .unit: .id(person.unit)
        case .superior: .optional(person.superior)
        case .approver: .optional(call.state.superior(of: person.id))
        case .role: .text(person.role.rawValue)
        case .tz: .text(person.zone)
        case .lang: .text(person.language.rawValue)
        case .active: .boolean(person.isActive)
        case .delegate: .optional(person.delegation?.to)
        case .delegateFrom: .optional(person.delegation?.from.description)
        case .delegateUntil: .optional(person.delegation?.until.description)
        case .rev: .count(person.revision.number)
        }
    }
}

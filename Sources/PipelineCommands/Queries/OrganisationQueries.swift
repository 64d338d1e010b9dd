import PipelineDomain
import PipelineProtocol

extension Call {
    func writeMe() {
        let person = self.person
        let waiting = state.requests(for: viewer).count {
            state.isTurn(of: viewer, state.approvals[$0])
        }
        let unread = state.inboxes[viewer].rows.unacknowledged
        reply.map(Self.personFields + 4)
        writePersonFields(person)
        reply.bulk("company")
        reply.bulk(state.company.name)
        reply.bulk("currency")
        reply.bulk(state.company.currency.code)
        reply.bulk("approvals")
        reply.integer(waiting)
        reply.bulk("unacked")
        reply.integer(unread)
    }

    func writePerson(_ person: Person) {
        reply.map(Self.personFields)
        writePersonFields(person)
    }

    private static var personFields: Int { 14 }

    private func writePersonFields(_ person: Person) {
        reply.bulk("id")
        reply.bulk(person.id)
        reply.bulk("login")
        reply.bulk(person.login)
        reply.bulk("name")
        reply.bulk(person.name)
        reply.bulk("unit")
        reply.bulk(person.unit)
        reply.bulk("superior")
        reply.optional(person.superior)
        reply.bulk("approver")
        reply.optional(state.superior(of: person.id))
        reply.bulk("role")
        reply.bulk(person.role.rawValue)
        reply.bulk("tz")
        reply.bulk(person.zone)
        reply.bulk("lang")
        reply.bulk(person.language.rawValue)
        reply.bulk("active")
        reply.boolean(person.isActive)
        reply.bulk("delegate")
        reply.optional(person.delegation?.to)
        reply.bulk("delegateFrom")
        reply.optional(person.delegation?.from.description)
        reply.bulk("delegateUntil")
        reply.optional(person.delegation?.until.description)
        reply.bulk("rev")
        reply.integer(person.revision.number)
    }

    func writePersons(unit: UnitID?, active: Bool?, page: Page) throws(Rejection) {
        var inside: Set<UnitID>?
        if let unit { inside = Set(state.subtree(of: try state.unit(unit).id)) }
        let persons = state.persons
        writeList(
            persons.ids, page,
            row: { id in
                let person = persons[id]
                let isFound =
                    (inside?.contains(person.unit) ?? true)
                    && (active.map { $0 == person.isActive } ?? true)
                return isFound ? person : nil
            }, write: writePerson)
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

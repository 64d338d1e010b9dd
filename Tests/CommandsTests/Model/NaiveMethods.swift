/// Processes put down, published and left for a newer version (D-3, D-7), and rates (D-36).
extension NaiveCompany {
    mutating func putProcess(
        _ operation: Operation, _ key: String, _ definition: NaiveProcess
    ) throws(Refused) -> NaiveAnswer {
        try requireAdmin(operation.actor)
        let place = processes.firstIndex { $0.key == key }
        if let place { try requireRevision(operation.expectedRevision, processes[place].rev) }
        try requireReferences(definition)
        if place == nil { processes.append(Process(key: key)) }
        let index = place ?? processes.count - 1
        processes[index].draft = definition
        processes[index].rev += 1
        return NaiveAnswer("p\(index + 1)", processes[index].rev, creates: place == nil)
            .with("key", key)
    }

    /// What it names is there, and a designate active.
    private func requireReferences(_ definition: NaiveProcess) throws(Refused) {
        let gates = definition.stages.map(\.gate) + definition.transitions.compactMap(\.gate)
        let areKnown =
            definition.units.allSatisfy { $0 <= units.count }
            && definition.persons.allSatisfy { $0 <= persons.count }
            && gates.compactMap(\.designate).allSatisfy {
                $0 <= persons.count && person($0).isActive
            }
        if !areKnown { throw Refused(.invalid) }
    }

    mutating func publish(_ operation: Operation, _ id: Int, allowsDip: Bool) throws(Refused)
        -> NaiveAnswer
    {
        try known(id, of: processes.count)
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, processes[id - 1].rev)
        guard let draft = processes[id - 1].draft else { throw Refused(.conflict) }
        try requireReferences(draft)
        let rates = draft.stages.map(\.winRate)
        if draft.isLinear, !allowsDip, rates != rates.sorted() { throw Refused(.invalid) }
        processes[id - 1].versions.append(draft)
        processes[id - 1].draft = nil
        processes[id - 1].rev += 1
        return NaiveAnswer("p\(id)", processes[id - 1].rev).with("key", processes[id - 1].key)
            .with("version", "\(processes[id - 1].versions.count)")
    }

    /// Deals that wait for an approval stay; every stage in use has to be mapped.
    mutating func migrate(
        _ operation: Operation, _ id: Int, from: Int, to: Int, map: [Operation.Value]
    ) throws(Refused) -> NaiveAnswer {
        try known(id, of: processes.count)
        let versions = processes[id - 1].versions
        for one in [from, to] { try known(one, of: versions.count) }
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, processes[id - 1].rev)
        let moving = deals.indices.filter {
            deals[$0].process == id && deals[$0].version == from && deals[$0].outcome == "open"
        }
        let (old, new) = (versions[from - 1], versions[to - 1])
        let keys = map.map(\.key)
        guard from != to, keys.allSatisfy({ old.place($0) != nil }),
            map.allSatisfy({ new.place($0.text) != nil }), Set(keys).count == keys.count,
            moving.allSatisfy({ keys.contains(deals[$0].stage) })
        else { throw Refused(.invalid) }
        let waiting = moving.filter { deals[$0].pending != nil }
        for index in moving where deals[index].pending == nil {
            deals[index] = migrated(deals[index], old, new, to: to, map)
            func goal(_ key: String) -> String { map.first { $0.key == key }?.text ?? key }
            for request in approvals.indices where approvals[request].deal == index + 1 {
                approvals[request].stage = goal(approvals[request].stage)
                if case .stage(let key) = approvals[request].aim {
                    approvals[request].aim = .stage(goal(key))
                }
            }
        }
        return NaiveAnswer("p\(id)", processes[id - 1].rev).with("key", processes[id - 1].key)
            .with("version", "\(to)").with("migrated", "\(moving.count - waiting.count)")
            .with("remaining", "0").with("pending", Self.list("o", waiting.map { $0 + 1 }))
    }

    /// Feedback and tasks stay where the stage that they go to knows their key; what the present stage
    /// holds comes before what another one brings to the same place.
    private func migrated(
        _ deal: Deal, _ old: NaiveProcess, _ new: NaiveProcess, to version: Int,
        _ map: [Operation.Value]
    ) -> Deal {
        func goal(_ key: String) -> String { map.first { $0.key == key }?.text ?? key }
        var next = deal
        next.version = version
        next.stage = goal(deal.stage)
        next.feedback = [:]
        next.done = []
        next.entered = Set(deal.entered.map(goal).filter { new.place($0) != nil })
        next.entered.insert(next.stage)
        next.rev += 1
        for stage in old.stages.filter({ $0.key != deal.stage })
            + old.stages.filter({ $0.key == deal.stage })
        {
            guard let place = new.place(goal(stage.key)) else { continue }
            let target = new.stages[place]
            for field in stage.feedback {
                guard let value = deal.feedback["\(stage.key)/\(field.key)"],
                    let kept = target.feedback.first(where: {
                        $0.key == field.key && $0.type == field.type
                    }), kept.type != "choice" || kept.choices.contains(value)
                else { continue }
                next.feedback["\(target.key)/\(field.key)"] = value
            }
            for task in stage.tasks
            where deal.done.contains("\(stage.key)/\(task.key)")
                && target.tasks.contains(where: { $0.key == task.key })
            {
                next.done.insert("\(target.key)/\(task.key)")
            }
        }
        return next
    }

    mutating func setRate(
        _ operation: Operation, _ code: String, from day: Int, scaled: Int
    ) throws(Refused) -> NaiveAnswer {
        try requireAdmin(operation.actor)
        try requireRevision(operation.expectedRevision, rateRevs[code] ?? 0)
        if code == "CNY" { throw Refused(.invalid) }
        let known = rates[code]?.first { $0.from == day }
        if known?.scaled != scaled {
            rates[code, default: []].removeAll { $0.from == day }
            rates[code, default: []].append((day, scaled))
            rateRevs[code, default: 0] += 1
        }
        return NaiveAnswer(code, rateRevs[code] ?? 0)
    }
}

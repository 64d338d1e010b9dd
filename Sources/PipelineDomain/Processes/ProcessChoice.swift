/// What a new deal is like, as far as choosing its process goes (D-1).
struct DealTraits {
    let owner: PersonID
    let unit: UnitID
    let customerType: String?
    let industry: String?
    let product: String?
}

extension State {
    /// The published process of a new deal: the named one if it applies, else the most specific one
    /// that does (D-1).
    func chooseProcess(
        _ named: ProcessReference?, for traits: DealTraits
    ) throws(Rejection) -> ProcessVersion {
        if let named {
            let process = try process(named)
            guard let current = process.current else {
                throw .invalid("PROCESS", "'\(process.key)' is not published; PROCESS.PUBLISH it")
            }
            guard specificity(of: versions[current], for: traits) != nil else {
                throw .invalid("PROCESS", "'\(process.key)' does not apply to this deal")
            }
            return versions[current]
        }
        var best: [(version: ProcessVersion, specificity: Specificity)] = []
        for id in processes.ids {
            guard let current = processes[id].current,
                let specificity = specificity(of: versions[current], for: traits)
            else { continue }
            if let top = best.first, specificity < top.specificity { continue }
            if let top = best.first, top.specificity < specificity { best.removeAll() }
            best.append((versions[current], specificity))
        }
        guard let chosen = best.first else {
            throw .invalid("PROCESS", "no published process applies to this deal")
        }
        guard best.count == 1 else { throw .ambiguousProcess(best.map(\.version.key).sorted()) }
        return chosen.version
    }

    /// How closely the process fits; `nil` where it does not apply.
    private func specificity(of version: ProcessVersion, for traits: DealTraits) -> Specificity? {
        let scope = version.definition.appliesTo
        let named = units(of: version)
        var nearness = Int.min
        if scope.persons.contains(traits.owner) {
            nearness = 1
        } else if let distance = path(from: traits.unit).enumerated()
            .first(where: { named.contains($0.element) })?.offset
        {
            nearness = -distance
        } else if !scope.persons.isEmpty || !scope.units.isEmpty {
            return nil
        }
        var matches = 0
        for (list, trait) in [
            (scope.customerTypes, traits.customerType), (scope.industries, traits.industry),
            (scope.products, traits.product),
        ] where !list.isEmpty {
            guard let trait, list.contains(where: { folded($0) == folded(trait) }) else {
                return nil
            }
            matches += 1
        }
        return Specificity(nearness: nearness, matches: matches)
    }
}

/// A named person before any unit, a nearer unit before a farther, then more matching lists (D-1).
private struct Specificity: Comparable {
    let nearness: Int
    let matches: Int

    static func < (left: Self, right: Self) -> Bool {
        (left.nearness, left.matches) < (right.nearness, right.matches)
    }
}

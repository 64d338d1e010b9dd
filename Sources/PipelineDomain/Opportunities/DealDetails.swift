extension Opportunity {
    /// (amount − cost) ÷ cost in percent with two decimals, as in `25.00`, half up (D-10); `nil` where
    /// either is unknown or the cost is 0.
    public var roi: String? { roiInHundredths.map { Decimal.text($0, digits: 2) } }

    /// The same as a whole number, by which deals are ordered: it may be beyond 64 bits.
    public var roiInHundredths: Int128? {
        guard let amount, let cost, cost.minorUnits > 0, amount.currency == cost.currency else {
            return nil
        }
        let gain = Int128(amount.minorUnits) - Int128(cost.minorUnits)
        return Decimal.rounded(gain * 10_000, by: Int128(cost.minorUnits))
    }

    mutating func add(tag: String) {
        let place = tags.firstIndex {
            tag.unicodeScalars.lexicographicallyPrecedes($0.unicodeScalars)
        }
        tags.insert(tag, at: place ?? tags.count)
    }

    /// Tags are the same whatever their case.
    public func hasTag(_ text: String) -> Bool { tag(text) != nil }

    /// The tag as it is written on the deal, whatever the case it is asked for in.
    fileprivate func tag(_ text: String) -> String? {
        tags.first { folded($0) == folded(text) }
    }
}

/// `OPP.TAG`: adds and removes a tag; allowed while an approval is pending (D-10, D-25).
public struct TagOpportunity: Intent {
    let opportunity: OpportunityID
    let adding: String?
    let removing: String?

    public init(opportunity: OpportunityID, adding: String?, removing: String?) {
        self.opportunity = opportunity
        self.adding = adding
        self.removing = removing
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.changeable(opportunity, context, "tag")
        var events: [OpportunityEvent] = []
        var faults: [Rejection.Fault] = []
        if let removing {
            if let tag = deal.tag(removing) {
                events.append(.tagRemoved(tag))
            } else {
                faults.append(.init("REMOVE", "\(deal.id) has no tag '\(removing)'"))
            }
        }
        if let adding {
            let known = deal.tag(adding)
            let isGoing = known != nil && known == removing.flatMap(deal.tag)
            if adding.contains(where: { $0 == "," || $0 == "，" }) {
                faults.append(.init("ADD", "a tag has no comma in it"))
            } else if known == nil || isGoing {
                events.append(.tagAdded(adding))
            }
            if known == nil, removing == nil, deal.tags.count >= Bounds.tagsPerDeal {
                faults.append(.init("ADD", "a deal has at most \(Bounds.tagsPerDeal) tags"))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return Decision(.opportunity(deal.id), events.map { .opportunity(deal.id, $0) })
    }
}

/// What a deal has beside its plain fields, as OPP.CREATE and OPP.UPDATE are given it (D-10).
public struct DealDetails: Sendable {
    public var competitors: [String]?
    /// `.some(nil)` clears.
    public var cost: Amount??
    /// All tags that the deal is to have.
    public var tags: [String]?
    /// Custom fields; an empty text clears.
    public var custom: [(key: String, value: String)]

    public init(
        competitors: [String]? = nil, cost: Amount?? = nil, tags: [String]? = nil,
        custom: [(key: String, value: String)] = []
    ) {
        self.competitors = competitors
        self.cost = cost
        self.tags = tags
        self.custom = custom
    }

    var isEmpty: Bool { competitors == nil && cost == nil && tags == nil && custom.isEmpty }

    /// What changes by them; `deal` is `nil` for one that is being entered.
    func events(
        of deal: Opportunity?, in currency: Currency, _ state: State
    ) throws(Rejection) -> [OpportunityEvent] {
        var events: [OpportunityEvent] = []
        var faults: [Rejection.Fault] = []
        let known = deal?.competitors ?? []
        if let competitors, competitors != known {
            events.append(.competitorsChanged(Change(from: known, to: competitors)))
        }
        let oldCost = deal?.cost
        if let cost {
            do throws(AmountProblem) {
                let money = try cost?.money(in: currency)
                if money != oldCost {
                    events.append(.costChanged(Change(from: oldCost, to: money)))
                }
            } catch {
                faults.append(.init("COST", error.text(currency.code)))
            }
        } else if let oldCost, oldCost.currency != currency {
            faults.append(
                .init(
                    "COST", "give COST as well: an amount is never carried into another currency"))
        }
        if let tags { events += tagEvents(from: deal?.tags ?? [], to: tags) }
        if !custom.isEmpty {
            let values = state.customValues(
                custom, .opportunity, now: deal?.custom ?? [:], in: currency)
            faults += values.faults
            events += values.changes.map { .customChanged($0.key, $0.change) }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return events
    }

    /// Those that go, then those that come; one that is there stays as it was written first.
    private func tagEvents(from old: [String], to wanted: [String]) -> [OpportunityEvent] {
        let kept = Set(wanted.map(folded))
        var present = Set(old.map(folded))
        let gone = old.filter { !kept.contains(folded($0)) }
        let added = wanted.filter { present.insert(folded($0)).inserted }
        return gone.map { .tagRemoved($0) } + added.map { .tagAdded($0) }
    }
}

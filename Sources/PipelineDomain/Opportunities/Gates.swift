extension State {
    /// Everything that the deal still lacks to leave its stage forward, approval aside (D-11).
    public func missing(of deal: Opportunity) -> [Rejection.Missing] {
        let stage = deal.currentStage
        var missing: [Rejection.Missing] = []
        for field in stage.feedback where field.required {
            if deal.feedback[StageItem(stage: stage.key, key: field.key)] == nil {
                missing.append(.feedback(key: field.key, name: field.name))
            }
        }
        for task in stage.tasks where task.required {
            if deal.tasksDone[StageItem(stage: stage.key, key: task.key)] == nil {
                missing.append(.task(key: task.key, name: task.name))
            }
        }
        for requirement in stage.requires where !isFilled(requirement, of: deal) {
            missing.append(.field(requirement))
        }
        return missing
    }

    private func isFilled(_ requirement: Requirement, of deal: Opportunity) -> Bool {
        let customer = customers[deal.customer]
        return switch requirement {
        case .amount: deal.amount != nil
        case .close: deal.close != nil
        case .source: deal[.source] != nil
        case .industry: deal[.industry] != nil
        case .product: deal[.product] != nil
        case .region: deal[.region] != nil
        case .channel: deal[.channel] != nil
        case .customerType: customer[.type] != nil
        case .customerIndustry: customer[.industry] != nil
        case .customerAddress: customer[.address] != nil
        case .customerPhone: customer[.phone] != nil
        case .customerWebsite: customer[.website] != nil
        case .contactDecisionMaker: hasContact(.decisionMaker, deal)
        case .contactSponsor: hasContact(.sponsor, deal)
        case .contactInfluencer: hasContact(.influencer, deal)
        case .contactUser: hasContact(.user, deal)
        }
    }

    /// Who must say yes before the deal passes the gate: resolved at submission and frozen (D-18).
    struct Deciders {
        var approvers: [PersonID]
        var endsAutomatically: Bool
    }

    /// `nil` where the gate asks nobody. Owner and submitter are skipped everywhere (D-19, D-20).
    func deciders(
        at gate: Gate, of deal: Opportunity, submitter: PersonID, on day: Day
    ) throws(Rejection) -> Deciders? {
        guard gate.approval == .superior else { return nil }
        let wanted = levels(of: gate, amount: deal.amount, on: day)
        let candidates = chain(above: deal.owner).filter { $0 != submitter }
        var approvers = Array(candidates.prefix(wanted))
        guard approvers.count < wanted else {
            return Deciders(approvers: approvers, endsAutomatically: false)
        }
        switch gate.onNoSuperior {
        case .refuse: break
        case .auto: return Deciders(approvers: approvers, endsAutomatically: true)
        case .designate:
            guard let designate = gate.designate, persons[designate].isActive,
                designate != deal.owner, designate != submitter
            else { break }
            if !approvers.contains(designate) { approvers.append(designate) }
            return Deciders(approvers: approvers, endsAutomatically: false)
        }
        throw .noSuperior(opportunity: deal.id, stage: deal.currentStage.key)
    }

    /// How many superiors in turn the amount needs, at the rate of the day (D-18, D-23). An amount that
    /// cannot be told in the company's currency counts as the highest: asking one person too many
    /// loses nothing.
    func levels(of gate: Gate, amount: Money?, on day: Day) -> Int {
        guard let top = gate.levels.last else { return 1 }
        guard let amount else { return gate.levels.first?.count ?? 1 }
        guard let conversion = conversion(of: amount.currency, on: day) else { return top.count }
        var converted = ExactSum()
        converted.add(Int128(amount.minorUnits), conversion)
        return gate.levels.last { converted.reaches($0.fromMinorUnits) }?.count ?? 1
    }
}

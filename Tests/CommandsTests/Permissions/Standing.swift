/// What somebody is to the deal, the lead and the request of a `TreeCompany`, and what that allows by
/// the words of D-32 and D-33. Nothing of the program is asked.
struct Standing {
    enum Verdict { case may, notPermitted, absent }

    let isOwner: Bool
    let isAbove: Bool
    let isAdmin: Bool
    let isExecutive: Bool
    let isOnTeam: Bool
    let isSubmitter: Bool
    let isBelow: Bool
    /// The approver whose turn it is, who stands in for them, or whom T2 has added.
    let decides: Bool
    let hasRequest: Bool
    /// Whether the owner heads a unit of their own.
    let isHead: Bool

    init(_ login: String, in company: TreeCompany) {
        isOwner = login == company.ownerLogin
        isAbove = company.isAbove(login)
        isAdmin = login == "root"
        isExecutive = login == "eve"
        isOnTeam = login == "tea"
        isSubmitter = login == company.submitter
        isBelow = company.isBelow(login)
        decides =
            company.approver == login || company.approver != nil && login == "dele"
            || company.escalated == login
        hasRequest = company.submitter != nil
        isHead = company.mode == .heads
    }

    var seesEverything: Bool { isAdmin || isExecutive }
    /// D-33: owned by them or by somebody below, on their team, to be decided by them.
    var seesDeal: Bool { isOwner || isAbove || seesEverything || isOnTeam || decides }
    var seesLead: Bool { isOwner || isAbove || seesEverything }
    /// D-32: the owner and everyone above.
    var isInCharge: Bool { isOwner || isAbove }
    /// Somebody in the unit is visible: the owner, oneself, or a deal there. Without units of their own
    /// everybody is in the first one.
    var seesUnit: Bool { !isHead || seesDeal || isBelow }
    var seesTarget: Bool { isOwner || isAbove || seesEverything }
    /// The first unit has no head: its targets are the company's.
    var seesUnitTarget: Bool { isHead ? seesTarget : seesEverything }
    var seesRequest: Bool { hasRequest && (seesDeal || isSubmitter) }

    /// What a command asks for.
    enum Right {
        case everyone, admin
        case seeDeal, changeDeal, governDeal, markTask, recall
        case seeRequest, decide, reroute
        case seeLead, changeLead, giveLead
        /// Customers are in the directory: visible to all, changed by few.
        case changeCustomer
        case seeContact, changeContact
        /// The owner of the deal is the person concerned.
        case ownerOrAdmin, ownerOrAbove
        /// Of the owner's unit.
        case seeUnit
        /// D-32: everyone above the holder, an admin.
        case setTarget, setUnitTarget
        case seeTarget, seeUnitTarget
    }

    func verdict(_ right: Right) -> Verdict {
        switch right {
        case .everyone: .may
        case .admin: isAdmin ? .may : .notPermitted
        case .seeDeal: seesDeal ? .may : .absent
        case .changeDeal: among(seesDeal, isInCharge)
        case .governDeal: among(seesDeal, isAbove || isAdmin)
        case .markTask: among(seesDeal, isInCharge || isOnTeam)
        case .recall: among(seesDeal || isSubmitter, isSubmitter || !hasRequest)
        case .seeRequest: seesRequest ? .may : .absent
        case .decide: among(seesRequest, decides)
        case .reroute: among(seesRequest, isAdmin)
        case .seeLead: seesLead ? .may : .absent
        case .changeLead: among(seesLead, isInCharge)
        case .giveLead: among(seesLead, isAbove || isAdmin)
        case .changeCustomer: isInCharge || isAdmin ? .may : .notPermitted
        case .seeContact: seesDeal ? .may : .absent
        case .changeContact: among(seesDeal, isInCharge || isAdmin)
        case .ownerOrAdmin: isOwner || isAdmin ? .may : .notPermitted
        case .ownerOrAbove: isOwner || isAbove || seesEverything ? .may : .notPermitted
        case .seeUnit: seesUnit ? .may : .absent
        case .setTarget: isAbove || isAdmin ? .may : .notPermitted
        case .setUnitTarget: isHead && isAbove || isAdmin ? .may : .notPermitted
        case .seeTarget: seesTarget ? .may : .absent
        case .seeUnitTarget: seesUnitTarget ? .may : .absent
        }
    }

    private func among(_ sees: Bool, _ may: Bool) -> Verdict {
        sees ? (may ? .may : .notPermitted) : .absent
    }
}

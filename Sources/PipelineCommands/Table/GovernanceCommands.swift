import PipelineDomain

extension CommandTable {
    private static let above = "everyone above the owner, admin"

    /// What is decided over a deal's owner, and who stands in for whom.
    static let governance: [Command] = [
        .write(
            "OPP.TRANSFER", "Gives an open deal to another owner; stage and history stay.",
            .opportunity, rights: above,
            .required("opportunity", .opportunity), .keyword("TO", .person)
        ) { opportunity, owner in TransferOpportunity(opportunity: opportunity, to: owner) },
        .write(
            "OPP.TEAM", "Puts a person on a deal's team in a role, or takes them off it.",
            .opportunity, rights: "the owner and everyone above",
            .required("opportunity", .opportunity), .option("ADD", .person),
            .option("ROLE", .name), .option("REMOVE", .person)
        ) { (opportunity, add, role, remove) throws(ArgumentError) -> ChangeTeam in
            switch (add, role, remove) {
            case (let person?, let role?, nil):
                ChangeTeam(opportunity: opportunity, wish: .add(person, role: role))
            case (nil, nil, let person?):
                ChangeTeam(opportunity: opportunity, wish: .remove(person))
            case (_?, nil, nil): throw .missingKeyword(["ROLE"])
            default: throw .missingKeyword(["ADD with ROLE, or REMOVE"])
            }
        },
        .write(
            "PERSON.DEACTIVATE",
            "Ends a person's access; open deals go to DEALS-TO, requests to other deciders.",
            .organisation, rights: "admin",
            .required("person", .person), .option("DEALS-TO", .person)
        ) { person, heir in DeactivatePerson(person: person, dealsTo: heir) },
        .write(
            "PERSON.ACTIVATE", "Lets a deactivated person log in again.", .organisation,
            rights: "admin",
            .required("person", .person)
        ) { person in ActivatePerson(person: person) },
        .write(
            "PERSON.DELEGATE",
            "Names who decides requests in a person's place from one date to another, or nobody.",
            .organisation, rights: "the person, admin",
            .required("person", .person), .option("TO", .person), .option("FROM", .day),
            .option("UNTIL", .day), .flag("CLEAR")
        ) { (person, to, from, until, clear) throws(ArgumentError) -> DelegatePerson in
            switch (to, from, until, clear) {
            case (let to?, let from?, let until?, false):
                return DelegatePerson(person: person, wish: .to(to, from: from, until: until))
            case (nil, nil, nil, true): return DelegatePerson(person: person, wish: .clear)
            case (_, _, _, true): throw .missingKeyword(["CLEAR alone"])
            default:
                let given = [("TO", to != nil), ("FROM", from != nil), ("UNTIL", until != nil)]
                throw .missingKeyword(given.filter { !$0.1 }.map(\.0))
            }
        },
        .write(
            "APPROVAL.REROUTE", "Puts a pending request to somebody else, saying why.", .approval,
            rights: "admin",
            .required("approval", .approval), .keyword("TO", .person), .keyword("REASON", .note)
        ) { approval, person, reason in
            RerouteApproval(approval: approval, to: person, reason: reason)
        },
        .write(
            "OPP.OVERRIDE", "Moves a deal to any stage past its gates, saying why.", .opportunity,
            rights: above,
            .required("opportunity", .opportunity), .keyword("TO", .key),
            .keyword("REASON", .note)
        ) { opportunity, stage, reason in
            OverrideOpportunity(opportunity: opportunity, to: stage, reason: reason)
        },
        .write(
            "OPP.REOPEN", "Opens a closed deal again, a won one through approval.", .opportunity,
            rights: above,
            .required("opportunity", .opportunity), .keyword("REASON", .note),
            .option("STAGE", .key)
        ) { opportunity, reason, stage in
            ReopenOpportunity(opportunity: opportunity, reason: reason, stage: stage)
        },
    ]
}

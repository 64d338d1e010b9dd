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
    ]
}

import PipelineDomain

extension CommandTable {
    private static let above = "everyone above the owner, admin"

    /// What is decided over a deal's owner, and who stands in for whom.
    static let governance: [Command] = [
        .write(
            "OPP.TRANSFER", "Gives an open deal to another owner; stage and history stay.",
            .opportunity, rights: above,
            .required("opportunity", .opportunity), .keyword("TO", .person)
        ) { opportunity, owner in TransferOpportunity(opportunity: opportunity, to: owner) }
    ]
}

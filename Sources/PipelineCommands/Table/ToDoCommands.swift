import PipelineDomain

extension CommandTable {
    static let toDo: [Command] = [
        .list(
            "TODO.LIST",
            "Lists open tasks, planned activities and approvals that wait for you, by due date.",
            .opportunity, rights: "everyone, for themselves and those below",
            of: ToDoColumn.self,
            .option("OWNER", .person), .period("DUE")
        ) { (call, listing, owner, due) throws(Rejection) in
            try call.scanning(call.state.opportunities.count) { (call) throws(Rejection) in
                try call.writeToDo(of: owner ?? .id(call.viewer), due: due, listing)
            }
        }
    ]
}

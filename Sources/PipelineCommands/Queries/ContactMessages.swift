import PipelineDomain

extension Messages {
    /// What became of a contact, to stand behind the sentence that names the deal (D-40, N-9).
    static func news(
        _ change: ContactChange, _ state: State, in language: Person.Language
    ) -> String {
        let contact = state.contacts[change.contact]
        let name = contact.name
        switch (change, language) {
        case (.left, .en): return ": \(name) has left \(state.customers[contact.customer].name)"
        case (.left, .zh): return "：\(name)已离开\(state.customers[contact.customer].name)"
        case (.moved(_, let customer), .en):
            return ": \(name) works for \(state.customers[customer].name) now"
        case (.moved(_, let customer), .zh):
            return "：\(name)已转到\(state.customers[customer].name)任职"
        case (.replaced(_, let successor?), .en):
            return ": \(name) was replaced by \(state.contacts[successor].name)"
        case (.replaced(_, let successor?), .zh):
            return "：\(name)由\(state.contacts[successor].name)接替"
        case (.replaced(_, nil), .en): return ": \(name) is no longer on it"
        case (.replaced(_, nil), .zh): return "：\(name)不再参与"
        }
    }
}

extension State {
    /// The contact that a notification is about: `change` is `left`, `moved` or `replaced`.
    func node(_ change: ContactChange) -> Node {
        let contact = contacts[change.contact]
        let word: String
        var customer: CustomerID = contact.customer
        var successor: ContactID?
        switch change {
        case .left: word = "left"
        case .moved(_, let to):
            word = "moved"
            customer = to
        case .replaced(_, let by):
            word = "replaced"
            successor = by
        }
        return .map([
            ("id", .text(contact.id.description)), ("name", .text(contact.name)),
            ("change", .text(word)), ("customer", .text(customer.description)),
            ("successor", .optional(successor?.description)),
        ])
    }
}

/// `OPP.NOTE`: whoever sees the deal; allowed while pending and after closing (D-25, D-32). The owner is
/// told, the author of a note that is answered, and whoever is mentioned (D-41): each person once.
public struct AddNote: Intent {
    let opportunity: OpportunityID
    let text: String
    let replyTo: NoteID?
    let mentions: [PersonReference]

    public init(
        opportunity: OpportunityID, text: String, replyTo: NoteID?,
        mentions: [PersonReference] = []
    ) {
        self.opportunity = opportunity
        self.text = text
        self.replyTo = replyTo
        self.mentions = mentions
    }

    public func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        let deal = try state.opportunity(opportunity, for: context.actor)
        if let replyTo, !deal.notes.contains(replyTo) {
            throw .notFound(noun: NoteKind.noun, name: replyTo.description)
        }
        var mentioned: [PersonID] = []
        for reference in mentions {
            let person = try state.person(reference)
            if !mentioned.contains(person.id) { mentioned.append(person.id) }
        }
        try context.check(deal.revision, of: deal.id.description)
        if let inactive = mentioned.first(where: { !state.persons[$0].isActive }) {
            throw .inactive(inactive)
        }
        let faults = faults(mentioned, state, deal)
        guard faults.isEmpty else { throw .invalid(faults) }
        let note = state.notes.nextID
        var events: [Event] = [
            .opportunity(
                deal.id, .noted(note, text: text, replyTo: replyTo, mentions: mentioned))
        ]
        var told: Set<PersonID> = [context.actor]
        for person in mentioned where told.insert(person).inserted {
            events.append(
                state.notify(person, .noteMention, opportunity: deal.id, note: text, context))
        }
        let author = replyTo.map { state.notes[$0].author }
        for person in [deal.owner, author].compactMap(\.self)
        where state.sees(person, deal) && told.insert(person).inserted {
            events.append(
                state.notify(person, .noteAdded, opportunity: deal.id, note: text, context))
        }
        return Decision(
            .opportunity(deal.id), events, createdFields: ["note"],
            answer: [Answer.Field("note", .text(note.description))])
    }

    /// Only somebody who may see the deal is mentioned.
    private func faults(
        _ mentioned: [PersonID], _ state: State, _ deal: Opportunity
    ) -> [Rejection.Fault] {
        let empty: [Rejection.Fault] =
            Optional(text).isBlank ? [.init("text", "must not be empty")] : []
        return empty
            + mentioned.filter { !state.sees($0, deal) }.map {
                .init("MENTION", "\($0) may not see \(deal.id)")
            }
    }
}

/// Who wrote a note; the text stays in the log (W-9).
public struct Note: Sendable {
    public let opportunity: OpportunityID
    public let author: PersonID
    public let replyTo: NoteID?
    public let at: Instant
}

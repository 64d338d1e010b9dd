import PipelineDomain

extension CommandTable {
    static let contacts: [Command] = [
        .write(
            "CONTACT.CREATE", "Adds a person who works for a customer.", .customer,
            rights:
                "who entered the customer, everyone above, who is in charge of a deal with it, admin",
            changesExisting: false,
            .required("customer", .customer), .required("name", .name), .option("TITLE", .field),
            .option("PHONE", .field), .option("EMAIL", .field)
        ) { customer, name, title, phone, email in
            CreateContact(
                customer: customer, name: name, fields: contactFields(title, phone, email))
        },
        .write(
            "CONTACT.UPDATE",
            "Changes a contact; one who leaves or changes employer is told to their deals' owners.",
            .customer, rights: mayChangeContact,
            .required("contact", .contact), .option("NAME", .name), .option("TITLE", .field),
            .option("PHONE", .field), .option("EMAIL", .field),
            .option("LEFT", .choice([("yes", true), ("no", false)])),
            .option("CUSTOMER", .customer)
        ) { contact, name, title, phone, email, left, customer in
            UpdateContact(
                contact: contact, name: name, fields: contactFields(title, phone, email),
                left: left, customer: customer)
        },
        .query(
            "CONTACT.GET", "Shows a contact.", .customer, rights: maySee,
            .required("contact", .contact)
        ) { (call, contact) throws(Rejection) in
            let contact = try call.state.contact(contact, for: call.viewer)
            call.rowsLookedAt += call.state.customers[contact.customer].opportunities.count
            call.write(contact, ContactColumn.self)
        },
        .list(
            "CONTACT.LIST", "Lists the contacts that you see, by id.", .customer, rights: maySee,
            of: ContactColumn.self,
            .option("CUSTOMER", .customer)
        ) { (call, listing, customer) throws(Rejection) in
            try call.writeContacts(of: customer, listing)
        },
        .write(
            "OPP.CONTACT", "Puts a contact on a deal with their part, or takes one off.",
            .opportunity, rights: "the owner and everyone above",
            .required("opportunity", .opportunity), .option("ADD", .contact),
            .option("PART", .oneOf), .option("REMOVE", .contact), .option("SUCCESSOR", .contact)
        ) { (opportunity, add, part: ContactPart?, remove, successor) throws(ArgumentError) in
            try DealContactWish(opportunity, add, part, remove, successor)
        },
    ]

    private static let mayChangeContact =
        "who entered the contact or the customer, everyone above, admin; who is in charge of a deal with the customer: all once who entered it works on none, else what is empty, and LEFT and CUSTOMER of a contact on it"
    private static let maySee =
        "who entered the contact, everyone above, whoever sees the customer's details or a deal that they are on"

    private static func contactFields(
        _ title: String?, _ phone: String?, _ email: String?
    ) -> [Contact.Field: String] {
        var fields: [Contact.Field: String] = [:]
        fields[.title] = title
        fields[.phone] = phone
        fields[.email] = email
        return fields
    }
}

/// What OPP.CONTACT asks for: one of its two forms.
private enum DealContactWish: Intent {
    case add(AddDealContact)
    case remove(RemoveDealContact)

    init(
        _ opportunity: OpportunityID, _ add: ContactID?, _ part: ContactPart?,
        _ remove: ContactID?, _ successor: ContactID?
    ) throws(ArgumentError) {
        switch (add, part, remove, successor) {
        case (let contact?, let part?, nil, nil):
            self = .add(AddDealContact(opportunity: opportunity, contact: contact, part: part))
        case (nil, nil, let contact?, let successor):
            self = .remove(
                RemoveDealContact(
                    opportunity: opportunity, contact: contact, successor: successor))
        case (_?, nil, nil, nil): throw .missingKeyword(["PART"])
        case (nil, _, nil, _): throw .missingKeyword(["ADD or REMOVE"])
        default:
            throw .value(
                argument: "ADD", problem: "is given with PART, REMOVE with or without SUCCESSOR")
        }
    }

    func decide(_ state: State, _ context: Context) throws(Rejection) -> Decision {
        switch self {
        case .add(let wish): try wish.decide(state, context)
        case .remove(let wish): try wish.decide(state, context)
        }
    }
}

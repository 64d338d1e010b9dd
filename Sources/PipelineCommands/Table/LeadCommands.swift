import PipelineDomain

extension CommandTable {
    static let leads: [Command] = changingLeads + readingLeads

    private static let changingLeads: [Command] = [
        .write(
            "LEAD.CREATE", "Enters a lead; the counts are kept for its score.", .customer,
            rights: "everyone; for others: somebody above, admin", changesExisting: false,
            .required("name", .name), .option("COMPANY", .name), .option("SOURCE", .field),
            .option("PHONE", .field), .option("EMAIL", .field), .option("INDUSTRY", .field),
            .option("EMPLOYEES", .measure), .option("VISITS", .measure),
            .option("DOWNLOADS", .measure), .option("ENQUIRIES", .measure),
            .option("OWNER", .person)
        ) {
            name, company, source, phone, email, industry, employees, visits, downloads, enquiries,
            owner in
            var measures: [Lead.Measure: Int] = [:]
            measures[.employees] = employees
            measures[.visits] = visits
            measures[.downloads] = downloads
            measures[.enquiries] = enquiries
            return CreateLead(
                name: name, owner: owner,
                fields: leadFields(company, source, phone, email, industry), measures: measures)
        },
        .write(
            "LEAD.UPDATE", "Changes a lead; an empty value clears a field.", .customer,
            rights: "the owner and everyone above; OWNER: everyone above, admin",
            .required("lead", .lead), .option("NAME", .name), .option("COMPANY", .field),
            .option("SOURCE", .field), .option("PHONE", .field), .option("EMAIL", .field),
            .option("INDUSTRY", .field), .option("EMPLOYEES", .clearable(.measure)),
            .option("VISITS", .clearable(.measure)), .option("DOWNLOADS", .clearable(.measure)),
            .option("ENQUIRIES", .clearable(.measure)), .option("OWNER", .person)
        ) {
            lead, name, company, source, phone, email, industry, employees, visits, downloads,
            enquiries, owner in
            let given: [(Lead.Measure, Int??)] = [
                (.employees, employees), (.visits, visits), (.downloads, downloads),
                (.enquiries, enquiries),
            ]
            var measures: [Lead.Measure: Int?] = [:]
            for case (let measure, let value?) in given {
                measures.updateValue(value, forKey: measure)
            }
            return UpdateLead(
                lead: lead, name: name, owner: owner,
                fields: leadFields(company, source, phone, email, industry), measures: measures)
        },
        .write(
            "LEAD.DISCARD", "Ends a lead that comes to nothing.", .customer,
            rights: "the owner and everyone above",
            .required("lead", .lead), .option("REASON", .name)
        ) { lead, reason in DiscardLead(lead: lead, reason: reason ?? "") },
        .write(
            "LEAD.CONVERT",
            "Turns a lead into a customer, a contact and a deal in stage 1, all in one step.",
            .customer, rights: "the owner and everyone above; OWNER: somebody above, admin",
            .required("lead", .lead), .keyword("TITLE", .name), .option("CUSTOMER", .customer),
            .option("AMOUNT", .amount), .option("CUR", .currency), .option("CLOSE", .day),
            .option("PROCESS", .process), .option("OWNER", .person)
        ) { lead, title, customer, amount, currency, close, process, owner in
            ConvertLead(
                lead: lead, title: title, customer: customer, amount: amount, currency: currency,
                close: close, process: process, owner: owner)
        },
    ]

    private static let readingLeads: [Command] = [
        .query(
            "LEAD.GET", "Shows a lead.", .customer, rights: "its owner and everyone above",
            .required("lead", .lead)
        ) { (call, lead) throws(Rejection) in
            call.writeWholeLead(try call.state.lead(lead, for: call.viewer))
        },
        .list(
            "LEAD.LIST", "Lists the leads that you see, by id.", .customer, of: LeadColumn.self,
            .option("OWNER", .person), .option("STATUS", .oneOf)
        ) { (call, listing, owner, status: Lead.Status?) throws(Rejection) in
            try call.scanning(call.state.leads.count) { (call) throws(Rejection) in
                try call.writeLeads(owner: owner, status: status, listing)
            }
        },
    ]

    private static func leadFields(
        _ company: String?, _ source: String?, _ phone: String?, _ email: String?,
        _ industry: String?
    ) -> [Lead.Field: String] {
        var fields: [Lead.Field: String] = [:]
        fields[.company] = company
        fields[.source] = source
        fields[.phone] = phone
        fields[.email] = email
        fields[.industry] = industry
        return fields
    }
}

extension ValueType where Value == Int {
    /// A count that a lead's score is made of.
    static var measure: Self { .integer("n", in: 0...Bounds.measureMost) }
}

import PipelineDomain

extension CommandTable {
    static let customers: [Command] = [
        .write(
            "CUSTOMER.CREATE", "Adds a customer; names are unique.", .customer,
            rights: "everyone", changesExisting: false,
            .required("name", .name), .option("TYPE", .field), .option("INDUSTRY", .field),
            .option("ADDRESS", .field), .option("PHONE", .field), .option("WEBSITE", .field)
        ) { name, type, industry, address, phone, website in
            CreateCustomer(
                name: name,
                fields: customerFields(type, industry, address, phone, website))
        },
        .write(
            "CUSTOMER.UPDATE", "Changes a customer; an empty value clears a field.", .customer,
            rights: "who entered it, who is in charge of a deal with it, admin",
            .required("customer", .customer), .option("NAME", .name), .option("TYPE", .field),
            .option("INDUSTRY", .field), .option("ADDRESS", .field), .option("PHONE", .field),
            .option("WEBSITE", .field), .pairs("FIELDS", .key, .note, "key", "value")
        ) { customer, name, type, industry, address, phone, website, custom in
            UpdateCustomer(
                customer: customer, name: name,
                fields: customerFields(type, industry, address, phone, website),
                custom: custom.map { (key: $0, value: $1) })
        },
        .query(
            "CUSTOMER.GET", "Shows a customer; details only to those who work with it.", .customer,
            .required("customer", .customer), .counted("WITH", .oneOf)
        ) { (call, customer, parts: [CustomerPart]) throws(Rejection) in
            call.writeCustomer(try call.state.customer(customer), with: parts)
        },
        .query(
            "CUSTOMER.LIST", "Lists customers by id; NAME finds part of a name.", .customer,
            .option("NAME", .name), .limit, .cursor, .count
        ) { (call, name, page, cursor, count) throws(Rejection) in
            let page = try page.scanned(cursor, count)
            try call.scanning(call.state.customers.count) { call in
                call.writeCustomers(name: name, page: page)
            }
        },
    ]

    private static func customerFields(
        _ type: String?, _ industry: String?, _ address: String?, _ phone: String?,
        _ website: String?
    ) -> [Customer.Field: String] {
        var fields: [Customer.Field: String] = [:]
        fields[.type] = type
        fields[.industry] = industry
        fields[.address] = address
        fields[.phone] = phone
        fields[.website] = website
        return fields
    }
}

import PipelineDomain

extension CommandTable {
    static let customers: [Command] = [
        .write(
            "CUSTOMER.CREATE", "Adds a customer; names are unique.", .customer,
            rights: "everyone", changesExisting: false, ownFields: .customer,
            .required("name", .name), .option("TYPE", .field), .option("INDUSTRY", .field),
            .option("ADDRESS", .field), .option("PHONE", .field), .option("WEBSITE", .field),
            .customFields, .ownFields
        ) { name, type, industry, address, phone, website, custom, own in
            CreateCustomer(
                name: name,
                fields: customerFields(type, industry, address, phone, website),
                custom: custom + own)
        },
        .write(
            "CUSTOMER.UPDATE", "Changes a customer; an empty value clears a field.", .customer,
            rights: mayChange, ownFields: .customer,
            .required("customer", .customer), .option("NAME", .name), .option("TYPE", .field),
            .option("INDUSTRY", .field), .option("ADDRESS", .field), .option("PHONE", .field),
            .option("WEBSITE", .field), .customFields, .ownFields
        ) { customer, name, type, industry, address, phone, website, custom, own in
            UpdateCustomer(
                customer: customer, name: name,
                fields: customerFields(type, industry, address, phone, website),
                custom: custom + own)
        },
        .query(
            "CUSTOMER.GET", "Shows a customer; details only to those who work with it.", .customer,
            .required("customer", .customer), .counted("WITH", .oneOf)
        ) { (call, customer, parts: [CustomerPart]) throws(Rejection) in
            call.writeCustomer(try call.state.customer(customer), with: parts)
        },
        .list(
            "CUSTOMER.LIST", "Lists customers by id; NAME finds part of a name.", .customer,
            of: CustomerColumn.self,
            .option("NAME", .name)
        ) { (call, listing, name) throws(Rejection) in
            try call.scanning(call.state.customers.count) { call in
                call.writeCustomers(name: name, listing)
            }
        },
    ]

    private static let mayChange =
        "who entered it, everyone above, admin; who is in charge of a deal with it: all once who entered it works on none, else what is empty"

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

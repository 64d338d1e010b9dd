import PipelineDomain

extension CommandTable {
    static let organisation: [Command] = [
        .query("ME", "Tells who you are, your rights and what waits for you.", .organisation) {
            call in call.writeMe()
        },
        .write(
            "UNIT.CREATE", "Adds a unit to the organisation tree; without PARENT, under the root.",
            .organisation, rights: "admin", changesExisting: false,
            .required("name", .name), .option("PARENT", .unit), .option("KIND", .oneOf),
            .option("HEAD", .person)
        ) { name, parent, kind, head in
            CreateUnit(name: name, parent: parent, kind: kind, head: head)
        },
        .write(
            "UNIT.UPDATE", "Renames or moves a unit, or names its head.", .organisation,
            rights: "admin",
            .required("unit", .unit), .option("NAME", .name), .option("PARENT", .unit),
            .option("HEAD", .personOrNone)
        ) { unit, name, parent, head in
            UpdateUnit(unit: unit, name: name, parent: parent, head: head)
        },
        .write(
            "UNIT.DEACTIVATE", "Closes a unit that nobody is in any more.", .organisation,
            rights: "admin",
            .required("unit", .unit)
        ) { unit in DeactivateUnit(unit: unit) },
        .write(
            "UNIT.MERGE",
            "Moves a unit's people, units and processes into another; DROP names processes that do not follow.",
            .organisation, rights: "admin",
            .required("unit", .unit), .keyword("INTO", .unit), .counted("DROP", .process)
        ) { unit, into, dropping in MergeUnit(unit: unit, into: into, dropping: dropping) },
        .query(
            "UNIT.GET", "Tells a unit's facts, as a row of UNIT.TREE from the root.", .organisation,
            .required("unit", .unit)
        ) { (call, unit) throws(Rejection) in try call.writeUnit(unit) },
        .query(
            "UNIT.TREE",
            "Lists a unit and everything below it, parents first; ASOF, as the tree was then.",
            .organisation,
            .optional("unit", .unit), .option("DEPTH", .integer("n", in: 0...64)),
            .option("ASOF", .asOf)
        ) { (call, unit, depth, asOf) throws(Rejection) in
            let isSmall = call.isSmall(call.state.units.count)
            try call.reporting(asOf: asOf, atOnce: isSmall) { (call, basis) throws(Rejection) in
                try call.writeTree(unit ?? State.rootUnit, depth: depth, of: basis.past)
            }
        },
        .write(
            "PERSON.CREATE", "Adds a person: an account and an employee at once.", .organisation,
            rights: "admin", changesExisting: false,
            .required("login", .login), .keyword("NAME", .name), .keyword("UNIT", .unit),
            .option("SUPERIOR", .person), .option("ROLE", .oneOf), .option("TZ", .name),
            .option("LANG", .oneOf), .option("PASSWORD", .password)
        ) { login, name, unit, superior, role, zone, language, _ in
            CreatePerson(
                login: login, name: name, unit: unit, superior: superior, role: role, zone: zone,
                language: language)
        },
        .write(
            "PERSON.UPDATE", "Changes a person; an empty SUPERIOR means: by the unit tree.",
            .organisation, rights: "admin",
            .required("person", .person), .option("NAME", .name), .option("UNIT", .unit),
            .option("SUPERIOR", .personOrNone), .option("ROLE", .oneOf), .option("TZ", .name),
            .option("LANG", .oneOf)
        ) { person, name, unit, superior, role, zone, language in
            UpdatePerson(
                person: person, name: name, unit: unit, superior: superior, role: role, zone: zone,
                language: language)
        },
        .query(
            "PERSON.GET", "Shows a person of the directory.", .organisation,
            .required("person", .person)
        ) { (call, person) throws(Rejection) in
            call.write(try call.state.person(person), PersonColumn.self)
        },
        .list(
            "PERSON.LIST", "Lists people, by id; UNIT takes its whole subtree.", .organisation,
            of: PersonColumn.self,
            .option("UNIT", .unit), .option("ACTIVE", .choice([("yes", true), ("no", false)]))
        ) { (call, listing, unit, active) throws(Rejection) in
            try call.scanning(call.state.persons.count) { (call) throws(Rejection) in
                try call.writePersons(unit: unit, active: active, listing)
            }
        },
        .write(
            "PERSON.PASSWORD", "Sets a password; your own takes the present one as OLD.",
            .organisation, rights: "the person, admin",
            .required("person", .person), .required("new", .password), .option("OLD", .password)
        ) { person, _, _ in ChangePassword(person: person) },
    ]
}

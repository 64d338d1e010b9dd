// Rows of the organisation and its settings, put together again from all their stored properties, as a snapshot holds them
// (W-9). Every property is a parameter without a default: a new one does not go unnoticed where
// `SnapshotLayoutTests` compares the rows with what is listed here.

extension Revision {
    package init(
        restoring number: UInt32, by: PersonID
    ) {
        self.number = number
        self.by = by
    }
}

extension Unit {
    package init(
        restoring id: UnitID, name: String, kind: Kind, parent: UnitID?, head: PersonID?,
        children: OrderedIDs<UnitKind>, members: OrderedIDs<PersonKind>, isActive: Bool,
        merger: Merger?, revision: Revision, sums: [ProcessVersionID: [StageSum]], closes: CloseSums
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.parent = parent
        self.head = head
        self.children = children
        self.members = members
        self.isActive = isActive
        self.merger = merger
        self.revision = revision
        kept = UnitSums(sums, closes)
    }
}

extension StageSum {
    package init(
        restoring open: Int, entered: Int, onward: Int, won: Int, amounts: [CurrencySum]
    ) {
        self.open = open
        self.entered = entered
        self.onward = onward
        self.won = won
        self.amounts = amounts
    }
}

extension CurrencySum {
    package init(
        restoring currency: Currency, count: Int, minorUnits: Int128, squares: SquareSum,
        cubes: CubeSum
    ) {
        self.currency = currency
        self.count = count
        self.minorUnits = minorUnits
        self.squares = squares
        self.cubes = cubes
    }
}

extension Person {
    package init(
        restoring id: PersonID, login: String, name: String, unit: UnitID, superior: PersonID?,
        role: Role, zone: String, language: Language, passwordHash: String?, isActive: Bool,
        delegation: Delegation?, revision: Revision, muted: Set<Notification.Kind>,
        opportunities: OrderedIDs<OpportunityKind>, teams: OrderedIDs<OpportunityKind>,
        delegators: OrderedIDs<PersonKind>, leads: OrderedIDs<LeadKind>,
        plannedActivities: OrderedIDs<ActivityKind>, headOf: OrderedIDs<UnitKind>,
        reports: OrderedIDs<PersonKind>, submitted: OrderedIDs<ApprovalKind>,
        asked: OrderedIDs<ApprovalKind>, delegationIsTold: Bool
    ) {
        self.id = id
        self.login = login
        self.name = name
        self.unit = unit
        self.superior = superior
        self.role = role
        self.zone = zone
        self.language = language
        self.passwordHash = passwordHash
        self.isActive = isActive
        self.delegation = delegation
        self.revision = revision
        self.muted = muted
        self.opportunities = opportunities
        self.teams = teams
        self.delegators = delegators
        self.leads = leads
        self.plannedActivities = plannedActivities
        self.headOf = headOf
        self.reports = reports
        self.submitted = submitted
        self.asked = asked
        self.delegationIsTold = delegationIsTold
    }
}

extension Inbox {
    package init(
        restoring rows: InboxRows, acknowledgedUpTo: UInt64, deliveredUpTo: UInt64,
        late: LateDigest
    ) {
        self.rows = rows
        self.acknowledgedUpTo = acknowledgedUpTo
        self.deliveredUpTo = deliveredUpTo
        self.late = late
    }
}

extension Notification {
    /// The row of a digest.
    package init(restoring digest: LateDigest) { self.init(digest: digest) }
}

extension Company {
    package init(
        restoring name: String, currency: Currency, zone: String, isFounded: Bool,
        rates: [Currency: ExchangeRates], calendars: [KeptCalendar],
        fields: [FieldNoun: [CustomField]], horizon: HistoryHorizon?
    ) {
        self.name = name
        self.currency = currency
        self.zone = zone
        self.isFounded = isFounded
        self.rates = rates
        self.calendars = calendars
        self.fields = fields
        self.horizon = horizon
    }
}

extension ExchangeRates {
    package init(
        restoring dated: [Dated], revision: Revision
    ) {
        self.dated = dated
        self.revision = revision
    }
}

extension ExchangeRates.Dated {
    package init(
        restoring from: Day, rate: ExchangeRate
    ) {
        self.from = from
        self.rate = rate
    }
}

extension KeptCalendar {
    package init(
        restoring definition: WorkCalendar, revision: Revision
    ) {
        self.definition = definition
        self.revision = revision
    }
}

extension CustomField {
    package init(
        restoring definition: FeedbackField, revision: Revision
    ) {
        self.definition = definition
        self.revision = revision
    }
}

extension Process {
    package init(
        restoring id: ProcessID, key: String, draft: ProcessDefinition?,
        versions: [ProcessVersionID], revision: Revision
    ) {
        self.id = id
        self.key = key
        self.draft = draft
        self.versions = versions
        self.revision = revision
    }
}

/// Plain text fields of a deal (D-10).
public enum OpportunityField: String, Hashable, Sendable, CaseIterable {
    case title, source, industry, product, region, channel
    case externalID = "extid"
    /// `yes` or `no`; unknown while not filled.
    case feasibility
}

/// The text fields of a deal other than its title, each in a place of its own: deals are read and changed
/// too often to look fields up in a table.
public struct DealFields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var source: String?
    private var industry: String?
    private var product: String?
    private var region: String?
    private var channel: String?
    private var externalID: String?
    private var feasibility: String?

    /// None filled.
    public init() {}

    public init(dictionaryLiteral fields: (OpportunityField, String)...) {
        for (field, text) in fields { self[field] = text }
    }

    /// `nil` where the field is not filled. The title has no place here: traps where one is put.
    public subscript(field: OpportunityField) -> String? {
        get {
            switch field {
            case .title: nil
            case .source: source
            case .industry: industry
            case .product: product
            case .region: region
            case .channel: channel
            case .externalID: externalID
            case .feasibility: feasibility
            }
        }
        set {
            switch field {
            case .title: preconditionFailure("the title is no optional field")
            case .source: source = newValue
            case .industry: industry = newValue
            case .product: product = newValue
            case .region: region = newValue
            case .channel: channel = newValue
            case .externalID: externalID = newValue
            case .feasibility: feasibility = newValue
            }
        }
    }

    /// All fields that there are places for, in order.
    public static let all = OpportunityField.allCases.filter { $0 != .title }

    /// How many are filled.
    public var count: Int { Self.all.count { self[$0] != nil } }

    /// An empty text counts as nothing.
    var withoutEmpty: DealFields {
        var filled = self
        for field in Self.all where filled[field]?.isEmpty == true { filled[field] = nil }
        return filled
    }
}

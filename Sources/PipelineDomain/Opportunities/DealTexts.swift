/// The places of a deal's texts in its pack. Snapshots hold packs as they lie: a number is never changed and
/// never given to another text (W-12).
package enum DealText: Int, CaseIterable, Sendable {
    case title, source, industry, product, region, channel, externalID, feasibility
    case reason, competitor, review, note

    package init(_ field: OpportunityField) {
        self =
            switch field {
            case .title: .title
            case .source: .source
            case .industry: .industry
            case .product: .product
            case .region: .region
            case .channel: .channel
            case .externalID: .externalID
            case .feasibility: .feasibility
            }
    }
}

extension DealPack {
    init(title: String, _ fields: DealFields) {
        var maker = TextRunMaker()
        maker.add(title, at: DealText.title.rawValue)
        for place in DealText.source.rawValue...DealText.feasibility.rawValue {
            guard let field = OpportunityField.byPlace[place], let text = fields[field] else {
                continue
            }
            maker.add(text, at: place)
        }
        self.init(maker)
    }
}

extension OpportunityField {
    /// The field whose text has the place.
    fileprivate static let byPlace: [OpportunityField?] = DealText.allCases.map { text in
        allCases.first { DealText($0) == text }
    }
}

extension Opportunity {
    public internal(set) var title: String {
        get { pack[.title] ?? "" }
        set { pack[.title] = newValue }
    }

    /// `nil` where the field is not filled.
    public internal(set) subscript(field: OpportunityField) -> String? {
        get { pack[DealText(field)] }
        set { pack[DealText(field)] = newValue }
    }

    /// The bytes of a text where they lie, valid during the call; `nil` where there is none.
    package func withUTF8<Result>(
        _ text: DealText, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
    ) -> Result {
        pack.read(.texts) { body(TextRun($0)[text.rawValue]) }
    }

    /// How and why the deal ended, once it has.
    public internal(set) var closing: Closing? {
        get {
            pack[.reason].map { reason in
                Closing(
                    reason: reason, competitor: pack[.competitor], review: pack[.review],
                    note: pack[.note], rate: closingRate)
            }
        }
        set {
            pack[.reason] = newValue?.reason
            pack[.competitor] = newValue?.competitor
            pack[.review] = newValue?.review
            pack[.note] = newValue?.note
            closingRate = newValue?.rate
        }
    }
}

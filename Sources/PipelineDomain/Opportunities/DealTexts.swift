/// The places of a deal's texts among its packed ones.
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

extension PackedTexts {
    package subscript(text: DealText) -> String? {
        get { self[text.rawValue] }
        set { self[text.rawValue] = newValue }
    }

    init(title: String, _ fields: DealFields) {
        var maker = PackedTextsMaker()
        maker.add(title, at: DealText.title.rawValue)
        for place in DealText.source.rawValue...DealText.feasibility.rawValue {
            guard let field = OpportunityField.byPlace[place], let text = fields[field] else {
                continue
            }
            maker.add(text, at: place)
        }
        self = maker.finish()
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
        get { texts[.title] ?? "" }
        set { texts[.title] = newValue }
    }

    /// `nil` where the field is not filled.
    public internal(set) subscript(field: OpportunityField) -> String? {
        get { texts[DealText(field)] }
        set { texts[DealText(field)] = newValue }
    }

    /// The bytes of a text where they lie, valid during the call; `nil` where there is none.
    package func withUTF8<Result>(
        _ text: DealText, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
    ) -> Result {
        texts.withUTF8(text.rawValue, body)
    }

    /// How and why the deal ended, once it has.
    public internal(set) var closing: Closing? {
        get {
            texts[.reason].map { reason in
                Closing(
                    reason: reason, competitor: texts[.competitor], review: texts[.review],
                    note: texts[.note], rate: closingRate)
            }
        }
        set {
            texts[.reason] = newValue?.reason
            texts[.competitor] = newValue?.competitor
            texts[.review] = newValue?.review
            texts[.note] = newValue?.note
            closingRate = newValue?.rate
        }
    }
}

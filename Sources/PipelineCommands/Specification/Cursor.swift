import PipelineDomain
import PipelineProtocol

/// Long scans: `CURSOR c COUNT n` answers `[cursor, rows]`, by id; `0` begins a scan and ends one (§2).
/// Ids ascend and are never given twice, so whatever is written meanwhile, no row that was there from
/// beginning to end is left out or comes twice.
extension Parameter where Value == UInt64? {
    static var cursor: Self {
        Self(
            spec: ArgumentSpec(
                "CURSOR", .keyword(values: 1), isRequired: false, values: ["cursor"],
                bounds: "0 to begin, then what came with the rows before; by id, without LIMIT")
        ) { request, words, faults throws(ArgumentError) in
            guard let words else { return nil }
            return try ValueType.position.read(request, words.lowerBound, "CURSOR", &faults)
        }
    }
}

extension Parameter where Value == Int? {
    /// How many rows a step of a scan brings.
    static var count: Self { .option("COUNT", .integer("n", in: 1...Bounds.listMost)) }
}

extension Page {
    /// The page that CURSOR and COUNT ask for, or else LIMIT.
    func scanned(
        _ cursor: UInt64?, _ count: Int?, isSorted: Bool = false
    ) throws(Rejection) -> Page {
        guard let cursor else {
            guard count == nil else {
                throw .invalid([.init("COUNT", "goes with CURSOR; LIMIT says which rows otherwise")]
                )
            }
            return self
        }
        guard !isLimited, !isSorted else {
            throw .invalid([
                .init("CURSOR", "goes by id; leave \(isLimited ? "LIMIT" : "SORTBY") out")
            ])
        }
        return Page(offset: 0, count: count ?? Bounds.listDefault, cursor: cursor)
    }
}

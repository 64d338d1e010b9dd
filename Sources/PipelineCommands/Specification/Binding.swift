import PipelineProtocol

/// Which words of a request belong to which argument of its command: found once per request, without
/// looking at any value.
public struct Binding: Sendable {
    /// Indices of the values of each declared argument; `nil` where it is absent.
    private var slots: [Range<Int>?]

    subscript(position: Int) -> Range<Int>? { slots[position] }

    /// Binds `request` (its name at 0) to the arguments: positionals first, then keywords in any
    /// order and case (P-9, §2).
    init(_ request: borrowing Request, to specs: [ArgumentSpec]) throws(ArgumentError) {
        slots = [Range<Int>?](repeating: nil, count: specs.count)
        var word = 1
        for (position, spec) in specs.enumerated() where spec.form == .positional {
            guard word < request.count else {
                if spec.isRequired { throw .wrongCount }
                break
            }
            guard spec.isRequired || Self.keyword(request, word, specs) == nil else { break }
            slots[position] = word..<word + 1
            word += 1
        }
        while word < request.count {
            if let position = Self.keyword(request, word, specs) {
                word = try bindKeyword(request, at: word, specs[position], position)
            } else {
                word = try bindRest(request, at: word, specs)
            }
        }
        try requireAll(specs)
    }

    private static func keyword(
        _ request: borrowing Request, _ word: Int, _ specs: [ArgumentSpec]
    ) -> Int? {
        for (position, spec) in specs.enumerated() where spec.isKeyword {
            if request.matches(word, spec.name) { return position }
        }
        return nil
    }

    private mutating func bindKeyword(
        _ request: borrowing Request, at word: Int, _ spec: ArgumentSpec, _ position: Int
    ) throws(ArgumentError) -> Int {
        guard slots[position] == nil else { throw .repeatedKeyword(spec.name) }
        var first = word + 1
        var count = 0
        switch spec.form {
        case .positional, .rest: break
        case .keyword(let values): count = values
        case .counted, .countedPairs:
            guard let announced = request.integer(first), announced >= 1, announced <= 1_000 else {
                throw .value(
                    argument: spec.name, problem: "starts with how many follow, from 1 to 1000")
            }
            count = Int(announced) * (spec.form == .countedPairs ? 2 : 1)
            first += 1
        case .sort:
            let hasDirection =
                request.matches(first + 1, "ASC") || request.matches(first + 1, "DESC")
            count = hasDirection ? 2 : 1
        }
        guard count <= request.count - first else { throw .missingValue(keyword: spec.name) }
        slots[position] = first..<first + count
        return first + count
    }

    private mutating func bindRest(
        _ request: borrowing Request, at word: Int, _ specs: [ArgumentSpec]
    ) throws(ArgumentError) -> Int {
        let position = specs.firstIndex {
            if case .rest = $0.form { true } else { false }
        }
        guard let position, slots[position] == nil, case .rest(let group, _) = specs[position].form
        else {
            let given = String(decoding: request[word].prefix(64), as: UTF8.self)
            let known = specs.lazy.filter(\.isKeyword).map(\.name)
            throw .unknownKeyword(given, nearest: Spelling.nearest(to: given, among: known))
        }
        var end = word
        while end < request.count, Self.keyword(request, end, specs) == nil {
            guard end + group <= request.count else { throw .wrongCount }
            end += group
        }
        slots[position] = word..<end
        return end
    }

    private func requireAll(_ specs: [ArgumentSpec]) throws(ArgumentError) {
        var missing: [String] = []
        for (position, spec) in specs.enumerated() where slots[position] == nil {
            if case .rest(_, let least) = spec.form, least > 0 { throw .wrongCount }
            if spec.isKeyword, spec.isRequired { missing.append(spec.name) }
        }
        if !missing.isEmpty { throw .missingKeyword(missing) }
    }
}

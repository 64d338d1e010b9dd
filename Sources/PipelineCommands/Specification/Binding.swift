import PipelineProtocol

/// Which words of a request belong to which argument of its command: found once per request, without
/// looking at any value.
public struct Binding: Sendable {
    /// Most arguments that a command declares: their places are found without allocating any.
    static let argumentsMost = 32

    /// Where the values of a declared argument begin and end; 0, where the name stands, if it is absent.
    private struct Slot {
        var first: UInt32 = 0
        var end: UInt32 = 0
    }

    private var slots = InlineArray<32, Slot>(repeating: Slot())

    /// Indices of the values of a declared argument; `nil` where it is absent.
    private(set) subscript(position: Int) -> Range<Int>? {
        get {
            let slot = slots[position]
            return slot.first == 0 ? nil : Int(slot.first)..<Int(slot.end)
        }
        set {
            slots[position] =
                newValue.map { Slot(first: UInt32($0.lowerBound), end: UInt32($0.upperBound)) }
                ?? Slot()
        }
    }

    /// Binds `request` (its name at 0) to the arguments of its command: positionals first, then
    /// keywords in any order and case (P-9, §2).
    init(_ request: borrowing Request, to command: Command) throws(ArgumentError) {
        let syntax = command.syntax
        var word = 1
        for position in syntax.positionals {
            let isRequired = syntax.arguments[position].isRequired
            guard word < request.count else {
                if isRequired { throw .wrongCount }
                break
            }
            guard isRequired || syntax.keyword(request, word) == nil else { break }
            self[position] = word..<word + 1
            word += 1
        }
        while word < request.count {
            if let position = syntax.keyword(request, word) {
                word = try bindKeyword(request, at: word, command, position)
            } else {
                word = try bindRest(request, at: word, command)
            }
        }
        try requireAll(request, command)
    }

    private mutating func bindKeyword(
        _ request: borrowing Request, at word: Int, _ command: Command, _ position: Int
    ) throws(ArgumentError) -> Int {
        guard self[position] == nil else {
            throw .repeatedKeyword(command.arguments[position].name)
        }
        var first = word + 1
        var count = 0
        let form = command.syntax.arguments[position].form
        switch form {
        case .positional, .rest: break
        case .keyword(let values): count = values
        case .counted, .countedPairs:
            guard let announced = request.integer(first), announced >= 1, announced <= 1_000 else {
                throw .value(
                    argument: command.arguments[position].name,
                    problem: "starts with how many follow, from 1 to 1000")
            }
            count = Int(announced) * (form == .countedPairs ? 2 : 1)
            first += 1
        case .sort:
            let hasDirection =
                request.matches(first + 1, "ASC") || request.matches(first + 1, "DESC")
            count = hasDirection ? 2 : 1
        }
        guard count <= request.count - first else {
            throw .missingValue(keyword: command.arguments[position].name)
        }
        self[position] = first..<first + count
        return first + count
    }

    private mutating func bindRest(
        _ request: borrowing Request, at word: Int, _ command: Command
    ) throws(ArgumentError) -> Int {
        let syntax = command.syntax
        let position = syntax.arguments.firstIndex {
            if case .rest = $0.form { true } else { false }
        }
        guard let position, self[position] == nil,
            case .rest(let group, let least) = syntax.arguments[position].form
        else {
            let given = String(decoding: request[word].prefix(64), as: UTF8.self)
            let known = command.arguments.lazy.filter(\.isKeyword).map(\.name)
            throw .unknownKeyword(given, nearest: Spelling.nearest(to: given, among: known))
        }
        var end = word
        while end < request.count, syntax.keyword(request, end) == nil {
            guard end + group <= request.count else {
                guard least == 0 else { throw .wrongCount }
                throw .missingValue(
                    keyword: String(decoding: request[end].prefix(64), as: UTF8.self))
            }
            end += group
        }
        self[position] = word..<end
        return end
    }

    private func requireAll(
        _ request: borrowing Request, _ command: Command
    ) throws(ArgumentError) {
        var missing: [String] = []
        for position in command.syntax.required where self[position] == nil {
            let argument = command.syntax.arguments[position]
            if case .rest = argument.form { throw .wrongCount }
            if argument.isKeyword { missing.append(command.arguments[position].name) }
        }
        guard !missing.isEmpty else { return }
        // A keyword that was mistyped may have been taken for a key.
        for (position, argument) in command.syntax.arguments.enumerated() {
            guard case .rest = argument.form, let words = self[position] else { continue }
            let word = String(decoding: request[words.lowerBound].prefix(64), as: UTF8.self)
            if let nearest = Spelling.nearest(to: word, among: missing) {
                throw .unknownKeyword(word, nearest: nearest)
            }
        }
        throw .missingKeyword(missing)
    }
}

/// FNV-1a: stable across restarts and versions.
struct Fingerprint {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init() {}

    init(_ text: String) { for byte in text.utf8 { mix(byte) } }

    mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

    mutating func mix(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            mix(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

/// The arguments of a command as binding looks at them: plain numbers, made once from the table, since
/// every request walks through them.
final class Syntax: Sendable {
    struct Argument: Sendable {
        let form: ArgumentSpec.Form
        let isRequired: Bool
        let isKeyword: Bool
        let isPassword: Bool
        let spelling: CanonicalWord
        /// Stands for the argument's name where requests are told apart (P-6).
        let digest: UInt64
    }

    /// A keyword's letters in lower case, packed into two words.
    private struct Keyword: Sendable {
        let first: UInt64
        let second: UInt64
        let position: Int
    }

    let arguments: [Argument]
    /// Positions of the arguments that stand in their place, and of those that must be there.
    let positionals: [Int]
    let required: [Int]
    /// Positions of `REQID` and `IFREV`, where the command takes them.
    let requestID: Int?
    let ifRevision: Int?
    /// Positions of secrets.
    let passwords: [Int]
    private let keywords: [Keyword]

    init(_ specs: [ArgumentSpec]) {
        precondition(specs.count <= Binding.argumentsMost, "a command has too many arguments")
        positionals = specs.indices.filter { specs[$0].form == .positional }
        required = specs.indices.filter { specs[$0].isRequired }
        requestID = specs.firstIndex { $0.name == Command.requestID.name }
        ifRevision = specs.firstIndex { $0.name == Command.ifRevision.name }
        passwords = specs.indices.filter { specs[$0].isPassword }
        arguments = specs.map {
            Argument(
                form: $0.form, isRequired: $0.isRequired, isKeyword: $0.isKeyword,
                isPassword: $0.isPassword, spelling: $0.spelling, digest: Fingerprint($0.name).value
            )
        }
        keywords = specs.enumerated().compactMap { position, spec in
            guard spec.isKeyword else { return nil }
            guard let packed = Array(spec.name.utf8).withUnsafeBufferPointer(Self.pack) else {
                preconditionFailure("a keyword has at most \(Self.keywordBytes) letters")
            }
            return Keyword(first: packed.first, second: packed.second, position: position)
        }
    }

    /// The argument whose keyword the word is, in whatever case.
    func keyword(_ request: borrowing Request, _ word: Int) -> Int? {
        guard let packed = request.withArgument(word, Self.pack) else { return nil }
        for keyword in keywords
        where keyword.first == packed.first && keyword.second == packed.second {
            return keyword.position
        }
        return nil
    }

    private static let keywordBytes = 16

    /// `nil` for what cannot be a keyword. No keyword has a zero byte, so padding says the length.
    private static func pack(_ word: UnsafeBufferPointer<UInt8>) -> (first: UInt64, second: UInt64)?
    {
        guard (1...keywordBytes).contains(word.count) else { return nil }
        var packed: (first: UInt64, second: UInt64) = (0, 0)
        for index in word.indices {
            let byte = word[index]
            guard byte != 0 else { return nil }
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            let letter = UInt64(isCapital ? byte | 0x20 : byte) << UInt64(index % 8 * 8)
            if index < 8 { packed.first |= letter } else { packed.second |= letter }
        }
        return packed
    }
}

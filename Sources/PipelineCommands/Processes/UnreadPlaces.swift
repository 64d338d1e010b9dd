import PipelineDomain

/// The places of a document whose values could not be read, and for which placeholders stand.
struct UnreadPlaces {
    private let places: Set<String>
    /// Every place that holds one of them.
    private let holders: Set<String>
    /// Whether a stage's key is among them, be it with its whole stage.
    private let hasStageKey: Bool

    init(_ places: Set<String>) {
        self.places = places
        holders = places.reduce(into: []) { $0.formUnion(Self.holders(of: $1)) }
        hasStageKey = places.contains { place in
            let members = place.split(separator: ".")
            guard members.first?.hasPrefix("stages") == true else { return false }
            return members.count == 1 || members.count == 2 && members[1] == "key"
        }
    }

    /// `stages[0].gate` has the holders `stages[0]` and `stages`.
    private static func holders(of path: String) -> [String] {
        path.indices.filter { path[$0] == "." || path[$0] == "[" }.map { String(path[..<$0]) }
    }

    /// Whether the problem may come only of a placeholder, so that it should not be told.
    func account(for problem: ProcessProblem) -> Bool {
        guard !places.isEmpty else { return false }
        let path = problem.path
        if isUnread(path) { return true }
        func sibling(_ member: String) -> Bool {
            let end = path.lastIndex(of: ".") ?? path.startIndex
            return places.contains("\(path[..<end]).\(member)")
        }
        switch problem.fault {
        case .repeats(let first):
            return isUnread(first) || holders.contains(path) || holders.contains(first)
        case .levelNotAbove, .countNotAbove:
            let levels = path[..<(path.lastIndex(of: "[") ?? path.endIndex)]
            return holders.contains(String(levels))
        case .choicesMissing, .choicesUnused: return sibling("type")
        case .designateMissing, .designateUnused: return sibling("onNoSuperior")
        case .deadlineMissing:
            return sibling("remindAfterHours") || sibling("escalateAfterHours")
                || sibling("adminAfterHours")
        case .unknownStage, .transitionToItself: return hasStageKey
        case .forwardInLinear, .wonInLinear: return hasStageKey || places.contains("kind")
        case .empty, .tooLong, .tooManyBytes, .controlCharacter, .severalLines, .noStages,
            .tooMany, .outOfRange, .malformedKey, .keywordAsKey, .outcomeAsKey,
            .reminderOutsideCycle, .deadlineNotAfter:
            return false
        }
    }

    private func isUnread(_ path: String) -> Bool {
        places.contains(path) || Self.holders(of: path).contains(where: places.contains)
    }
}

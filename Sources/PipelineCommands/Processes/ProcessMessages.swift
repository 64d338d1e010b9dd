public import PipelineDomain

extension ProcessProblem {
    /// What is wrong, where, and how to mend it, in one line.
    public var message: String { "\(path) \(fault.words)" }
}

extension ProcessProblem.Fault {
    /// The sentence whose subject is the path.
    var words: String {
        switch self {
        case .empty: "is empty: give at least one character that is no space"
        case .tooLong(let characters, let most):
            "has \(characters) characters: at most \(most) are allowed"
        case .tooManyBytes(let count, let most):
            "has \(count) bytes: at most \(most) are allowed"
        case .controlCharacter(let codePoint):
            "contains the control character \(Self.name(codePoint)): only TAB and LF are allowed"
        case .severalLines: "has several lines: a name is one line"
        case .noStages: "is empty: give at least one stage"
        case .tooMany(let count, let most):
            "has \(count) elements: at most \(most) are allowed"
        case .repeats(let first): "repeats \(first): say it once"
        case .outOfRange(let value, let lowest, let highest):
            "is \(value): give a number from \(lowest) to \(highest)"
        case .malformedKey(let key, let problem):
            "\(JSONReader.quoted(key)) \(problem): \(Self.keyForm)"
        case .keywordAsKey(let key): "'\(key)' is a keyword of the protocol: choose another key"
        case .outcomeAsKey(let key):
            "'\(key)' is an outcome, not a stage: choose another key, for WIN, LOSE and INVALIDATE "
                + "end a deal from the stage it is in"
        case .reminderOutsideCycle(let days, let cycleDays):
            "is \(days), which is not below cycleDays (\(cycleDays)): remind fewer days ahead"
        case .choicesMissing: "is empty: a field of type 'choice' needs at least one"
        case .choicesUnused(let type):
            "is for fields of type 'choice', and this one is '\(type.rawValue)': "
                + "change the type or leave the choices out"
        case .unknownStage(let key):
            "names no stage: \(JSONReader.quoted(key)) is not the key of any"
        case .transitionToItself(let stage):
            "leads from '\(stage)' to itself: name another stage"
        case .forwardInLinear(let from, let to):
            "leads forward from '\(from)' to '\(to)': a linear process lists only returns, for it "
                + "goes forward by itself; leave it out or make the kind 'flexible'"
        case .wonInLinear:
            "leads to 'won': a linear process is won from its last stage without a transition; "
                + "leave it out or make the kind 'flexible'"
        case .levelNotAbove(let previous):
            "is not above \(previous): list the levels by rising amount"
        case .countNotAbove(let count, let previousCount):
            "is \(count), which is not above the \(previousCount) of the level before: "
                + "a higher amount asks more superiors"
        case .designateMissing:
            "is missing: onNoSuperior is 'designate', so name the person to ask"
        case .designateUnused(let onNoSuperior):
            "is for onNoSuperior 'designate', and that is '\(onNoSuperior.rawValue)': "
                + "change it or leave the designate out"
        case .deadlineNotAfter(let hours, let earlier, let earlierHours):
            "is \(hours), which is not after \(earlier) (\(earlierHours)): "
                + "remind first, then escalate, then tell the administrators"
        case .deadlineMissing(let onDeadline):
            "is '\(onDeadline.rawValue)', but no deadline is set: "
                + "give adminAfterHours or say 'wait'"
        }
    }

    private static let keyForm =
        "a key is a lower-case letter, then at most \(Bounds.keyCharacters - 1) of a-z, 0-9, "
        + "'.', '_' and '-', not all of them digits"

    private static func name(_ codePoint: UInt32) -> String {
        let hex = String(codePoint, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}

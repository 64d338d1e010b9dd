/// One thing that is wrong with a process definition: where, and the facts. The words for it belong
/// to whoever talks to a person.
public struct ProcessProblem: Error, Hashable, Sendable {
    /// The place in the document, as in `stages[1].winRate`; indices count from 0.
    public let path: String
    public let fault: Fault

    public init(_ path: String, _ fault: Fault) {
        self.path = path
        self.fault = fault
    }

    public enum Fault: Hashable, Sendable {
        /// Nothing but white space.
        case empty
        case tooLong(characters: Int, most: Int)
        case tooManyBytes(count: Int, most: Int)
        /// A control character other than TAB and LF (P-2).
        case controlCharacter(codePoint: UInt32)
        /// A name of more than one line.
        case severalLines
        case noStages
        case tooMany(count: Int, most: Int)
        /// Said twice; `first` is the path of the earlier one.
        case repeats(first: String)
        case outOfRange(value: Int, lowest: Int, highest: Int)

        /// `Key.problem`'s words about the key.
        case malformedKey(key: String, problem: String)
        /// The key is a word of the commands that name such keys.
        case keywordAsKey(String)
        /// The stage is called as an outcome is.
        case outcomeAsKey(String)

        /// The reminder would come before the cycle begins (D-4).
        case reminderOutsideCycle(remindDaysBefore: Int, cycleDays: Int)

        case choicesMissing
        case choicesUnused(type: FeedbackField.ValueType)

        case unknownStage(key: String)
        case transitionToItself(stage: String)
        /// A linear process lists a move that does not go back (D-5).
        case forwardInLinear(from: String, to: String)
        /// A linear process is won from its last stage only (D-14).
        case wonInLinear

        /// The level begins no higher than the one before it (D-23).
        case levelNotAbove(previous: String)
        /// The level asks no more superiors than the one before it (D-23).
        case countNotAbove(count: Int, previousCount: Int)
        case designateMissing
        case designateUnused(onNoSuperior: Gate.NoSuperior)
        /// A later deadline comes no later than an earlier one (D-27).
        case deadlineNotAfter(hours: Int, earlier: String, earlierHours: Int)
        /// A decision at the deadline is asked for, and there is no deadline (D-27).
        case deadlineMissing(onDeadline: Gate.Deadline)
    }
}

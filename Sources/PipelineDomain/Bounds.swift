/// Every business bound in one place. Wire bounds (frame sizes, arguments) live with the protocol.
public enum Bounds {
    /// Longest name or title, in characters (P-2's "name").
    public static let nameCharacters = 200
    /// Longest note, comment or review, in UTF-8 bytes.
    public static let noteBytes = 16 * 1024
    /// Longest login or key, in ASCII characters: `[a-z][a-z0-9._-]{0,63}`.
    public static let keyCharacters = 64
    /// Amounts are below this many major units.
    public static let amountMajorUnits: Int64 = 1_000_000_000_000_000
    /// Most stages in one process version.
    public static let stagesPerProcess = 64
    /// Most tasks or feedback fields in one stage.
    public static let itemsPerStage = 256
    /// Most choices of one feedback field, reasons of a process or classifiers of one kind.
    public static let choices = 1_000
    /// Deepest organisation tree, in levels.
    public static let unitDepth = 64
    /// Most approvers in turn for one submission (D-23).
    public static let approvalLevels = 10
    /// Shortest and longest password, in UTF-8 bytes.
    public static let passwordBytes = 8...1024
    /// How long the answer to a repeated request is remembered, in milliseconds (P-6: 24 h).
    public static let requestMemoryMilliseconds: Int64 = 24 * 60 * 60 * 1000
    /// Most request answers remembered for one person (P-6).
    public static let requestsPerPerson = 100_000
    /// Longest request token, in printable ASCII characters (P-6).
    public static let requestTokenCharacters = 64
    /// Most bytes that the records of one command or transaction may take: as much again may wait for
    /// the disk, and both fit into what the log keeps free and into one frame of 8 MiB (W-3, W-8).
    public static let decisionBytes = 4 * 1024 * 1024 - 64 * 1024
    /// Most places on one deal's team.
    public static let teamPlaces = 100
    /// Rows a list returns when not asked otherwise, and at most.
    public static let listDefault = 100
    public static let listMost = 1_000
    /// Bytes of records after which an answer that is made from the log ends, to be gone on with: room
    /// for as many notes as a list may have, each as long as may be.
    public static let answerBytes = 32 * 1024 * 1024
    /// Bytes of the replies of one transaction, and rows that its lists may look at: all of it is answered
    /// under the lock (E-1).
    public static let transactionAnswerBytes = 8 * 1024 * 1024
    public static let transactionRows = 100_000
    /// What changing a deal counts for among those rows: the rows around it are copied with it.
    public static let rowsPerChange = 32
    /// Largest count of a lead: visits, employees …
    public static let measureMost = 1_000_000_000
    /// The hour of the morning, local time, that a date without a time means.
    public static let morningHour = 9
    /// Days after which what the owner was reminded of, and is still open, goes to their superior (N-3).
    public static let escalationDays = 7
    /// What is told later than this after it fell due comes in a digest (N-4): 15 minutes.
    public static let lateMilliseconds: Int64 = 15 * 60 * 1000
    /// Most things that one digest names; it counts the rest.
    public static let digestItems = 1_000
    /// Reminders of one deal, and subjects, that fire in one step under the lock (E-1, N-5).
    public static let remindersPerStep = 1_000
    public static let subjectsPerStep = 64
    /// Subjects whose due time is worked out in one step under the lock (E-1).
    public static let duesPerStep = 256
    /// The clock of reports lags by no more than this, in milliseconds: one hour.
    public static let clockLagMilliseconds: Int64 = 60 * 60 * 1000
    /// Deals that one PROCESS.MIGRATE moves at most, and the bytes that their records may take
    /// together (E-1).
    public static let migrationStep = 1_000
    public static let migrationStepBytes = 3 * 1024 * 1024
    /// Most tags of a deal, competitors of a deal, and custom fields of a noun.
    public static let tagsPerDeal = 100
    public static let competitorsPerDeal = 100
    public static let customFields = 256
    /// Most calendars, and most holidays or make-up days in one.
    public static let calendars = 256
    public static let calendarDays = 4_096
    /// Mentions, tags, members named in one command.
    public static let referencesPerCommand = 1_000
}

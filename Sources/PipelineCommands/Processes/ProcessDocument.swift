public import PipelineDomain

/// A process definition as one JSON document (`PROCESS.PUT`, `PROCESS.GET`). The schema is
/// published in `docs/process-schema.md`.
public enum ProcessDocument {
    /// What a document cannot know by itself.
    public struct Context: Sendable {
        /// The company's currency: `levels[].from` is an amount in it (D-23).
        public var currency: Currency
        /// Finds a person by login, and a unit by a word that may stand for its id. Ids are read
        /// without asking; whether they exist is checked where the company's state is at hand.
        public var person: @Sendable (String) -> PersonID?
        public var unit: @Sendable (String) -> UnitID?
        /// Whether a key is a keyword of the protocol, and so refused as a key.
        public var isKeyword: @Sendable (String) -> Bool

        public init(
            currency: Currency,
            person: @escaping @Sendable (String) -> PersonID? = { _ in nil },
            unit: @escaping @Sendable (String) -> UnitID? = { _ in nil },
            isKeyword: @escaping @Sendable (String) -> Bool = { _ in false }
        ) {
            self.currency = currency
            self.person = person
            self.unit = unit
            self.isKeyword = isKeyword
        }
    }

    /// Reads a document and checks the definition by itself (`ProcessDefinition.problems`), so that
    /// what is returned wants nothing but a look at the company's state and at D-3.
    ///
    /// - Throws: Everything that is wrong with the document, in one error. What hangs on a value
    ///   that could not be read is not judged.
    public static func parse(
        _ json: some Collection<UInt8>, in context: Context
    ) throws(ProcessDocumentError) -> ProcessDefinition {
        let value: JSONValue
        do { value = try JSONParser.parse(json) } catch {
            throw ProcessDocumentError(problems: [error.message])
        }
        var reading = ProcessReading(context: context)
        guard let definition = reading.process(value) else {
            throw ProcessDocumentError(reading.reader)
        }
        if !reading.reader.isCut { judge(definition, in: context, &reading.reader) }
        guard reading.reader.problems.isEmpty else { throw ProcessDocumentError(reading.reader) }
        return definition
    }

    private static func judge(
        _ definition: ProcessDefinition, in context: Context, _ reader: inout JSONReader
    ) {
        let unread = UnreadPlaces(reader.unread)
        for problem in definition.problems(isKeyword: context.isKeyword)
        where !unread.account(for: problem) {
            reader.report(problem.path, problem.fault.words)
            if reader.isCut { return }
        }
    }
}

/// Everything that is wrong with a document.
public struct ProcessDocumentError: Error, Hashable, Sendable {
    /// Each names its place and says how to mend it. At most 100.
    public let problems: [String]
    /// Whether there are more.
    public let isCut: Bool

    init(problems: [String], isCut: Bool = false) {
        self.problems = problems
        self.isCut = isCut
    }

    init(_ reader: JSONReader) {
        self.init(problems: reader.problems, isCut: reader.isCut)
    }

    /// All of them in one line.
    public var message: String { problems.joined(separator: "; ") + (isCut ? "; and more" : "") }
}

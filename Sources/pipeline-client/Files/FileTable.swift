import Glibc

/// A CSV file under the columns of what it holds.
struct FileTable {
    /// What makes a row unreadable.
    struct Problem {
        var column: String?
        var phrase: Phrase

        func text(_ language: Language) -> String { phrase(language) }
    }

    private(set) var header: [String] = []
    private(set) var rows: [FileRow] = []
    /// By the place of the row.
    private(set) var problems: [Int: Problem] = [:]

    init() {}

    /// Throws a usage failure for a file that cannot be read, a column that is unknown or one that is
    /// missing.
    init(path: String, noun: FileNoun) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.usage, .cannotRead, path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var reader = CSVReader()
        var places: [String: Int] = [:]
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 {
                throw Failure(.usage, .cannotRead, path, String(cString: strerror(errno)))
            }
            if count == 0 { break }
            for record in reader.feed(chunk[..<count]) { try add(record, noun, &places) }
        }
        if let record = reader.finish() { try add(record, noun, &places) }
        guard !header.isEmpty else {
            throw Failure(
                .usage, .importNoColumns, noun.columns.map(\.name).joined(separator: ", "))
        }
    }

    private mutating func add(
        _ record: CSVReader.Record, _ noun: FileNoun, _ places: inout [String: Int]
    ) throws(Failure) {
        guard !header.isEmpty else {
            header = record.cells
            places = try Self.places(record.cells, noun)
            return
        }
        let index = rows.count
        rows.append(FileRow(line: record.line, cells: record.cells, places: places))
        if let problem = record.problem {
            problems[index] = problemText(problem)
        } else if record.cells.count > header.count {
            problems[index] = Problem(column: nil, phrase: .importCells)
        }
    }

    private func problemText(_ problem: CSVReader.Problem) -> Problem {
        switch problem {
        case .quote(let cell), .unclosedQuote(let cell):
            Problem(column: name(cell), phrase: .importQuote)
        case .notUTF8(let cell): Problem(column: name(cell), phrase: .importUTF8)
        }
    }

    private func name(_ cell: Int) -> String? {
        header.indices.contains(cell) ? header[cell] : nil
    }

    /// Columns of the server's that an export of another program may carry along are left alone;
    /// any other unknown one may be a slip of the pen and is refused.
    private static let ignored: Set = [
        "id", "rev", "status", "line", "error", "unit", "version", "createdat", "closedat",
    ]

    private static func places(_ header: [String], _ noun: FileNoun) throws(Failure) -> [String:
        Int]
    {
        var places: [String: Int] = [:]
        for (index, name) in header.enumerated() {
            if let column = noun.column(named: name) {
                places[column.name] = index
            } else if !ignored.contains(name.lowercased()) {
                throw Failure(
                    .usage, .importUnknownColumn, name,
                    noun.columns.map(\.name).joined(separator: ", "))
            }
        }
        let missing = noun.columns.filter { $0.isRequired && places[$0.name] == nil }
        guard missing.isEmpty else {
            throw Failure(
                .usage, .importNoColumns, missing.map(\.name).joined(separator: ", "))
        }
        return places
    }
}

/// A file for people. What was there stays where there is no room for the new one.
enum OutputFile {
    static func write(_ text: String, to path: String) throws(Failure) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            return try WholeFile.replace(path, with: text, mode: 0o644)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return try WholeFile.fill(path, with: text)
        }
        try WholeFile.replace(path, with: text, mode: status.st_mode & 0o777)
    }
}

/// How far a long job is, on one line of a terminal; silent elsewhere.
struct Progress {
    private let label: String
    private let total: Int
    private let style: Style
    private let isShown: Bool
    private var done = 0
    private var drawn = -1

    init(_ label: String, total: Int, _ style: Style) {
        self.label = label
        self.total = total
        self.style = style
        isShown = Terminal.isTerminal(STDERR_FILENO)
    }

    /// Says what is being done before anything can be counted.
    func begin() {
        guard isShown else { return }
        Terminal.error("\r" + TextWidth.truncate(label, to: (style.width ?? 80) - 1) + "\u{1B}[K")
    }

    mutating func advance(by count: Int) {
        done += count
        guard isShown else { return }
        let hundredths = done * 100 / max(1, total)
        guard hundredths != drawn else { return }
        drawn = hundredths
        Terminal.error("\r" + Self.line(label, done, total, style.width ?? 80) + "\u{1B}[K")
    }

    func end() {
        if isShown { Terminal.error("\r\u{1B}[K") }
    }

    /// `checking ████████····  45,000/100,000`.
    static func line(_ label: String, _ done: Int, _ total: Int, _ width: Int) -> String {
        let figures = Amount.grouped(String(done)) + "/" + Amount.grouped(String(total))
        let room = max(4, min(40, width - TextWidth.of(label) - figures.count - 5))
        let full = total == 0 ? room : min(room, room * done / total)
        let bar = String(repeating: "█", count: full) + String(repeating: "·", count: room - full)
        return TextWidth.truncate("\(label) \(bar) \(figures)", to: width - 1)
    }
}

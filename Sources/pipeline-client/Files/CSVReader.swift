/// CSV by RFC 4180 as it comes, in pieces of any size: quotes, CR LF or LF, a byte order mark, line
/// ends within quotes (S-8). Blank lines are no records.
struct CSVReader {
    struct Record: Equatable, Sendable {
        /// The line of the file on which it begins, from 1.
        var line: Int
        var cells: [String]
        var problem: Problem?
    }

    /// What is wrong with a record, and in which cell, from 0.
    enum Problem: Equatable, Sendable {
        /// A quote inside an unquoted cell, or text after the closing one.
        case quote(cell: Int)
        case unclosedQuote(cell: Int)
        case notUTF8(cell: Int)
    }

    private enum State {
        case start, plain, quoted, quoteInQuoted
    }

    private var state = State.start
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var problem: Problem?
    private var line = 1
    private var firstLine = 1
    private var sawReturn = false
    private var head: [UInt8]? = []
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The records that end within `bytes`.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Record] {
        var records: [Record] = []
        for byte in bytes {
            guard var begun = head else {
                take(byte, &records)
                continue
            }
            begun.append(byte)
            if Self.mark.starts(with: begun) {
                head = begun.count == Self.mark.count ? nil : begun
                continue
            }
            head = nil
            for byte in begun { take(byte, &records) }
        }
        return records
    }

    /// The last record, where the file does not end with a line end.
    mutating func finish() -> Record? {
        var records: [Record] = []
        for byte in head ?? [] { take(byte, &records) }
        head = nil
        if state == .quoted { problem = problem ?? .unclosedQuote(cell: cells.count) }
        if state != .start || !cells.isEmpty { endRecord(&records) }
        return records.first
    }

    private mutating func take(_ byte: UInt8, _ records: inout [Record]) {
        if state == .quoted {
            if byte == 0x0A { line += 1 }
            if byte == 0x22 { state = .quoteInQuoted } else { cell.append(byte) }
            return
        }
        let wasReturn = sawReturn
        sawReturn = byte == 0x0D
        switch byte {
        case 0x0A:
            if wasReturn, state == .start, cells.isEmpty {
                line += 1
                firstLine = line
                return
            }
            line += 1
            endRecord(&records)
        case 0x0D: endRecord(&records)
        case 0x2C: endCell()
        case 0x22 where state == .start: state = .quoted
        case 0x22 where state == .quoteInQuoted:
            cell.append(byte)
            state = .quoted
        default:
            if state == .quoteInQuoted || byte == 0x22 {
                problem = problem ?? .quote(cell: cells.count)
            }
            cell.append(byte)
            state = .plain
        }
    }

    private mutating func endCell() {
        if let text = String(validating: cell, as: UTF8.self) {
            cells.append(text)
        } else {
            problem = problem ?? .notUTF8(cell: cells.count)
            cells.append(String(decoding: cell, as: UTF8.self))
        }
        cell.removeAll(keepingCapacity: true)
        state = .start
    }

    private mutating func endRecord(_ records: inout [Record]) {
        let isBlank = state == .start && cells.isEmpty
        if !isBlank {
            endCell()
            records.append(Record(line: firstLine, cells: cells, problem: problem))
        }
        cells = []
        problem = nil
        state = .start
        firstLine = line
    }
}

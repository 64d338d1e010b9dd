@testable import PipelineCommands
@testable import PipelineDomain

/// A state as text, every stored property of every row included, whoever declared it: nothing that a
/// snapshot leaves out goes unnoticed.
struct Reflection {
    /// The stored properties of every structure and class met, by the type's name.
    private(set) var layouts: [String: [String]] = [:]

    static func text(of state: State) -> String {
        var reflection = Reflection()
        return reflection.text(of: state)
    }

    /// `clock` is set by whoever runs a command, and is no part of what happened.
    mutating func text(of state: State) -> String {
        var state = state
        state.clock = Instant(milliseconds: 0)
        return text(state)
    }

    private mutating func text(_ value: Any) -> String {
        // Keeps what it has dropped for a while; the entries are what counts.
        if let memory = value as? RequestMemory {
            layouts["PipelineDomain.RequestMemory"] = Mirror(reflecting: memory).children.map {
                $0.label ?? "?"
            }
            return text(memory.entries)
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary, .set:
            return "{" + mirror.children.map { text($0.value) }.sorted().joined(separator: "; ")
                + "}"
        case .collection:
            return "[" + mirror.children.map { text($0.value) }.joined(separator: "; ") + "]"
        case .struct, .class:
            guard !mirror.children.isEmpty else { return String(reflecting: value) }
            let type = String(reflecting: Swift.type(of: value))
            guard type.hasPrefix("Pipeline") else { return String(reflecting: value) }
            layouts[type] = mirror.children.map { $0.label ?? "?" }
            return type + "("
                + mirror.children.map { "\($0.label ?? "?"): \(text($0.value))" }
                .joined(separator: ", ") + ")"
        default:
            guard !mirror.children.isEmpty else { return String(reflecting: value) }
            return
                "\(String(reflecting: Swift.type(of: value))).\(mirror.children.map { "\($0.label ?? "?"): \(text($0.value))" })"
        }
    }
}

/// A snapshot in memory.
struct MemorySnapshot: Equatable {
    struct Part: Equatable {
        let part: SnapshotPart
        let bytes: [UInt8]
    }

    var parts: [Part] = []

    init(_ state: State) throws {
        var parts: [Part] = []
        try SnapshotEncoding.encode(state) { part, bytes in
            parts.append(Part(part: part, bytes: [UInt8](bytes)))
        }
        self.parts = parts
    }

    func state() throws -> State {
        let decoding = try SnapshotDecoding(parts.map(\.part)) { index, body in
            try parts[index].bytes.withUnsafeBytes { try body($0) }
        }
        var rows: [SnapshotDecoding.Rows] = []
        for (index, part) in parts.enumerated() {
            let read = part.bytes.withUnsafeBytes { bytes in
                Result { () throws(RecordError) in try decoding.decode(index, bytes) }
            }
            if let part = try read.get() { rows.append(part) }
        }
        let indexes = try SnapshotDecoding.Index.allCases.map { try decoding.make($0, rows) }
        return try decoding.finish(
            rows.reversed(), indexes, clock: Instant(milliseconds: 0))
    }
}

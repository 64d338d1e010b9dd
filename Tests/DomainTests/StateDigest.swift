import PipelineDomain

/// Everything that a state holds, private parts included, as text that two equal states share: hash
/// tables are sorted, published versions are written once and named by their id elsewhere.
///
/// It goes by reflection, so a field added later is compared without anybody thinking of it.
struct StateDigest: Equatable {
    private let lines: [String]

    init(_ state: State) {
        var lines: [String] = []
        for child in Mirror(reflecting: state).children {
            let table = Mirror(reflecting: child.value).children.first { $0.label == "chunks" }
            guard let chunks = table?.value else {
                lines.append("\(child.label ?? ""): \(Self.text(child.value))")
                continue
            }
            for chunk in Mirror(reflecting: chunks).children {
                for (index, row) in Mirror(reflecting: chunk.value).children.enumerated() {
                    lines.append("\(child.label ?? "")[\(index)]: \(Self.text(row.value))")
                }
            }
        }
        for id in state.versions.ids {
            let version = state.versions[id]
            lines.append(
                "\(id): \(version.process) \(version.key) \(version.number) "
                    + "\(version.publishedAt) \(version.definition)")
        }
        self.lines = lines
    }

    /// The first place where two digests differ; `nil` if they are equal.
    func firstDifference(from other: Self) -> String? {
        for (mine, others) in zip(lines, other.lines) where mine != others {
            return "\(mine)\n\(others)"
        }
        return lines.count == other.lines.count
            ? nil : "\(lines.count) lines beside \(other.lines.count)"
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return text.debugDescription
        case let number as any BinaryInteger: return "\(number)"
        case let version as ProcessVersion: return "\(version.id)"
        default: break
        }
        let mirror = Mirror(reflecting: value)
        let parts = mirror.children.map { child in
            child.label.map { "\($0)=" + text(child.value) } ?? text(child.value)
        }
        switch mirror.displayStyle {
        case .dictionary, .set: return "{" + parts.sorted().joined(separator: " ") + "}"
        case .optional: return parts.first ?? "nil"
        case .enum where parts.isEmpty: return "\(value)"
        default: return "(" + parts.joined(separator: " ") + ")"
        }
    }
}

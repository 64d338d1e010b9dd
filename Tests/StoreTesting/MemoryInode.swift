/// A file's bytes as the cache has them, and as the disk has them.
struct MemoryInode {
    var current: [UInt8] = []
    var synced: [UInt8] = []
    var dirtySectors: Set<Int> = []

    static let sectorBytes = 512

    /// What a power cut leaves: each unsynced sector survives or not.
    func survivor(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = synced
        if current.count != bytes.count, Bool.random(using: &random) {
            bytes = Array(bytes.prefix(current.count))
            bytes += [UInt8](repeating: 0, count: current.count - bytes.count)
        }
        // Half of the cuts lose everything or nothing, the others tear.
        let odds = [0.0, 1.0, 0.5, 0.9].randomElement(using: &random) ?? 0.5
        for sector in dirtySectors.sorted() {
            guard Double.random(in: 0..<1, using: &random) < odds else { continue }
            let start = sector * Self.sectorBytes
            let end = min(start + Self.sectorBytes, bytes.count, current.count)
            if start < end { bytes.replaceSubrange(start..<end, with: current[start..<end]) }
        }
        return bytes
    }
}

/// Suggestions for words that were mistyped: commands, keywords and keys (P-9).
public enum Spelling {
    /// Longest word that is compared, in bytes; no name of ours is longer.
    private static let longestWord = 128

    /// The candidate nearest to `word`, the first of several; nil when none is near.
    ///
    /// Near means at most about a third of the word's length in insertions, deletions, replacements
    /// and swaps of neighbours, with the case of ASCII letters ignored.
    public static func nearest(
        to word: String, among candidates: some Sequence<String>
    ) -> String? {
        guard word.utf8.count <= longestWord else { return nil }
        let word = word.utf8.map(ASCII.lowercased)
        var limit = (word.count + 1) / 3
        var best: String?
        for candidate in candidates {
            let length = candidate.utf8.count
            guard !word.isEmpty, length <= longestWord, abs(length - word.count) <= limit
            else { continue }
            let found = distance(word, candidate.utf8.map(ASCII.lowercased))
            guard found <= limit else { continue }
            best = candidate
            if found == 0 { break }
            limit = found - 1
        }
        return best
    }

    /// Damerau–Levenshtein distance in which no part is changed twice.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let isSame = left[row] == right[column]
                var cost = min(
                    previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1,
                    current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}

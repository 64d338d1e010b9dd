/// The line that is typed, as a pure state machine: keys in, actions out. It writes nothing and asks
/// nobody; what the screen shows of it is `LineLayout`'s (S-3).
struct LineEditor: Equatable {
    enum Action: Equatable {
        /// The lines that were entered: one, unless several were pasted.
        case submit([String])
        /// Ctrl-C: the line is given up.
        case interrupt
        /// Ctrl-D on an empty line.
        case end
        /// Tab: the caller completes the line.
        case complete
        case clearScreen
        case stop
        case bell
    }

    /// Looking through the history with Ctrl-R.
    struct Search: Equatable {
        var query = ""
        /// The place of what was found in `history`.
        var place: Int?
        /// What to go back to when the search is given up.
        var before: [Character]
    }

    private(set) var characters: [Character] = []
    /// Between `characters[cursor - 1]` and `characters[cursor]`.
    private(set) var cursor = 0
    private(set) var search: Search?
    /// Oldest first.
    private(set) var history: [String] = []
    /// The place in `history` that is shown; nil for the line of one's own.
    private var place: Int?
    private var draft: [Character] = []
    private var killed: [Character] = []
    private static let longestHistory = 1_000

    init(history: [String] = []) {
        self.history = Array(history.suffix(Self.longestHistory))
    }

    var text: String { String(characters) }
    var beforeCursor: String { String(characters[..<cursor]) }
    var isAtEnd: Bool { cursor == characters.count }

    /// What the caller has to do; nothing but drawing the line again when empty.
    mutating func take(_ key: Key) -> [Action] {
        if search != nil, let actions = searching(key) { return actions }
        switch key {
        case .text(let text): insert(Self.typed(text))
        case .paste(let text): insert(Self.pasted(text))
        case .enter: return [submit()]
        case .tab: return [.complete]
        case .control(let letter): return control(letter)
        case .alt(let letter): alt(letter)
        case .backspace: erase(from: cursor - 1, to: cursor)
        case .delete: erase(from: cursor, to: cursor + 1)
        case .deleteWordLeft: kill(from: wordStart(), to: cursor)
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .wordLeft: cursor = wordStart()
        case .wordRight: cursor = wordEnd()
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .up, .pageUp: return browse(-1)
        case .down, .pageDown: return browse(1)
        case .escape: break
        }
        return []
    }

    private mutating func control(_ letter: Character) -> [Action] {
        switch letter {
        case "a": cursor = 0
        case "e": cursor = characters.count
        case "b": cursor = max(0, cursor - 1)
        case "f": cursor = min(characters.count, cursor + 1)
        case "k": kill(from: cursor, to: characters.count)
        case "u": kill(from: 0, to: cursor)
        case "w": kill(from: blankStart(), to: cursor)
        case "y": insert(String(killed))
        case "t": swap()
        case "l": return [.clearScreen]
        case "p": return browse(-1)
        case "n": return browse(1)
        case "r": startSearch()
        case "z": return [.stop]
        case "c":
            clear()
            return [.interrupt]
        case "d":
            if characters.isEmpty { return [.end] }
            erase(from: cursor, to: cursor + 1)
        default: break
        }
        return []
    }

    private mutating func alt(_ letter: Character) {
        switch letter {
        case "b": cursor = wordStart()
        case "f": cursor = wordEnd()
        case "d": kill(from: cursor, to: wordEnd())
        default: break
        }
    }

    // MARK: text

    /// Replaces the last `count` characters before the cursor.
    mutating func replace(last count: Int, with text: String) {
        erase(from: cursor - count, to: cursor)
        insert(text)
    }

    /// A scalar that joins with what stands before it, such as an accent, becomes one with it.
    private mutating func insert(_ text: String) {
        let left = Array(String(characters[..<cursor]) + text)
        characters = left + characters[cursor...]
        cursor = left.count
    }

    private mutating func erase(from start: Int, to end: Int) {
        let start = max(0, start)
        let end = min(characters.count, end)
        guard start < end else { return }
        characters.removeSubrange(start..<end)
        cursor = start
    }

    private mutating func kill(from start: Int, to end: Int) {
        guard start < end else { return }
        killed = Array(characters[start..<end])
        erase(from: start, to: end)
    }

    private mutating func swap() {
        guard cursor > 0, characters.count > 1 else { return }
        let right = min(cursor, characters.count - 1)
        characters.swapAt(right - 1, right)
        cursor = right + 1
    }

    private func wordStart() -> Int {
        var place = cursor
        while place > 0, !Self.isWord(characters[place - 1]) { place -= 1 }
        while place > 0, Self.isWord(characters[place - 1]) { place -= 1 }
        return place
    }

    private func wordEnd() -> Int {
        var place = cursor
        while place < characters.count, !Self.isWord(characters[place]) { place += 1 }
        while place < characters.count, Self.isWord(characters[place]) { place += 1 }
        return place
    }

    private func blankStart() -> Int {
        var place = cursor
        while place > 0, characters[place - 1].isWhitespace { place -= 1 }
        while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
        return place
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private static func typed(_ text: String) -> String {
        String(
            text.filter {
                !$0.unicodeScalars.contains { $0.properties.generalCategory == .control }
            })
    }

    /// Line ends stay, so that nothing pasted runs before Enter; other control characters go.
    private static func pasted(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isNewline {
                result.append("\n")
            } else if character == "\t" {
                result.append(" ")
            } else {
                result += typed(String(character))
            }
        }
        while result.last == "\n" { result.removeLast() }
        return result
    }

    mutating func clear() {
        characters = []
        cursor = 0
        place = nil
        draft = []
        search = nil
    }

    // MARK: history

    private mutating func submit() -> Action {
        let lines = PastedLines.split(text)
        clear()
        return .submit(lines)
    }

    /// A line of the past, for the arrows and Ctrl-R; blank ones and repetitions are not kept.
    mutating func remember(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }), history.last != line else { return }
        history.append(line)
        if history.count > Self.longestHistory { history.removeFirst() }
    }

    private mutating func browse(_ step: Int) -> [Action] {
        let next = (place ?? history.count) + step
        guard next >= 0, next <= history.count, next != place ?? history.count else {
            return [.bell]
        }
        if place == nil { draft = characters }
        place = next == history.count ? nil : next
        characters = place.map { Array(history[$0]) } ?? draft
        cursor = characters.count
        return []
    }

    // MARK: searching

    private mutating func startSearch() {
        search = Search(before: characters)
    }

    /// Nil when the key ends the search and then has its usual meaning.
    private mutating func searching(_ key: Key) -> [Action]? {
        guard var current = search else { return nil }
        switch key {
        case .text(let text), .paste(let text):
            current.query += Self.typed(text)
            return find(&current, from: current.place ?? history.count - 1)
        case .backspace:
            if !current.query.isEmpty { current.query.removeLast() }
            return find(&current, from: history.count - 1)
        case .control("r"):
            return find(&current, from: (current.place ?? history.count) - 1)
        case .control("g"), .escape, .control("c"):
            characters = current.before
            cursor = characters.count
            search = nil
            return []
        default:
            search = nil
            return nil
        }
    }

    private mutating func find(_ current: inout Search, from start: Int) -> [Action] {
        var at = min(start, history.count - 1)
        while at >= 0, !history[at].holds(current.query) { at -= 1 }
        if at >= 0 {
            current.place = at
            characters = Array(history[at])
            cursor = characters.count
        }
        search = current
        return at < 0 ? [.bell] : []
    }
}

extension String {
    /// Whether `part` is within, letters of either case.
    fileprivate func holds(_ part: String) -> Bool {
        part.isEmpty || lowercased().contains(part.lowercased())
    }
}

/// A paste of several lines as those lines; a line end within quotes belongs to the text.
enum PastedLines {
    static func split(_ text: String) -> [String] {
        guard text.contains("\n") else { return [text] }
        var lines = [""]
        var quote: Character?
        for character in text {
            if character == "\n", quote == nil {
                lines.append("")
                continue
            }
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            }
            lines[lines.count - 1].append(character)
        }
        // An open quote would swallow every line after it.
        return quote == nil ? lines : text.split(separator: "\n").map(String.init)
    }
}

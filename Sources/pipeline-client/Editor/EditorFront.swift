import Dispatch
import Glibc

/// The line editor at a terminal in raw mode: keys go through `LineEditor`, the line is drawn by
/// `LineLayout`, and what comes meanwhile is written above it (S-3, S-4).
@MainActor
final class EditorFront: LineFront {
    private(set) var editor: LineEditor
    private var decoder = KeyDecoder()
    private var prompt = ""
    /// Answers to questions are no commands: they are neither remembered nor hinted at.
    private var isQuestion = false
    /// Whether a line may be typed now; keys that come earlier wait.
    private var isActive = false
    private var ahead: [Key] = []
    private var pastedLines: [String] = []
    /// The row of the drawn line in which the cursor stands.
    private var cursorRow = 0
    private var escapes = 0
    private let style: () -> Style
    private let vocabulary: () -> Vocabulary
    private let post: @Sendable (FrontEvent) -> Void
    private let history: History
    /// Keys go there instead while a full-screen view is open.
    var diversion: ((Key) -> Void)?

    init(
        history: History, style: @escaping () -> Style, vocabulary: @escaping () -> Vocabulary,
        post: @escaping @Sendable (FrontEvent) -> Void
    ) {
        self.history = history
        self.style = style
        self.vocabulary = vocabulary
        self.post = post
        editor = LineEditor(history: history.load())
        RawTerminal.enter()
    }

    // MARK: the front

    func begin(_ prompt: String, isQuestion: Bool) {
        self.prompt = prompt
        self.isQuestion = isQuestion
        isActive = true
        cursorRow = 0
        if !pastedLines.isEmpty {
            enter(pastedLines.removeFirst())
            return
        }
        draw()
        let keys = ahead
        ahead = []
        for key in keys { take(key) }
    }

    func change(_ prompt: String) {
        self.prompt = prompt
        if isActive { draw() }
    }

    func above(_ body: () -> Void) {
        guard isActive else { return body() }
        Terminal.out(LineLayout.erasing(from: cursorRow))
        body()
        cursorRow = 0
        draw()
    }

    func close() {
        RawTerminal.leave()
    }

    // MARK: keys

    /// The bytes of one reading; none at the end of input.
    func feed(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return post(.line(nil)) }
        for key in decoder.feed(bytes) { route(key) }
        guard decoder.mayBeEscape else { return }
        escapes += 1
        let number = escapes
        Task {
            try? await Task.sleep(for: .milliseconds(60))
            guard number == escapes else { return }
            for key in decoder.endOfSequence() { route(key) }
        }
    }

    private func route(_ key: Key) {
        if let diversion {
            diversion(key)
        } else if isActive {
            take(key)
        } else if key == .control("c") {
            ahead = []
            pastedLines = []
            post(.interrupt)
        } else {
            ahead.append(key)
        }
    }

    private func take(_ key: Key) {
        guard isActive else { return ahead.append(key) }
        let before = editor
        let actions = editor.take(key)
        if actions.isEmpty { return draw() }
        for action in actions { act(action, before) }
    }

    private func act(_ action: LineEditor.Action, _ before: LineEditor) {
        switch action {
        case .submit(let lines):
            pastedLines = Array(lines.dropFirst())
            enter(lines.first ?? "")
        case .interrupt:
            finish(before.characters, marked: "^C")
            isActive = false
            pastedLines = []
            post(.interrupt)
        case .end:
            finish([], marked: "")
            isActive = false
            post(.line(nil))
        case .complete: complete()
        case .clearScreen:
            Terminal.out("\u{1B}[H\u{1B}[2J")
            cursorRow = 0
            draw()
        case .stop:
            Terminal.out(LineLayout.erasing(from: cursorRow))
            RawTerminal.stop()
            cursorRow = 0
            draw()
        case .bell:
            Terminal.out("\u{7}")
            draw()
        }
    }

    private func enter(_ line: String) {
        if !isQuestion { remember(line) }
        finish(Array(line), marked: "")
        isActive = false
        post(.line(line))
    }

    /// For the arrows and the sessions to come, but for what may hold a password.
    func remember(_ line: String) {
        guard !History.holdsSecret(line) else { return }
        editor.remember(line)
        history.append(line)
    }

    /// The line as it stays on the screen, without a hint.
    private func finish(_ characters: [Character], marked mark: String) {
        draw(.init(prompt: shownPrompt, characters: characters, cursor: characters.count))
        Terminal.out(mark + "\n")
        cursorRow = 0
    }

    private var shownPrompt: String { prompt + " " }

    private func complete() {
        guard editor.search == nil else { return }
        guard !isQuestion else { return Terminal.out("\u{7}") }
        let candidates = Completion.candidates(for: editor.beforeCursor, vocabulary())
        let partial = PartialLine(editor.beforeCursor).partial
        guard let first = candidates.first else {
            Terminal.out("\u{7}")
            return
        }
        if candidates.count == 1 {
            editor.replace(last: partial.count, with: first.value + (editor.isAtEnd ? " " : ""))
            return draw()
        }
        let common = Completion.common(candidates)
        if common.count > partial.count, common.lowercased().hasPrefix(partial.lowercased()) {
            editor.replace(last: partial.count, with: common)
            return draw()
        }
        let style = style()
        above {
            for line in CandidateList.lines(candidates, style) { Terminal.outLine(line) }
        }
    }

    // MARK: drawing

    /// The window has another size: what was drawn has moved, so that the line is drawn anew.
    func resized() {
        guard isActive, diversion == nil else { return }
        draw()
    }

    private func draw() {
        if let search = editor.search {
            let prompt = "(\(Phrase.searching(style().language)) '\(search.query)') "
            draw(.init(prompt: prompt, characters: editor.characters, cursor: editor.cursor))
            return
        }
        let hint = editor.isAtEnd && !isQuestion ? Hint.text(for: editor.text, vocabulary()) : ""
        draw(
            .init(
                prompt: shownPrompt, characters: editor.characters, cursor: editor.cursor,
                hint: hint))
    }

    private func draw(_ content: LineLayout.Content) {
        let style = style()
        let layout = LineLayout(
            content, width: style.width ?? 80, paintPrompt: { style.paint($0, .bold) },
            dim: { "\u{1B}[2m\($0)\u{1B}[0m" })
        Terminal.out(layout.drawing(over: cursorRow))
        cursorRow = layout.cursorRow
    }
}

/// What Tab found, when it is more than one: as many as a person can look over.
enum CandidateList {
    private static let most = 40

    static func lines(_ candidates: [Completion.Candidate], _ style: Style) -> [String] {
        let shown = candidates.prefix(most)
        let width = style.width ?? 80
        let column = shown.map { TextWidth.of($0.value) }.max() ?? 0
        var lines: [String] = []
        if shown.allSatisfy(\.note.isEmpty) {
            let across = max(1, width / (column + 2))
            for start in stride(from: 0, to: shown.count, by: across) {
                let row = shown[start..<min(start + across, shown.count)]
                lines.append(
                    row.map { TextWidth.pad($0.value, to: column + 2) }.joined())
            }
        } else {
            lines = shown.map { candidate in
                let value = TextWidth.pad(candidate.value, to: column)
                let note = TextWidth.truncate(
                    Printable.line(candidate.note), to: max(0, width - column - 4))
                return "  " + style.paint(value, .cyan) + "  " + note
            }
        }
        let more = candidates.count - shown.count
        if more > 0 { lines.append("  … +\(more)") }
        return lines
    }
}

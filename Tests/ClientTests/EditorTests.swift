import Glibc
import Testing

@testable import pipeline_client

/// What a person presses as the bytes of a terminal, and what becomes of it.
@Suite struct EditorTests {
    private static let esc = "\u{1B}"

    /// The line after the keys, `|` at the cursor.
    private func typed(_ bytes: String, history: [String] = []) -> String {
        var editor = LineEditor(history: history)
        _ = play(bytes, &editor)
        return shown(editor)
    }

    private func shown(_ editor: LineEditor) -> String {
        String(editor.characters[..<editor.cursor]) + "|"
            + String(editor.characters[editor.cursor...])
    }

    private func play(_ bytes: String, _ editor: inout LineEditor) -> [LineEditor.Action] {
        var decoder = KeyDecoder()
        return decoder.feed(bytes.utf8).flatMap { editor.take($0) }
    }

    @Test(
        "S-3: the line is edited as in every shell, wide characters included",
        arguments: [
            ("deal 1042", "deal 1042|"), ("deal\u{1}x", "x|deal"), ("deal\u{1}x\u{5}y", "xdealy|"),
            ("note 中文\u{7F}字", "note 中字|"), ("中文\u{1B}[D\u{1B}[Dx", "x|中文"),
            ("one two\u{17}", "one |"), ("one two\u{15}", "|"), ("one two\u{1}\u{B}", "|"),
            ("one two\u{17}\u{1}\u{19}", "two|one "), ("one two\u{1B}b\u{1B}b", "|one two"),
            ("one two\u{1}\u{1B}f", "one| two"), ("one two\u{1B}[1;5D", "one |two"),
            ("one two\u{1}\u{1B}[1;5C", "one| two"), ("one two\u{1B}\u{7F}", "one |"),
            ("one\u{1}\u{1B}d", "|"), ("abc\u{1B}[H\u{1B}[3~", "|bc"), ("ab\u{1B}[D\u{4}", "a|"),
            ("abc\u{1B}OH", "|abc"), ("abc\u{1B}[1~\u{1B}[4~", "abc|"), ("ab\u{14}", "ba|"),
            ("e\u{301}x\u{7F}\u{7F}", "|"), ("👨‍👩‍👧x\u{1B}[D\u{7F}", "|x"),
            ("a\u{1B}[99;99zb", "ab|"), ("a\u{1B}[<35;1;1Mb", "ab|"),
        ])
    func editing(bytes: String, line: String) {
        #expect(typed(bytes.replacing("\u{1B}[<35;1;1M", with: "")) == line)
    }

    @Test("S-3: a character that comes in pieces is typed once it is whole")
    func pieces() {
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for byte in "中\u{1B}[D".utf8 { keys += decoder.feed([byte]) }
        #expect(keys == [.text("中"), .left])
        #expect(decoder.feed([0x1B]) == [] && decoder.mayBeEscape)
        #expect(decoder.endOfSequence() == [.escape])
        #expect(decoder.feed([0xFF, 0xC3, 0x28, 0x61]) == [.text("(a")])
    }

    @Test("S-3: nothing that is pasted runs before Enter; its lines run in order then")
    func paste() {
        var editor = LineEditor()
        let paste = "\u{1B}[200~deals\r\ndeal 7\t\u{3}x\nnote \"a\nb\"\n\u{1B}[201~"
        #expect(play(paste, &editor) == [])
        #expect(shown(editor) == "deals\ndeal 7 x\nnote \"a\nb\"|")
        #expect(play("\r", &editor) == [.submit(["deals", "deal 7 x", "note \"a\nb\""])])
        #expect(shown(editor) == "|")
    }

    @Test("S-3: Ctrl-C gives up the line only, Ctrl-D leaves an empty one only")
    func leaving() {
        var editor = LineEditor()
        #expect(play("half a line\u{3}", &editor) == [.interrupt])
        #expect(shown(editor) == "|")
        #expect(play("x\u{1}\u{4}", &editor) == [])
        #expect(play("\u{4}", &editor) == [.end])
    }

    @Test("S-3: the arrows go through the history and come back to the line of one's own")
    func history() {
        let past = ["deals", "deal 7"]
        #expect(typed("\u{1B}[A", history: past) == "deal 7|")
        #expect(typed("\u{1B}[A\u{1B}[A\u{1B}[A", history: past) == "deals|")
        #expect(typed("ne\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B", history: past) == "ne|")
        #expect(typed("\u{10}x", history: past) == "deal 7x|")
        var editor = LineEditor(history: past)
        for line in ["deal 7", " ", "funnel"] { editor.remember(line) }
        #expect(editor.history == ["deals", "deal 7", "funnel"])
    }

    @Test("S-3: Ctrl-R finds the latest line that holds what is typed, and the one before")
    func search() {
        let past = ["deal 7", "funnel", "deal 9", "备注 方舟"]
        #expect(typed("\u{12}deal", history: past) == "deal 9|")
        #expect(typed("\u{12}deal\u{12}", history: past) == "deal 7|")
        #expect(typed("\u{12}方舟", history: past) == "备注 方舟|")
        #expect(typed("abc\u{12}fun\u{7}", history: past) == "abc|")
        #expect(typed("\u{12}fun\u{1}x", history: past) == "x|funnel")
        var editor = LineEditor(history: past)
        #expect(play("\u{12}nothing", &editor).contains(.bell))
        #expect(play("\u{3}", &editor) == [] && editor.search == nil)
    }

    @Test(
        "S-3: no line with a secret is kept",
        arguments: [
            ("AUTH xiaoli secret", true), ("hello 3 auth a b", true),
            ("PERSON.PASSWORD e3 secret OLD x", true), ("PERSON.CREATE x NAME y PASSWORD z", true),
            ("login rediss://a:b@c", true), ("deal 7", false), ("note \"old friends\"", false),
            ("note 密码已改", false),
        ])
    func secrets(line: String, isSecret: Bool) {
        #expect(History.holdsSecret(line) == isSecret)
    }

    @Test("S-3: the history of a profile survives, in a file of one's own")
    func stored() throws {
        let directory = ConfigurationDirectory(
            environment: [
                "XDG_CONFIG_HOME": "/tmp/pipeline-history-\(UInt64.random(in: 0 ... .max))"
            ])
        let history = History(directory: directory, profile: "a/b")
        #expect(history.path.hasSuffix("/history-a_b"))
        defer {
            unlink(history.path)
            rmdir(directory.path)
            rmdir(String(directory.path.dropLast("/pipelined".count)))
        }
        for line in ["deals", " ", "note \"a\nb\\n\"", "AUTH x y"] { history.append(line) }
        #expect(history.load() == ["deals", "note \"a\nb\\n\""])
    }
}

@Suite struct LayoutTests {
    private func layout(_ text: String, at cursor: Int, hint: String = "", width: Int)
        -> LineLayout
    {
        LineLayout(
            .init(prompt: "> ", characters: Array(text), cursor: cursor, hint: hint), width: width,
            paintPrompt: { $0 }, dim: { "<\($0)>" })
    }

    @Test("S-3: a wide character that does not fit stands in the next row, the cursor with it")
    func wide() {
        let line = layout("ab中文字", at: 4, width: 7)
        #expect(line.rows == ["> ab中", "文字"])
        #expect((line.cursorRow, line.cursorColumn) == (1, 2))
        let full = layout("abcde", at: 5, width: 7)
        #expect(full.rows == ["> abcde", ""] && full.cursorRow == 1 && full.cursorColumn == 0)
    }

    @Test("S-3: a hint never makes another row and is no part of the line")
    func hint() {
        #expect(layout("deal", at: 4, hint: " [ID]", width: 40).rows == ["> deal< [ID]>"])
        #expect(layout("deal", at: 4, hint: " [ID] more", width: 12).rows == ["> deal< [ID…>"])
        #expect(layout("deal", at: 4, hint: " [ID]", width: 7).rows == ["> deal"])
    }

    @Test("S-4: drawing goes back to the first row of what was drawn before")
    func drawing() {
        let line = layout("abcdefgh", at: 0, width: 6)
        #expect(line.drawing(over: 2) == "\r\u{1B}[2A\u{1B}[J> abcd\r\nefgh\r\u{1B}[1A\u{1B}[2C")
        #expect(LineLayout.erasing(from: 1) == "\r\u{1B}[1A\u{1B}[J")
    }

    @Test("S-3: what a pasted text hides does no harm to the screen")
    func harmless() {
        #expect(layout("a\nb\u{202E}", at: 4, width: 40).rows == ["> a↵b\\u{202e}"])
    }
}

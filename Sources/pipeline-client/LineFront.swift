import Glibc

/// Where lines come from at a terminal, and how what comes meanwhile is shown above them.
@MainActor
protocol LineFront: AnyObject {
    /// Shows the prompt; a line may be typed from now on, a command or the answer to a question.
    func begin(_ prompt: String, isQuestion: Bool)
    /// Another prompt for the same line.
    func change(_ prompt: String)
    /// Writes something above the line that is typed, which is kept.
    func above(_ body: () -> Void)
    /// Gives the terminal back.
    func close()
}

/// What a front tells the shell.
enum FrontEvent: Sendable, Equatable {
    /// Nil at the end of input.
    case line(String?)
    case notUTF8
    case interrupt
}

/// The terminal's own line editing: for `TERM=dumb`, and where input or output is no terminal.
@MainActor
final class PlainFront: LineFront {
    private let input: LineReader
    private let post: @Sendable (FrontEvent) -> Void
    private let style: () -> Style
    private var isReading = false
    private var prompt = ""

    init(
        _ input: LineReader, style: @escaping () -> Style,
        post: @escaping @Sendable (FrontEvent) -> Void
    ) {
        self.input = input
        self.style = style
        self.post = post
    }

    func begin(_ prompt: String, isQuestion: Bool) {
        self.prompt = prompt
        Terminal.error(style().paint(prompt, .bold) + " ")
        guard !isReading else { return }
        isReading = true
        Task { [input, post] in
            let line = await input.next()
            isReading = false
            guard let line else { return post(.line(nil)) }
            post(line.text.map { .line($0) } ?? .notUTF8)
        }
    }

    func change(_ prompt: String) {
        self.prompt = prompt
        above {}
    }

    func above(_ body: () -> Void) {
        Terminal.error("\n")
        body()
        begin(prompt, isQuestion: false)
    }

    func close() {}
}

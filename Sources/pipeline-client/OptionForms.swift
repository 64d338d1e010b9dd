/// The options as help lists them and as they are looked up: name, value and meaning.
struct OptionForm: Sendable {
    let name: String
    /// What its value is called; nil where it takes none.
    var value: String?
    let meaning: Translation

    init(_ name: String, _ value: String?, _ english: String, _ chinese: String) {
        self.name = name
        self.value = value
        meaning = Translation(english, chinese)
    }

    static let all: [OptionForm] = [
        .init(
            "--url", "rediss://user@host:port", "the server; may stand first as well",
            "服务器地址；也可写在最前面"),
        .init("--host", "HOST", "the server's name or address", "服务器主机名或地址"),
        .init("--port", "PORT", "its port (6699)", "服务器端口（6699）"),
        .init("--user", "LOGIN", "who you are", "登录名"),
        .init("--password-stdin", nil, "the first line of input is the password", "从标准输入第一行读取密码"),
        .init("--cacert", "FILE", "believe the authorities in this PEM file", "信任此 PEM 文件中的证书机构"),
        .init("--profile", "NAME", "a server and login that 'login' stored", "使用 login 保存的服务器与登录"),
        .init("--json", nil, "the answer as JSON", "以 JSON 输出"),
        .init("--jsonl", nil, "a line of JSON for each row", "每行一条 JSON"),
        .init("--csv", nil, "rows with commas", "以 CSV 输出"),
        .init("--tsv", nil, "rows with tabs, as when piped", "以制表符分隔输出（管道默认）"),
        .init("--color", "auto|always|never", "colours", "颜色"),
        .init("--lang", "en|zh", "English or Chinese", "语言：英文或中文"),
        .init("--timeout", "SECONDS", "to connect, and for each answer", "连接及每次应答的时限（秒）"),
        .init("--keep-going", nil, "a script goes on after an error", "脚本出错后继续执行"),
        .init("--help", nil, "this, or help for a word", "显示帮助"),
        .init("--version", nil, "which release this is", "显示版本"),
    ]

    static let variables =
        "PIPELINED_URL PIPELINED_USER PIPELINED_PASSWORD PIPELINED_PASSWORD_FILE"
        + " PIPELINED_CACERT PIPELINED_PROFILE"

    /// Those that a word takes itself; they follow it.
    static func own(of word: String?) -> [OptionForm] {
        switch word {
        case "watch":
            [
                .init("--count", "N", "leave after N messages", "收到 N 条消息后退出"),
                .init("--timeout", "SECONDS", "leave after so long", "到时间后退出（秒）"),
                .init("--ack", nil, "acknowledge each", "逐条确认"),
            ]
        case "import":
            [
                .init("--dry-run", nil, "check only", "只检查"),
                .init("--all-or-nothing", nil, "enter none if one is rejected", "有一行被拒绝则全部不导入"),
                .init("--rejected", "FILE", "where rejected rows go", "被拒绝的行写入此文件"),
            ]
        default: []
        }
    }

    static func lines(_ style: Style) -> [String] {
        let shown = all.map { form in form.name + (form.value.map { " " + $0 } ?? "") }
        let width = min(30, shown.map(\.count).max() ?? 0)
        var lines = [style.paint(Phrase.helpOptions(style.language), .bold)]
        lines += zip(all, shown).map { form, text in
            "  " + style.paint(TextWidth.pad(text, to: width), .cyan) + "  "
                + form.meaning(style.language)
        }
        let variables = Phrase.helpVariables(style.language, variables)
        return lines + [""] + TextWidth.wrap(variables, to: style.width ?? 80)
    }
}

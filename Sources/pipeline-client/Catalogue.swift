/// Everything the shell itself says, in English and Simplified Chinese (S-9). What the server says
/// is shown as it came.
enum Phrase: String, CaseIterable, Sendable {
    // Arguments and profiles
    case unknownOption, unknownOptionNear, optionNeedsValue, optionTakesNone, badOptionValue
    case usageLine, wordUsage
    case badURL, passwordInURL, badFileMode, notOurFile, badProfileLine, cannotRead, cannotWrite
    case noProfile, notUTF8, noUser, noPassword, askUser, askPassword, loggedIn, noTerminalForLogin
    // Connection and trust
    case connectTimeout, cannotConnect, unknownHost, otherAuthority, notTLS, handshakeFailed,
        wrongHostName, expired, notYetValid
    case unknownAuthorityAtTerminal, unknownAuthority, pinQuestion, pinDeclined, pinned, pinChanged
    case badAuthorityFile, badPinsLine, connectionLost, answerTimeout, reconnecting, reconnected
    case protocolBroken, authRefused, transactionLost, uncertainWrite
    // Lines and results
    case unbalancedQuote, noDealOpen, unknownWord, noSuchWord, nothing, moreColumns, lineFailed,
        watchTimeout
    case interruptedAnswer, welcome, unseenBefore, expandedOn, expandedOff, languageUnknown
    case withdrawn, notInLoop, pending, yes, no
    case searching, watchCounts, watchKeys, watchFewKeys, watchPageKeys, watchAskKeys,
        watchCommentKeys,
        watchAnyKey
    case watchEmpty, watchMore, watchNoApproval, watchComment, watchHelp, watchApproved,
        watchRejected, askApprove, askReject
    case notDecided, chartDeals, chartWinRate, chartConversion, chartWeak, chartLowest, chartLongest
    case chartOver, chartHole, chartUnconverted, chartUnconvertedTarget
    case chartIncomplete, chartExpected, chartP10, chartP50, chartP90, chartHead
    case refused, moreRows, importProgressRead, importNoun, importColumn, importNoColumns,
        importRow, importChecked,
        importDone,
        importNothing
    case importMayNotMove, importRejected, importQuote, importCustomer, importDuplicate,
        importUnknownColumn,
        importKept
    case importUTF8, importCells, importProgressCheck, importProgressWrite, importStage, exported
    case friendlyPassword, friendlyDenied, friendlyConflict, friendlyPending, friendlyLoading
    case nobodyOfName, nobodyOfNameNear, severalOfName, nothingMissing
    case askNewCustomer, askOptional, askAmountAgain, askDayAgain, askOneOf, askWhich, askProcess,
        took
    case receiptPending, receiptReady, receiptMissing, pageOptional
    case guideMissing, guideNext, guideDays, guideDaysOf, guideRate, guideRealised
    // Help
    case helpWire, helpMore, helpUnknown, helpExamples, helpOptions, helpVariables
}

extension Phrase {
    static let texts: [Phrase: Translation] = [errors, talk, asking, help, screens, files]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    private static let errors: [Phrase: Translation] = [
        .unknownOption: .init("unknown option {0}", "未知选项 {0}"),
        .unknownOptionNear: .init(
            "unknown option {0}; did you mean {1}?", "未知选项 {0}；是否想输入 {1}？"),
        .optionNeedsValue: .init("option {0} needs a value", "选项 {0} 缺少值"),
        .optionTakesNone: .init("option {0} takes no value", "选项 {0} 不带值"),
        .badOptionValue: .init(
            "option {0}: '{1}' cannot be used; it takes {2}", "选项 {0} 不能是“{1}”，应为 {2}"),
        .usageLine: .init(
            "usage: pipeline-client [options] [rediss://user@host:port] [word …]   (pipeline-client help)",
            "用法：pipeline-client [选项] [rediss://用户@主机:端口] [命令 …]（pipeline-client help 查看帮助）"),
        .wordUsage: .init("usage: {1}   (help {0})", "用法：{1}（帮助 {0} 查看示例）"),
        .badURL: .init(
            "'{0}' is not a server address; write rediss://user@host:port",
            "“{0}”不是服务器地址，应为 rediss://user@host:port"),
        .passwordInURL: .init(
            "a password on the command line is visible to everybody on this machine; use"
                + " --password-stdin, PIPELINED_PASSWORD_FILE or 'pipeline-client login'",
            "命令行中的密码会被本机所有人看到；请用 --password-stdin、PIPELINED_PASSWORD_FILE"
                + " 或 pipeline-client login"),
        .badFileMode: .init(
            "{0} can be read by others (mode {1}); mend it with: chmod 600 {0}",
            "{0} 可被他人读取（权限 {1}）；请执行：chmod 600 {0}"),
        .notOurFile: .init(
            "{0} is not a regular file of yours; it is not used", "{0} 不是属于您的普通文件，不予使用"),
        .badProfileLine: .init(
            "{0}:{1}: expected 'key = value' or '[profile]'",
            "{0}:{1}：应为“key = value”或“[profile]”"),
        .cannotRead: .init("cannot read {0}: {1}", "无法读取 {0}：{1}"),
        .cannotWrite: .init("cannot write {0}: {1}", "无法写入 {0}：{1}"),
        .noProfile: .init(
            "no profile '{0}'; make it with: pipeline-client login --profile {0}",
            "没有名为“{0}”的配置；请执行：pipeline-client login --profile {0}"),
        .notUTF8: .init("the line is not UTF-8", "该行不是 UTF-8 文本"),
        .noUser: .init(
            "no login given; use --user, PIPELINED_USER, rediss://user@host or 'pipeline-client"
                + " login'",
            "未指定登录名；请用 --user、PIPELINED_USER、rediss://user@host 或 pipeline-client login"),
        .noPassword: .init(
            "no password for {0}; use --password-stdin, PIPELINED_PASSWORD_FILE or"
                + " 'pipeline-client login'",
            "缺少 {0} 的密码；请用 --password-stdin、PIPELINED_PASSWORD_FILE 或 pipeline-client login"),
        .noTerminalForLogin: .init(
            "login asks for a password: run it at a terminal or with --password-stdin",
            "login 需要输入密码：请在终端运行，或使用 --password-stdin"),
        .connectTimeout: .init("{0} did not answer within {1} s", "{0} 在 {1} 秒内没有应答"),
        .cannotConnect: .init("cannot connect to {0}: {1}", "无法连接 {0}：{1}"),
        .unknownHost: .init("unknown host: {0}", "找不到主机：{0}"),
        .otherAuthority: .init(
            "the certificate of {0} was not issued by the authority in {1}",
            "{0} 的证书不是由 {1} 中的机构签发"),
        .notTLS: .init("{0} does not speak TLS; is this the right port?", "{0} 不支持 TLS；端口是否正确？"),
        .handshakeFailed: .init("TLS with {0} failed: {1}", "与 {0} 的 TLS 握手失败：{1}"),
        .wrongHostName: .init(
            "the certificate of {0} is for another host name; connect by the name it was made for",
            "{0} 的证书属于另一个主机名；请用证书上的主机名连接"),
        .expired: .init(
            "the certificate of {0} expired on {1}; the server needs a new one",
            "{0} 的证书已于 {1} 过期；服务器需要更换证书"),
        .notYetValid: .init(
            "the certificate of {0} is valid only from {1}; check the clock of this machine",
            "{0} 的证书自 {1} 起才有效；请检查本机时钟"),
        .unknownAuthority: .init(
            "the certificate of {0} is not from a known authority; give its CA with --cacert FILE,"
                + " or connect once at a terminal to confirm the fingerprint {1}",
            "{0} 的证书不是由已知机构签发；请用 --cacert FILE 指定其 CA，或在终端连接一次以确认指纹 {1}"),
        .unknownAuthorityAtTerminal: .init(
            "The certificate of {0} is not from a known authority.\nSHA-256 fingerprint: {1}",
            "{0} 的证书不是由已知机构签发。\nSHA-256 指纹：{1}"),
        .pinDeclined: .init("not trusted; nothing was sent", "未信任该证书；没有发送任何内容"),
        .pinChanged: .init(
            "THE CERTIFICATE OF {0} HAS CHANGED.\n  pinned: {1}\n  now:    {2}\nSomebody may be in"
                + " between. If the server's owner confirms the new fingerprint, remove the line of"
                + " {0} from {3}",
            "{0} 的证书已变更。\n  已固定：{1}\n  现在：  {2}\n可能有人在中间截取。若服务器管理员确认了新指纹，"
                + "请从 {3} 中删除 {0} 一行"),
        .badAuthorityFile: .init(
            "{0} holds no usable PEM certificate", "{0} 中没有可用的 PEM 证书"),
        .badPinsLine: .init(
            "{0}:{1}: expected 'host:port sha256:…'", "{0}:{1}：应为“host:port sha256:…”"),
        .connectionLost: .init("the connection was lost", "连接已断开"),
        .answerTimeout: .init("no answer within {0} s", "{0} 秒内没有答复"),
        .protocolBroken: .init("{0} does not speak the protocol: {1}", "{0} 的协议不符：{1}"),
        .authRefused: .init("{0}", "{0}"),
        .transactionLost: .init(
            "the connection was lost within a transaction; look whether EXEC was done",
            "事务执行中连接断开；请确认 EXEC 是否已执行"),
        .uncertainWrite: .init(
            "the connection was lost before the answer came; look whether '{0}' was done",
            "在收到答复前连接断开；请确认“{0}”是否已执行"),
        .unbalancedQuote: .init("the quote {0} is not closed", "引号 {0} 没有闭合"),
        .noDealOpen: .init(
            "no deal is open: type 'deal 1042' first, or name it: {0} 1042 …",
            "尚未打开商机：请先输入 查看 1042，或直接指定：{0} 1042 …"),
        .unknownWord: .init(
            "unknown word '{0}'; did you mean '{1}'?", "未知命令“{0}”；是否想输入“{1}”？"),
        .noSuchWord: .init(
            "there is no word or command '{0}'; 'help' lists them", "没有这个命令：{0}；输入 帮助 查看"),
        .lineFailed: .init("line {0}: {1}", "第 {0} 行：{1}"),
        .watchTimeout: .init(
            "{0} of {1} messages came within {2} s", "{2} 秒内只收到 {0} 条消息（应为 {1} 条）"),
        .languageUnknown: .init("the languages are en and zh", "可用语言：en、zh"),
        .notInLoop: .init("'{0}' is for the shell at a terminal", "“{0}”只能在交互终端中使用"),
    ]

    private static let talk: [Phrase: Translation] = [
        .askUser: .init("Login: ", "登录名："),
        .askPassword: .init("Password for {0}: ", "{0} 的密码："),
        .loggedIn: .init("Logged in as {0} at {1}; saved in {2}", "已以 {0} 登录 {1}，已保存到 {2}"),
        .pinQuestion: .init(
            "Trust this certificate from now on? Compare the fingerprint first. (yes/no) ",
            "是否今后信任该证书？请先核对指纹。(yes/no) "),
        .pinned: .init("Pinned in {0}", "已固定于 {0}"),
        .reconnecting: .init("connection lost; connecting again …", "连接断开，正在重新连接 …"),
        .reconnected: .init("connected again", "已重新连接"),
        .nothing: .init("(nothing)", "（无）"),
        .moreColumns: .init(
            "({0} more columns: \\x shows one field a line, --json all)",
            "（还有 {0} 列：\\x 逐行显示各字段，--json 显示全部）"),
        .interruptedAnswer: .init(
            "not waiting for the answer; the server may still carry it out",
            "不再等待答复；服务器可能仍会执行"),
        .welcome: .init(
            "pipelined at {0} as {1}. 'help' lists the words, Ctrl-D leaves.",
            "已连接 {0}，用户 {1}。输入 帮助 查看命令，Ctrl-D 退出。"),
        .unseenBefore: .init("… and {0} older ones: inbox", "…… 另有 {0} 条更早的：inbox"),
        .expandedOn: .init("one field a line", "逐行显示各字段"),
        .expandedOff: .init("tables", "以表格显示"),
        .withdrawn: .init("withdrawn", "已撤回"),
        .pending: .init("{0} pending", "{0} 待批"),
        .yes: .init("yes", "是"),
        .no: .init("no", "否"),
        .friendlyPassword: .init("Wrong login or password.", "登录名或密码错误。"),
        .friendlyDenied: .init("You may not do this.", "您无权执行此操作。"),
        .friendlyConflict: .init(
            "Somebody changed it meanwhile: look at it again, then repeat.",
            "期间已被他人修改：请重新查看后再试。"),
        .friendlyPending: .init(
            "It waits for an approval; 'recall' takes the request back.", "正在等待审批；可用 撤回 收回。"),
        .friendlyLoading: .init("The server is starting; try again soon.", "服务器正在启动，请稍后再试。"),
    ]

    private static let help: [Phrase: Translation] = [
        .helpWire: .init(
            "Every command of the server works too, e.g. OPP.LIST STAGE proposal",
            "服务器的所有命令也可直接使用，例如 OPP.LIST STAGE proposal"),
        .helpMore: .init(
            "help WORD shows examples; help OPP.CREATE a command of the server; help all everything.",
            "帮助 推进 查看示例；帮助 OPP.CREATE 查看服务器命令；帮助 all 列出全部，附英文命令。"),
        .helpUnknown: .init("no help for '{0}'", "没有“{0}”的帮助"),
        .helpExamples: .init("Examples", "示例"),
        .helpOptions: .init("Options", "选项"),
        .helpVariables: .init("Without options: {0}, then the profile.", "未给选项时：{0}，然后是配置。"),
    ]
}

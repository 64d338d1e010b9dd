/// The words in Chinese (S-9): each has one name that help shows, and some have others that people try.
extension Words {
    /// The Chinese name of every word.
    static let chinese = [
        "deals": "商机", "new": "新建", "deal": "查看", "feedback": "反馈", "done": "完成",
        "undo": "撤销", "advance": "推进", "guide": "指引", "history": "历史", "recall": "撤回",
        "win": "赢单", "lose": "输单", "invalidate": "作废", "reopen": "重开", "transfer": "转交",
        "note": "备注",
        "set": "修改", "did": "活动", "plan": "安排", "finish": "办结", "join": "加入",
        "leave": "移出", "tag": "标签", "untag": "去标签", "override": "越级", "customers": "客户",
        "customer": "查客户", "new-customer": "新客户", "contacts": "联系人", "contact": "查联系人",
        "new-contact": "新联系人", "leads": "线索", "lead": "查线索", "new-lead": "新线索",
        "convert": "转化", "discard": "放弃",
        "approvals": "审批", "approval": "查审批", "approve": "批准", "reject": "驳回",
        "reroute": "改派", "todo": "待办", "inbox": "消息", "ack": "确认", "whoami": "我",
        "funnel": "漏斗", "forecast": "预测", "conversion": "转化率", "dwell": "停留",
        "winrate": "赢率", "losses": "丢单", "stagnant": "滞留", "holes": "缺口",
        "attainment": "达成", "velocity": "速度", "reps": "对比", "sources": "来源",
        "unanswered": "未回应", "waterfall": "变动",
        "people": "人员", "person": "查人员", "team": "团队", "delegate": "代理",
        "processes": "流程", "process": "查流程", "mutes": "免打扰", "mute": "静音",
        "unmute": "取消静音",
        "import": "导入", "export": "导出", "watch": "值守", "login": "登录", "help": "帮助",
        "expanded": "逐行", "language": "语言", "quit": "退出",
    ]

    /// Other names, in either language.
    private static let synonyms = [
        "exit": "quit", "bye": "quit", "?": "help", "\\q": "quit", "\\?": "help",
        "\\x": "expanded", "me": "whoami", "ls": "deals", "org": "team", "units": "team",
        "call": "did", "messages": "inbox", "next": "guide", "organisation": "team",
        "我的": "whoami", "组织": "team", "部门": "team", "监看": "watch", "打开": "deal",
        "下一步": "guide", "停滞": "stagnant", "通知": "inbox",
    ]

    static let aliases = synonyms.merging(chinese.map { ($0.value, $0.key) }) { first, _ in first }

    /// The name a person of that language knows the word by.
    static func name(_ word: String, _ language: Language) -> String {
        language == .chinese ? chinese[word] ?? word : word
    }

    /// A line of English words as a Chinese reader would type it.
    static func localised(_ line: String, _ language: Language) -> String {
        guard language == .chinese, let first = line.split(separator: " ").first else {
            return line
        }
        let rest = line.dropFirst(first.count)
        guard find(String(first))?.keywordsInChinese == true else {
            return name(String(first), language) + rest
        }
        let parts = rest.split(separator: " ", omittingEmptySubsequences: false).map { part in
            spelledInChinese[String(part)] ?? String(part)
        }
        return name(String(first), language) + parts.joined(separator: " ")
    }

    // MARK: what follows a word

    /// What may follow a word, and the keywords of lists, reports and values, in Chinese.
    private static let chineseArguments = [
        "全部": "all", "我的": "mine", "进行中": "open", "赢单": "won", "输单": "lost", "作废": "invalid",
        "我提交的": "sent", "到": "upto",
        "流程": "PROCESS", "部门": "UNIT", "负责人": "OWNER", "期间": "PERIOD", "阶段": "STAGE",
        "金额": "AMOUNT", "预计成交": "CLOSE", "客户": "CUSTOMER", "币种": "CUR", "来源": "SOURCE",
        "行业": "INDUSTRY", "产品": "PRODUCT", "地区": "REGION", "渠道": "CHANNEL", "结果": "OUTCOME",
        "状态": "STATUS", "类型": "TYPE", "电话": "PHONE", "邮箱": "EMAIL", "公司": "COMPANY",
        "标题": "TITLE", "地址": "ADDRESS", "网站": "WEBSITE", "按": "BY", "对照": "VERSUS",
        "截至": "ASOF", "到期": "DUE",
    ]

    static let spelledInChinese = Dictionary(
        chineseArguments.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

    private static let chineseGroupings = [
        "负责人": "owner", "部门": "unit", "阶段": "stage", "流程": "process", "行业": "industry",
        "产品": "product", "来源": "source", "地区": "region", "渠道": "channel", "月": "month",
        "季度": "quarter",
    ]

    /// Chinese keywords as the server has them; the value behind one stays as it is. Only for words
    /// that take no text without quotes, in which any of them may occur.
    static func inEnglish(_ arguments: some Collection<String>) -> [String] {
        var result: [String] = []
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            guard let english = chineseArguments[argument] else {
                result.append(argument)
                continue
            }
            if english == english.lowercased() {
                result.append(english)
            } else if let value = rest.popFirst() {
                result += [english, english == "BY" ? chineseGroupings[value] ?? value : value]
            } else {
                // A keyword has a value; without one it is a name.
                result.append(argument)
            }
        }
        return result
    }
}

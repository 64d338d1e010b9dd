import PipelineProtocol

/// What a file holds, its columns, and the command that enters one row.
enum FileNoun: String, CaseIterable, Sendable {
    case customers, leads, deals

    struct Column: Equatable, Sendable {
        var name: String
        /// The keyword that takes its value; nil for one that is not passed on as it is.
        var keyword: String?
        var isRequired = false
        /// Other names it is known by.
        var others: [String] = []
    }

    var columns: [Column] {
        switch self {
        case .customers:
            [
                .init(name: "name", isRequired: true, others: ["客户", "客户名称", "名称"]),
                .init(name: "type", keyword: "TYPE", others: ["类型"]),
                .init(name: "industry", keyword: "INDUSTRY", others: ["行业"]),
                .init(name: "address", keyword: "ADDRESS", others: ["地址"]),
                .init(name: "phone", keyword: "PHONE", others: ["电话"]),
                .init(name: "website", keyword: "WEBSITE", others: ["网站"]),
            ]
        case .leads:
            [
                .init(name: "name", isRequired: true, others: ["姓名", "名称", "线索"]),
                .init(name: "company", keyword: "COMPANY", others: ["公司"]),
                .init(name: "source", keyword: "SOURCE", others: ["来源"]),
                .init(name: "phone", keyword: "PHONE", others: ["电话"]),
                .init(name: "email", keyword: "EMAIL", others: ["邮箱"]),
                .init(name: "industry", keyword: "INDUSTRY", others: ["行业"]),
                .init(name: "employees", keyword: "EMPLOYEES", others: ["员工数"]),
                .init(name: "visits", keyword: "VISITS", others: ["访问次数"]),
                .init(name: "downloads", keyword: "DOWNLOADS", others: ["下载次数"]),
                .init(name: "enquiries", keyword: "ENQUIRIES", others: ["询价次数"]),
                .init(name: "owner", keyword: "OWNER", others: ["负责人"]),
            ]
        case .deals:
            [
                .init(name: "extid", keyword: "EXTID", isRequired: true, others: ["外部编号", "编号"]),
                .init(name: "title", isRequired: true, others: ["标题", "商机", "名称"]),
                .init(name: "customer", isRequired: true, others: ["客户"]),
                .init(name: "amount", keyword: "AMOUNT", others: ["金额"]),
                .init(name: "currency", keyword: "CUR", others: ["币种", "cur"]),
                .init(name: "close", keyword: "CLOSE", others: ["预计成交", "成交日期"]),
                .init(name: "process", keyword: "PROCESS", others: ["流程"]),
                .init(name: "owner", keyword: "OWNER", others: ["负责人"]),
                .init(name: "source", keyword: "SOURCE", others: ["来源"]),
                .init(name: "industry", keyword: "INDUSTRY", others: ["行业"]),
                .init(name: "product", keyword: "PRODUCT", others: ["产品"]),
                .init(name: "region", keyword: "REGION", others: ["地区"]),
                .init(name: "channel", keyword: "CHANNEL", others: ["渠道"]),
                .init(name: "stage", others: ["阶段"]), .init(name: "outcome", others: ["结果"]),
                .init(name: "reason", others: ["原因"]),
                .init(name: "competitor", others: ["竞争对手"]),
            ]
        }
    }

    /// By its name in either language.
    init?(named name: String) {
        let chinese: [String: FileNoun] = ["客户": .customers, "线索": .leads, "商机": .deals]
        guard let noun = chinese[name] ?? FileNoun(rawValue: name) else { return nil }
        self = noun
    }

    /// The columns by which a row is known again.
    var key: [String] {
        switch self {
        case .customers: ["name"]
        case .leads: ["name", "company", "phone", "email"]
        case .deals: ["extid"]
        }
    }

    func column(named text: String) -> Column? {
        let wanted = text.lowercased().filter { !$0.isWhitespace }
        return columns.first { $0.name == wanted || $0.others.contains(wanted) }
    }

    /// The place of the column that a refusal of the server is about, by what it names.
    func column(of errorLine: String, _ row: FileRow) -> String? {
        let words = errorLine.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        let named = words[1].prefix { $0 != ":" && $0 != " " }
        if let column = columns.first(where: {
            $0.keyword ?? $0.name.uppercased() == named.uppercased()
        }) {
            return column.name
        }
        // `no person 'wang'`: the cell that holds what was not found.
        guard let open = errorLine.firstIndex(of: "'") else { return nil }
        let quoted = errorLine[errorLine.index(after: open)...].prefix { $0 != "'" }
        return columns.first { row[$0.name] == quoted }?.name
    }
}

/// One row of a file under the names of its columns.
struct FileRow: Sendable {
    var line: Int
    var cells: [String]
    let places: [String: Int]

    /// The trimmed cell; empty where the file has none.
    subscript(name: String) -> String {
        guard let place = places[name], cells.indices.contains(place) else { return "" }
        let cell = cells[place]
        guard let first = cell.utf8.first, let last = cell.utf8.last else { return "" }
        guard first <= 0x20 || last <= 0x20 else { return cell }
        var text = cell[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    func key(_ noun: FileNoun) -> String {
        let key = noun.key.map { self[$0] }.joined(separator: "\u{1F}")
        return noun == .customers ? key.lowercased() : key
    }

    /// The command that enters it; `customer` is the customer's id.
    func command(_ noun: FileNoun, customer: String?) -> [String] {
        var command: [String]
        switch noun {
        case .customers: command = ["CUSTOMER.CREATE", self["name"]]
        case .leads: command = ["LEAD.CREATE", self["name"]]
        case .deals: command = ["OPP.CREATE", self["title"], "CUSTOMER", customer ?? ""]
        }
        for column in noun.columns {
            guard let keyword = column.keyword else { continue }
            let value = self[column.name]
            // As a spreadsheet writes amounts and days.
            switch column.name {
            case _ where value.isEmpty: continue
            case "amount": command += [keyword, Typed.amount(value) ?? value]
            case "close": command += [keyword, Typed.date(value) ?? value]
            default: command += [keyword, value]
            }
        }
        return command
    }

    /// The same row makes the same token, so that a repeated import enters it once even where the
    /// answer to the first was lost (S-8).
    func token(_ noun: FileNoun) -> String {
        let content = noun.columns.map { self[$0.name] }.joined(separator: "\u{1F}")
        let bytes = Array((noun.rawValue + "\u{1F}" + content).utf8)
        return "imp-" + PresentedCertificate.fingerprint(bytes).prefix(40)
    }
}

/// `import NOUN FILE` and its options.
struct ImportOptions: Equatable, Sendable {
    var noun: FileNoun
    var path: String
    var isDryRun = false
    var allOrNothing = false
    var rejected: String?

    init(_ arguments: [String]) throws(Failure) {
        var plain: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--dry-run": isDryRun = true
            case "--all-or-nothing": allOrNothing = true
            case "--rejected":
                guard let path = rest.popFirst() else {
                    throw Failure(.usage, .optionNeedsValue, argument)
                }
                rejected = path
            case _ where argument.hasPrefix("--"):
                let known = ["--dry-run", "--all-or-nothing", "--rejected"]
                guard let near = Spelling.nearest(to: argument, among: known) else {
                    throw Failure(.usage, .unknownOption, argument)
                }
                throw Failure(.usage, .unknownOptionNear, argument, near)
            default: plain.append(argument)
            }
        }
        guard plain.count == 2 else { throw Words.usage("import") }
        guard let noun = FileNoun(named: plain[0]) else { throw Failure(.usage, .importNoun) }
        self.noun = noun
        path = plain[1]
    }

    var rejectedPath: String {
        rejected ?? (path.hasSuffix(".csv") ? String(path.dropLast(4)) : path) + ".rejected.csv"
    }
}

/// `export NOUN [FILE]`.
struct ExportOptions: Equatable, Sendable {
    var noun: FileNoun
    /// Nil for standard output.
    var path: String?

    init(_ arguments: [String]) throws(Failure) {
        guard let first = arguments.first, arguments.count <= 2 else { throw Words.usage("export") }
        guard let noun = FileNoun(named: first) else { throw Failure(.usage, .importNoun) }
        self.noun = noun
        path = arguments.count == 2 ? arguments[1] : nil
    }
}

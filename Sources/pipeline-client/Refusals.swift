import FoundationEssentials

/// The server's refusals for people who read Chinese. The server's own line, which is ASCII by the
/// protocol, always follows, so that nothing is lost where a pattern does not fit.
enum Refusals {
    /// Nil where there is nothing better to say than the line itself.
    static func translated(
        _ line: String, _ language: Language, _ processes: ProcessBook = ProcessBook()
    ) -> String? {
        guard language == .chinese else { return nil }
        for (pattern, template) in patterns {
            guard let parts = match(pattern, line) else { continue }
            if pattern.hasPrefix("GATE") {
                return fill(template, parts.map { missing($0, processes) })
            }
            guard pattern.hasPrefix("NOTFOUND"), let noun = parts.first else {
                return fill(template, parts)
            }
            return fill(template, [Labels.field(noun, language)] + parts.dropFirst())
        }
        return nil
    }

    /// `*` stands for any text; the texts come back in order.
    static func match(_ pattern: String, _ line: String) -> [String]? {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, line.hasPrefix(first) else { return nil }
        var rest = line.dropFirst(first.count)
        var parts: [String] = []
        for (index, piece) in pieces.dropFirst().enumerated() {
            if piece.isEmpty {
                guard index == pieces.count - 2 else { return nil }
                parts.append(String(rest))
                return parts
            }
            guard let place = rest.firstRange(of: piece) else { return nil }
            parts.append(String(rest[..<place.lowerBound]))
            rest = rest[place.upperBound...]
        }
        return rest.isEmpty ? parts : nil
    }

    private static func fill(_ template: String, _ parts: [String]) -> String {
        var result = template
        for (index, part) in parts.enumerated() {
            result = result.replacing("{\(index)}", with: part)
        }
        return result
    }

    /// What a gate misses, item by item, by the names that the company has for it.
    private static func missing(_ text: String, _ processes: ProcessBook) -> String {
        let items = text.components(separatedBy: "; ").map { item in
            if let key = match("missing feedback '*'", item)?.first {
                return "缺少反馈 " + named(key, processes.item(key, of: nil))
            }
            if let key = match("missing field '*'", item)?.first {
                return "缺少字段 " + named(key, Labels.field(key, .chinese))
            }
            if let key = match("task '*' not done", item)?.first {
                return "任务未完成 " + named(key, processes.item(key, of: nil))
            }
            if item.hasPrefix("missing REVIEW") { return "缺少复盘（REVIEW）：哪些有效，哪些无效" }
            if let key = match("'*'", item)?.first {
                return named(key, processes.stage(key, of: nil))
            }
            return item
        }
        return items.joined(separator: "；")
    }

    private static func named(_ key: String, _ name: String?) -> String {
        name.map { $0 == key ? key : "\($0)（\(key)）" } ?? key
    }

    private static let patterns = [
        ("GATE * cannot leave *: *", "{0} 还不能离开阶段 {1}：{2}"),
        ("GATE *", "未满足推进条件：{0}"),
        ("NOTFOUND no * '*'; *", "找不到{0}“{1}”；请检查编号，或询问有权查看的人"),
        ("NOPERM you may not *; that is for *", "您无权执行此操作；有权的是：{1}"),
        ("CONFLICT * is at revision *, changed by *; *", "{0} 已被 {2} 修改（修订 {1}）；请重新查看后再试"),
        ("CONFLICT * is closed (*); *", "{0} 已关闭（{1}）；仍可添加备注"),
        ("CONFLICT * is * already, by *", "{0} 已处理（{1}），由 {2} 完成"),
        ("CONFLICT * '*' is taken by *", "“{1}”已被 {2} 使用"),
        ("PENDING * waits for * and is locked; *", "{0} 正在等待审批 {1}，已锁定；可用 撤回 收回"),
        ("INVALID *: *", "值无效：{0}"),
        ("ERR unknown command *", "服务器没有这个命令"),
        ("ERR wrong number of arguments for '*' command; usage: *", "参数个数不对，用法：{1}"),
        ("ERR syntax error: *", "语法错误"),
        ("DISKFULL *", "服务器磁盘已满，暂时不能写入"),
    ]
}

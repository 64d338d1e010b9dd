/// The usage of a word: groups in brackets stay together, placeholders in the person's language.
enum UsageText {
    static func groups(_ usage: String) -> [String] {
        var groups = [""]
        var depth = 0
        for character in usage {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if character == " ", depth == 0 {
                groups.append("")
            } else {
                groups[groups.count - 1].append(character)
            }
        }
        return groups.filter { !$0.isEmpty }
    }

    static func localised(_ usage: String, _ language: Language) -> String {
        guard language == .chinese else { return usage }
        let takesChinese =
            usage.split(separator: " ").first.flatMap { Words.find(String($0)) }?
            .keywordsInChinese == true
        let usage = Words.localised(usage, language)
        var result = ""
        var word = ""
        for character in usage + " " {
            if character.isLetter {
                word.append(character)
                continue
            }
            let keyword = takesChinese ? Words.spelledInChinese[word] : nil
            result += keyword ?? chinese[word] ?? word
            word = ""
            result.append(character)
        }
        result.removeLast()
        return result
    }

    private static let chinese = [
        "TITLE": "标题", "DEAL": "商机", "ID": "编号", "FIELD": "反馈项", "VALUE": "内容",
        "TASK": "任务", "APPROVAL": "审批", "SUM": "金额", "DATE": "日期", "CLIENT": "客户",
        "LEAD": "线索", "PERSON": "人员", "ACTIVITY": "活动", "KEY": "流程", "u": "部门", "UNIT": "部门",
        "c": "客户",
        "m": "金额", "from": "从", "to": "到",
        "comment": "意见", "text": "文字", "code": "币种", "key": "流程", "SEQ": "序号",
        "CHANNEL": "频道", "WORD": "词", "COMMAND": "命令", "reason": "原因", "FILE": "文件",
        "person": "人员", "s": "阶段", "e": "人员", "seq": "序号", "stage": "阶段", "date": "日期",
        "NAME": "名称", "KIND": "类型", "review": "复盘", "role": "角色", "type": "类型",
        "activity": "活动", "time": "时间", "name": "名称", "n": "条数",
    ]
}

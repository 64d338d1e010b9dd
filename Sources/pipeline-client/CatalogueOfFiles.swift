/// What import and export say (S-8, S-9).
extension Phrase {
    static let files: [Phrase: Translation] = [
        .refused: .init("{0}", "{0}"),
        .importNoun: .init(
            "what is in the file? customers, leads or deals", "文件里是什么？customers、leads 或 deals"),
        .importNoColumns: .init(
            "the first line must name the columns; missing: {0}", "第一行应为列名；缺少：{0}"),
        .importUnknownColumn: .init(
            "unknown column '{0}'; the columns are {1}", "未知的列“{0}”；可用的列：{1}"),
        .importRow: .init("line {0}: {1}", "第 {0} 行：{1}"),
        .importColumn: .init("line {0}, column {1}: {2}", "第 {0} 行，{1} 列：{2}"),
        .importKept: .init("'{0}' must not be empty", "“{0}”不能为空"),
        .importQuote: .init("a quote is not closed, or stands within a value", "引号不配对"),
        .importUTF8: .init(
            "not UTF-8; save the file as 'CSV UTF-8'", "不是 UTF-8 编码；请另存为“CSV UTF-8”"),
        .importCells: .init("more cells than columns", "单元格多于列数"),
        .importCustomer: .init(
            "no customer '{0}'; import the customers first", "没有客户“{0}”；请先导入客户"),
        .importDuplicate: .init("the same as in line {0}", "与第 {0} 行重复"),
        .importStage: .init("'{0}' is not one of {1}", "“{0}”不在可选范围：{1}"),
        .importMayNotMove: .init(
            "past '{0}' a deal is put by an admin only; leave the stage empty, or let an admin import it",
            "只有管理员可以把商机放到“{0}”之后的阶段；请将阶段留空，或由管理员导入"),
        .importRejected: .init("rejected rows: {0}, see {1}", "{0} 行被拒绝，见 {1}"),
        .importDone: .init(
            "{0} entered, {1} were there already, {2} rejected", "导入 {0} 行，已存在 {1} 行，拒绝 {2} 行"),
        .importChecked: .init(
            "checked: {0} can be entered, {1} are there already, {2} rejected",
            "检查完毕：可导入 {0} 行，已存在 {1} 行，拒绝 {2} 行"),
        .importNothing: .init("nothing was entered", "未导入任何行"),
        .importProgressRead: .init("reading what is there …", "正在读取已有数据 …"),
        .importProgressCheck: .init("checking", "检查"),
        .importProgressWrite: .init("entering", "导入"),
        .moreRows: .init(
            "(the first {0}; LIMIT {0} {0} shows the next)", "（仅前 {0} 行；LIMIT {0} {0} 查看后面的）"),
        .exported: .init("{0} rows in {1}", "已导出 {0} 行到 {1}"),
    ]
}

/// What the shell asks, and how it tells what came of it (S-9).
extension Phrase {
    static let asking: [Phrase: Translation] = [
        .nobodyOfName: .init("no {0} has the name '{1}'", "没有名为“{1}”的{0}"),
        .nobodyOfNameNear: .init(
            "no {0} has the name '{1}'; did you mean '{2}'?", "没有名为“{1}”的{0}；是否想输入“{2}”？"),
        .severalOfName: .init(
            "several of {0} are called '{1}': {2}; give the id", "“{1}”对应多个{0}：{2}；请用编号"),
        .nothingMissing: .init("nothing is missing in this stage", "本阶段没有缺项"),
        .askNewCustomer: .init(
            "There is no customer '{0}'. Enter a new one? (y/n)", "没有客户“{0}”。新建吗？(y/n)"),
        .askOptional: .init("(Enter: leave it open)", "（回车跳过）"),
        .askAmountAgain: .init(
            "not understood; amounts are like 480000, 480k or 48万", "无法识别；金额如 480000、48万、1.2亿"),
        .askDayAgain: .init(
            "not understood; days are like 2027-06-30, 2027/6/30 or tomorrow",
            "无法识别；日期如 2027-06-30、2027年6月30日、明天"),
        .askOneOf: .init("one of: {0}", "可选：{0}"),
        .askWhich: .init("Which one", "哪一项"),
        .took: .init("{0}: {1} ({2})", "{0}：{1}（{2}）"),
        .askProcess: .init(
            "Several processes fit ({0}). Which one?", "有多个流程适用（{0}）。用哪一个？"),
        .receiptPending: .init(
            "{0} waits for approval {1}; 'recall' takes it back", "{0} 等待审批 {1}；可用 撤回 收回"),
        .receiptReady: .init("all is done here: 'advance' moves on", "本阶段已完成，可以推进"),
        .receiptMissing: .init("still to do: {0}", "还差：{0}"),
        .guideMissing: .init("still to do", "还差"),
        .guideNext: .init("the next stage asks for", "下一阶段需要"),
        .guideDays: .init("{0} days here", "已停留 {0} 天"),
        .guideDaysOf: .init("{0} of {1} days here", "已停留 {0} 天（上限 {1} 天）"),
        .guideRate: .init("win rate {0} %", "设定赢率 {0} %"),
        .guideRealised: .init("won in fact {0} %", "实际赢率 {0} %"),
        .pageOptional: .init("(optional)", "（选填）"),
    ]
}

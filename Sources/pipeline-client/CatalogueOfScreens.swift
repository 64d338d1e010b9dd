/// What the editor, the full screen and the charts say (S-9).
extension Phrase {
    static let screens: [Phrase: Translation] = [
        .searching: .init("search", "搜索"),
        .watchCounts: .init("{0} to decide, {1} messages", "{0} 项待批，{1} 条消息"),
        .watchKeys: .init(
            "j/k move  Enter the deal  a approve  r reject  x acknowledge  ? help  q leave",
            "j/k 移动  Enter 看商机  a 批准  r 驳回  x 确认  ? 帮助  q 退出"),
        .watchFewKeys: .init(
            "a approve  r reject  ? help  q leave", "a 批准  r 驳回  ? 帮助  q 退出"),
        .watchPageKeys: .init("j/k scroll  Space next page  q back", "j/k 滚动  空格 下一页  q 返回"),
        .watchAskKeys: .init("y yes  any other key: no", "y 确定  其他键取消"),
        .watchCommentKeys: .init("Enter go on  Esc back", "Enter 继续  Esc 返回"),
        .watchAnyKey: .init("any key: back", "按任意键返回"),
        .watchEmpty: .init("Nothing waits for you.", "没有待处理的事项。"),
        .watchNoApproval: .init(
            "this is a message, not an approval that waits: x acknowledges it", "这是一条消息，不是待批申请：x 确认"
        ),
        .watchMore: .init("({0} rows above, {1} below: arrows)", "（上面 {0} 行，下面 {1} 行：用方向键滚动）"),
        .watchComment: .init("Comment: ", "意见："),
        .watchHelp: .init(
            """
            j, k, arrows   move
            g, G           first, last
            Enter          the whole deal
            a              approve, with a comment if you like
            r              reject, with a comment
            x, Space       acknowledge a message
            R              look again
            q, Esc         leave

            What is new appears by itself.
            """,
            """
            j、k、方向键   移动
            g、G           第一项、最后一项
            Enter          查看整个商机
            a              批准（可附意见）
            r              驳回（须附意见）
            x、空格        确认消息
            R              刷新
            q、Esc         退出

            新事项会自动出现。
            """),
        .watchApproved: .init("{0} is approved", "{0} 已批准"),
        .watchRejected: .init("{0} is rejected", "{0} 已驳回"),
        .askApprove: .init("Approve {0}? (y/n)", "批准 {0}？(y/n)"),
        .askReject: .init("Reject {0}? (y/n)", "驳回 {0}？(y/n)"),
        .notDecided: .init("not decided", "未作决定"),
        .chartDeals: .init("deals", "数量"),
        .chartWinRate: .init("win rate", "赢率"),
        .chartConversion: .init("go on", "转化"),
        .chartWeak: .init("◀ weak", "◀ 薄弱"),
        .chartLowest: .init("◀ lowest", "◀ 最低"),
        .chartLongest: .init("◀ longest", "◀ 最久"),
        .chartOver: .init("◀ over {0} d", "◀ 超过 {0} 天"),
        .chartUnconverted: .init(
            "without a rate, not in the sums: {0}", "缺少汇率，未计入合计：{0}"),
        .chartUnconvertedTarget: .init("targets without a rate: {0}", "缺少汇率的目标：{0}"),
        .chartHole: .init("◀ hole", "◀ 缺口"),
        .chartIncomplete: .init(
            "only what you may see: others have deals here too", "仅含您可见的商机，并非全部"),
        .chartExpected: .init("{0} open deals, {1} wins expected", "进行中商机 {0} 个，预计赢单 {1} 个"),
        .chartP10: .init("nine in ten above (P10)", "九成把握不低于 (P10)"),
        .chartP50: .init("as likely above (P50)", "五成把握不低于 (P50)"),
        .chartP90: .init("one in ten above (P90)", "一成把握不低于 (P90)"),
        .chartHead: .init("head", "负责人"),
    ]
}

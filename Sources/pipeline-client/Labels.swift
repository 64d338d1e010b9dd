/// Names of the server's fields and values for people who read Chinese. Programs, and people who
/// read English, get them as they are on the wire.
enum Labels {
    static func field(_ name: String, _ language: Language) -> String {
        language == .chinese ? fields[name] ?? figures[name] ?? name : name
    }

    /// What a kind of thing is called in a sentence.
    static func kind(_ kind: ValueKind, _ language: Language) -> String {
        let names: [ValueKind: Translation] = [
            .customer: .init("customer", "客户"), .person: .init("person", "人员"),
            .unit: .init("unit", "部门"), .deal: .init("open deal", "进行中的商机"),
            .task: .init("task", "任务"), .field: .init("feedback", "反馈项"),
            .stage: .init("stage", "阶段"),
        ]
        return names[kind]?(language) ?? kind.rawValue
    }

    /// Values that are words of the contract, not of the company.
    static func value(_ text: String, of field: String, _ language: Language) -> String {
        guard language == .chinese else { return text }
        return values[field]?[text] ?? text
    }

    private static let fields = [
        "id": "编号", "title": "标题", "customer": "客户", "amount": "金额", "currency": "币种",
        "close": "预计成交", "owner": "负责人", "unit": "部门", "process": "流程", "version": "版本",
        "stage": "阶段", "outcome": "结果", "pending": "待批", "enteredStage": "进入阶段",
        "createdAt": "创建时间", "rev": "修订", "source": "来源", "industry": "行业",
        "product": "产品", "team": "团队", "tags": "标签", "region": "地区", "channel": "渠道",
        "extid": "外部编号", "closedAt": "关闭时间", "reason": "原因", "competitor": "竞争对手",
        "lead": "线索", "rate": "汇率", "feasibility": "可行性", "cost": "成本", "roi": "投入产出",
        "competitors": "竞争对手", "feedback": "反馈", "tasks": "任务", "history": "历史",
        "approvals": "审批", "contacts": "联系人", "notes": "备注", "activities": "活动",
        "key": "键", "name": "名称", "type": "类型", "required": "必填", "value": "内容",
        "role": "角色", "done": "已完成", "by": "操作人", "at": "时间", "evidence": "凭证",
        "note": "说明", "opportunity": "商机", "to": "到", "status": "状态",
        "submitter": "提交人", "approvers": "审批人", "attempt": "第几次", "level": "层级", "vacant": "待指定级数",
        "submittedAt": "提交时间", "delivered": "已送达", "seen": "已读", "decidedBy": "决定人",
        "decidedFor": "代为决定", "decidedAt": "决定时间", "approval": "审批", "seq": "序号",
        "text": "内容", "acked": "已确认", "count": "数量", "winRate": "赢率", "weighted": "加权金额",
        "conversion": "转化率", "flag": "标记", "open": "进行中", "receipt": "依据",
        "complete": "数据完整", "deals": "商机数", "expectedWins": "预计赢单", "sigma": "标准差",
        "target": "目标", "gap": "差额", "login": "登录名", "superior": "上级", "tz": "时区",
        "lang": "语言", "active": "在职", "delegate": "代理人", "delegateFrom": "代理开始",
        "delegateUntil": "代理结束", "company": "公司", "unacked": "未确认", "approver": "审批上级",
        "kind": "种类", "parent": "上级部门", "head": "负责人", "depth": "层级", "people": "人数",
        "mergedInto": "并入", "due": "到期", "overdue": "已过期", "activity": "活动",
        "guidance": "指引", "missing": "还差", "next": "下一阶段需要", "dwellDays": "已停留天数",
        "maxDwellDays": "最长停留天数", "realised": "实际赢率", "advice": "建议", "stages": "阶段",
        "phone": "电话", "email": "邮箱", "address": "地址", "website": "网站", "from": "从",
        "entered": "进入", "advanced": "推进", "ofFirst": "占首阶段", "median": "中位天数",
        "mean": "平均天数", "p90": "九成以内", "lost": "输单", "won": "赢单", "invalid": "作废",
        "causes": "可能原因", "flags": "标记", "phase": "时期", "low": "下限", "high": "上限",
        "configured": "设定赢率", "chance": "达成概率", "stagnant": "停滞", "noPower": "无决策人",
        "rows": "明细", "reasons": "原因", "worst": "最弱", "leads": "线索", "period": "期间",
        "reached": "完成", "percent": "百分比", "invalidAmount": "作废金额",
        "person": "人员", "contact": "联系人", "task": "任务", "event": "事件", "who": "谁", "why": "原因",
        "overdueAmount": "逾期金额", "end": "最终赢单率", "field": "项目", "details": "详情", "hasDraft": "有草稿",
    ]

    /// What reports and processes answer besides.
    private static let figures = [
        "opening": "期初", "new": "新增", "pulledIn": "移入本期", "increased": "金额增加",
        "decreased": "金额减少", "pushedOut": "移出本期", "reopened": "重开", "transferredIn": "转入",
        "transferredOut": "转出", "revalued": "汇率变动", "closing": "期末",
        "expected": "预计完成", "attained": "完成率", "expectedAttainment": "预计完成率",
        "remainingDays": "剩余天数", "cycleDays": "成交周期（天）", "canStillClose": "来得及成交",
        "planned": "计划活动", "answered": "有回应", "callsPerLead": "每条转化线索的电话数",
        "followUpsPerAdvance": "每次推进的跟进次数", "slowestStage": "最慢阶段",
        "slowestDays": "最慢阶段天数", "averageAmount": "平均金额", "needed": "需要数量",
        "velocity": "销售速度（每日）", "metric": "指标", "before": "之前", "after": "之后", "change": "变化（%）",
        "better": "评判", "effect": "效果", "converted": "已转化", "discarded": "已放弃",
        "waitingDays": "等待天数", "holder": "目标归属", "parts": "分解", "sum": "分解合计",
        "groups": "分组", "versus": "对照", "unconverted": "缺少汇率", "unconvertedTarget": "缺少汇率的目标",
        "method": "算法", "step": "刻度", "p10": "九成把握不低于", "p50": "五成把握不低于",
        "choices": "选项", "journey": "客户历程", "requires": "必备字段", "dueDays": "期限（天）",
        "lossReasons": "输单原因", "invalidReasons": "作废原因", "reviewRequired": "须复盘",
        "remindDaysBefore": "提前提醒（天）", "remindAfterHours": "提醒（小时）",
        "escalateAfterHours": "升级（小时）", "adminAfterHours": "转管理员（小时）", "onDeadline": "到期处理",
        "onNoSuperior": "无上级时", "designate": "指定审批人", "customerTypes": "客户类型",
        "industries": "行业", "products": "产品", "units": "部门", "persons": "人员",
        "successor": "接任人", "items": "事项", "settled": "已处理",
    ]

    private static let values: [String: [String: String]] = [
        "outcome": ["open": "进行中", "won": "赢单", "lost": "输单", "invalid": "作废"],
        "status": [
            "pending": "待批", "approved": "已批准", "rejected": "已驳回", "recalled": "已撤回",
            "cancelled": "已取消", "void": "已失效", "moved": "已推进", "open": "进行中",
            "converted": "已转化", "discarded": "已放弃",
        ],
        "flag": ["weak": "薄弱", "hole": "缺口"],
        "flags": ["stagnant": "停滞", "no-power": "无决策人"],
        "phase": ["early": "前期", "mid": "中期", "late": "后期"],
        "method": ["exact": "精确", "grid": "网格", "normal": "正态曲线"],
        "metric": [
            "cycle": "成交周期", "dwell": "停留天数", "winrate": "赢率", "won": "赢单", "lost": "输单",
            "amount": "赢单金额", "deals": "新商机数", "leadconversion": "线索转化率",
        ],
        "better": ["lower": "越低越好", "higher": "越高越好"],
        "effect": ["improvement": "改善", "deterioration": "变差", "none": "无变化"],
        "by": [
            "holder": "下级", "period": "期间", "product": "产品", "region": "地区", "channel": "渠道",
        ],
        "kind": [
            "approval": "审批", "task": "任务", "feedback": "反馈", "field": "字段", "close": "成交日期",
            "activity": "活动", "company": "公司", "branch": "分公司", "department": "部门",
            "team": "小组",
        ],
        "role": ["admin": "管理员", "executive": "高管", "manager": "经理", "rep": "销售"],
        "type": [
            "approval.requested": "请求审批", "approval.approved": "已批准",
            "approval.rejected": "已驳回", "approval.recalled": "已撤回",
            "approval.rerouted": "已改派", "approval.due": "审批到期",
            "approval.escalated": "审批升级", "approval.cancelled": "审批取消",
            "reminder.close": "成交提醒", "reminder.overdue": "已逾期", "reminder.cycle": "周期提醒",
            "reminder.dwell": "停留过久", "reminder.task": "任务到期", "note.added": "新备注",
            "note.mention": "提到您", "deal.transferred": "商机转交", "deal.moved": "商机推进",
            "deal.won": "赢单", "deal.lost": "输单", "deal.invalid": "作废", "deal.slipped": "延期",
            "task.done": "任务完成", "team.joined": "加入团队", "contact.changed": "联系人变动",
            "target.behind": "落后目标", "digest": "汇总", "withdrawn": "已撤回",
            "created": "新建", "moved": "推进", "note": "备注", "feedback": "反馈", "enterprise": "企业",
            "government": "政府", "institution": "机构", "text": "文字", "number": "数字",
            "money": "金额", "date": "日期", "choice": "选项", "boolean": "是否",
        ],
    ]
}

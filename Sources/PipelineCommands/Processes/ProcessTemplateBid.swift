/// S4's bid: 机会 → 入围 → 方案制定 → 报价 → 方案确认 → 商务确认 → 中标. Two approvals: whether to bid at all, before
/// a proposal is paid for, and the price, by two superiors for a large one. S4's lost deal, in
/// which the one contact was moved elsewhere, is why a second contact is a required task.
extension ProcessTemplates {
    static let bidEnglish = #"""
        {"name": "Bid",
         "kind": "linear", "cycleDays": 90, "remindDaysBefore": 10,
         "lossReasons": ["price", "competitor", "not shortlisted", "tender cancelled",
                         "solution not convincing", "contract terms", "our contact left"],
         "invalidReasons": ["no real tender", "we do not qualify", "duplicate"],
         "reviewRequired": true,
         "stages": [
          {"key": "lead-in", "name": "Chance", "winRate": 10, "phase": "early",
           "journey": "awareness", "maxDwellDays": 14,
           "guidance": "Is the project real, and is it for us? Check budget, timetable and our own \#
        qualification before anybody works on it. When a bid stays here, they have not decided to \#
        buy, or we have not called for too long.",
           "tasks": [
            {"key": "check-tender", "name": "Check that the project and its budget are real",
             "required": true, "role": "account-manager", "dueDays": 5},
            {"key": "check-qualification", "name": "Check that we qualify", "required": true,
             "role": "business-development", "dueDays": 7}],
           "feedback": [
            {"key": "project-need", "name": "What the project is to achieve", "type": "text",
             "required": true},
            {"key": "budget-owner", "name": "Who owns the budget", "type": "contact"}]},
          {"key": "shortlist", "name": "Shortlisted", "winRate": 25, "phase": "early",
           "journey": "consideration", "maxDwellDays": 21,
           "guidance": "We are among those who may offer. Learn how the bids will be judged and \#
        against whom. Never hang on one person: get to know a second one who would speak for us, \#
        for people are moved. A proposal costs weeks, so your superior decides here whether to \#
        bid.",
           "tasks": [
            {"key": "second-contact", "name": "Win a second contact at the customer",
             "required": true, "role": "account-manager", "dueDays": 14, "evidence": true},
            {"key": "site-visit", "name": "Visit the customer", "role": "technical-sales",
             "dueDays": 14}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "criteria", "name": "How the bids are judged", "type": "text",
             "required": true},
            {"key": "rivals", "name": "Who else bids", "type": "text", "required": true},
            {"key": "bid-date", "name": "Bids are due on", "type": "date", "required": true}],
           "gate": {"approval": "superior", "remindAfterHours": 8, "escalateAfterHours": 16,
                    "adminAfterHours": 32}},
          {"key": "proposal", "name": "Solution drawn up", "winRate": 40, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 21,
           "guidance": "Draw the solution up with the customer, not for him: each chapter answers \#
        one of the criteria. Have somebody who did not write it read it as the customer would.",
           "tasks": [
            {"key": "write-solution", "name": "Write the solution", "required": true,
             "role": "solution-consultant", "dueDays": 14},
            {"key": "walk-through", "name": "Walk the customer's experts through it",
             "role": "technical-sales", "dueDays": 18, "evidence": true}],
           "feedback": [
            {"key": "advantage", "name": "Why ours is the better one", "type": "text",
             "required": true}]},
          {"key": "quotation", "name": "Quotation", "winRate": 50, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 10,
           "guidance": "Price the value, not the hours. Your superior approves the quotation, a \#
        large one also the next one up. When a bid stays here, they are torn between two offers, \#
        or a competitor has already won and they do not like to say so.",
           "tasks": [
            {"key": "work-out-costs", "name": "Work out costs and margin", "required": true,
             "role": "account-manager", "dueDays": 5},
            {"key": "hand-in-bid", "name": "Hand in the bid", "required": true,
             "role": "business-development", "dueDays": 10, "evidence": true}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "quoted-price", "name": "Price quoted", "type": "money", "required": true},
            {"key": "margin", "name": "Margin, in percent", "type": "number", "required": true}],
           "gate": {"approval": "superior",
                    "levels": [{"from": "0", "count": 1}, {"from": "500000", "count": 2}],
                    "remindAfterHours": 8, "escalateAfterHours": 16, "adminAfterHours": 32}},
          {"key": "confirmation", "name": "Solution confirmed", "winRate": 65, "phase": "mid",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "They say that the solution is the one they want. Get it from the people who \#
        will use it as well as from those who pay. What they want changed now, write down.",
           "tasks": [
            {"key": "defend-bid", "name": "Present and defend the bid", "required": true,
             "role": "solution-consultant", "dueDays": 7},
            {"key": "written-confirmation", "name": "Get the solution confirmed in writing",
             "required": true, "role": "account-manager", "dueDays": 14, "evidence": true}],
           "feedback": [
            {"key": "changes", "name": "Changes asked for", "type": "text"}]},
          {"key": "negotiation", "name": "Terms confirmed", "winRate": 80, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "Agree on price, delivery and payment. Give nothing without getting \#
        something. When a bid stays here, people at the customer disagree: bring them to one \#
        table.",
           "tasks": [
            {"key": "meet-executives", "name": "Meet their executives", "required": true,
             "role": "account-manager", "dueDays": 7}],
           "requires": ["amount", "close", "customer.address"],
           "feedback": [
            {"key": "payment-terms", "name": "Payment terms", "type": "text", "required": true},
            {"key": "delivery-date", "name": "Delivery by", "type": "date", "required": true}]},
          {"key": "award", "name": "Award", "winRate": 90, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "The decision is theirs; stay close until it is on paper. The award itself is \#
        an outcome: WIN ends the deal, LOSE ends it otherwise, and both ask for a review of what \#
        worked and what did not. If they reopen the terms, go back to them.",
           "tasks": [
            {"key": "award-letter", "name": "Receive the letter of award", "required": true,
             "role": "account-manager", "dueDays": 14, "evidence": true}]}],
         "transitions": [
          {"from": "confirmation", "to": "proposal"},
          {"from": "confirmation", "to": "quotation"},
          {"from": "negotiation", "to": "quotation"},
          {"from": "award", "to": "negotiation"}]}
        """#

    static let bidChinese = #"""
        {"name": "投标流程",
         "kind": "linear", "cycleDays": 90, "remindDaysBefore": 10,
         "lossReasons": ["价格", "竞争对手", "未入围", "项目取消",
                         "方案未获认可", "合同条款", "关键联系人离任"],
         "invalidReasons": ["项目不真实", "资质不符", "重复商机"],
         "reviewRequired": true,
         "stages": [
          {"key": "lead-in", "name": "机会", "winRate": 10, "phase": "early",
           "journey": "awareness", "maxDwellDays": 14,
           "guidance": "项目是否真实，是否适合我们？先核实预算、时间表和自身资质，再投入人力，避免浪费资源。\#
        商机久留此阶段，多半是客户还没下决心购买，或者我们太久没有联系。",
           "tasks": [
            {"key": "check-tender", "name": "核实项目和预算的真实性",
             "required": true, "role": "account-manager", "dueDays": 5},
            {"key": "check-qualification", "name": "核对自身资质", "required": true,
             "role": "business-development", "dueDays": 7}],
           "feedback": [
            {"key": "project-need", "name": "项目要达到的目标", "type": "text",
             "required": true},
            {"key": "budget-owner", "name": "预算负责人", "type": "contact"}]},
          {"key": "shortlist", "name": "入围", "winRate": 25, "phase": "early",
           "journey": "consideration", "maxDwellDays": 21,
           "guidance": "我们已进入候选名单。弄清评标办法和对手。不要把希望寄托在一个人身上：\#
        人会调动，请再争取一位愿意为我们说话的人。做方案要花几周时间，是否投标由直属上级在此决定。",
           "tasks": [
            {"key": "second-contact", "name": "在客户方争取第二位联系人",
             "required": true, "role": "account-manager", "dueDays": 14, "evidence": true},
            {"key": "site-visit", "name": "参观客户", "role": "technical-sales",
             "dueDays": 14}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "criteria", "name": "评标办法", "type": "text",
             "required": true},
            {"key": "rivals", "name": "竞争对手", "type": "text", "required": true},
            {"key": "bid-date", "name": "投标截止日期", "type": "date", "required": true}],
           "gate": {"approval": "superior", "remindAfterHours": 8, "escalateAfterHours": 16,
                    "adminAfterHours": 32}},
          {"key": "proposal", "name": "方案制定", "winRate": 40, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 21,
           "guidance": "与客户一起做方案，而不是替客户做：每一章回应一条评标要求。\#
        请没有参与编写的人以客户的眼光通读一遍。",
           "tasks": [
            {"key": "write-solution", "name": "编写方案", "required": true,
             "role": "solution-consultant", "dueDays": 14},
            {"key": "walk-through", "name": "向客户专家讲解方案",
             "role": "technical-sales", "dueDays": 18, "evidence": true}],
           "feedback": [
            {"key": "advantage", "name": "我方方案的优势", "type": "text",
             "required": true}]},
          {"key": "quotation", "name": "报价", "winRate": 50, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 10,
           "guidance": "按价值定价，不按工时定价。报价由直属上级审批，金额大的再由上一级审批。\#
        商机久留此阶段，客户可能拿不定主意，也可能已被竞争对手抢走而不愿明说。",
           "tasks": [
            {"key": "work-out-costs", "name": "测算成本和毛利", "required": true,
             "role": "account-manager", "dueDays": 5},
            {"key": "hand-in-bid", "name": "递交标书", "required": true,
             "role": "business-development", "dueDays": 10, "evidence": true}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "quoted-price", "name": "报价金额", "type": "money", "required": true},
            {"key": "margin", "name": "毛利率（百分比）", "type": "number", "required": true}],
           "gate": {"approval": "superior",
                    "levels": [{"from": "0", "count": 1}, {"from": "500000", "count": 2}],
                    "remindAfterHours": 8, "escalateAfterHours": 16, "adminAfterHours": 32}},
          {"key": "confirmation", "name": "方案确认", "winRate": 65, "phase": "mid",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "客户明确表示选择我们的方案。既要听付款的人说，也要听使用的人说。\#
        此时提出的修改要求，一一记下。",
           "tasks": [
            {"key": "defend-bid", "name": "讲标答辩", "required": true,
             "role": "solution-consultant", "dueDays": 7},
            {"key": "written-confirmation", "name": "取得方案的书面确认",
             "required": true, "role": "account-manager", "dueDays": 14, "evidence": true}],
           "feedback": [
            {"key": "changes", "name": "要求的修改", "type": "text"}]},
          {"key": "negotiation", "name": "商务确认", "winRate": 80, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "谈定价格、交付和付款方式。每一次让步都要换回一点什么。\#
        商机久留此阶段，多半是客户内部发生了意见分歧：请各方坐到一张桌子前。",
           "tasks": [
            {"key": "meet-executives", "name": "会见高层", "required": true,
             "role": "account-manager", "dueDays": 7}],
           "requires": ["amount", "close", "customer.address"],
           "feedback": [
            {"key": "payment-terms", "name": "付款条件", "type": "text", "required": true},
            {"key": "delivery-date", "name": "交付日期", "type": "date", "required": true}]},
          {"key": "award", "name": "中标", "winRate": 90, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "决定权在客户手里，落到纸面之前保持联系。中标本身是结果：用 WIN 结束商机，\#
        未中标则用 LOSE，两者都必须填写复盘：什么有效，什么无效。若客户重新谈条款，请退回商务确认。",
           "tasks": [
            {"key": "award-letter", "name": "收到中标通知书", "required": true,
             "role": "account-manager", "dueDays": 14, "evidence": true}]}],
         "transitions": [
          {"from": "confirmation", "to": "proposal"},
          {"from": "confirmation", "to": "quotation"},
          {"from": "negotiation", "to": "quotation"},
          {"from": "award", "to": "negotiation"}]}
        """#
}

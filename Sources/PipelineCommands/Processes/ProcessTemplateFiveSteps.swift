/// S2's five steps. The 25 % of the introduction is S2's own figure: a quarter of those who saw
/// the product demonstrated bought it. The last step is the closing one; WIN or LOSE ends it,
/// either with the review that S2 makes a step of its own.
extension ProcessTemplates {
    static let fiveStepsEnglish = #"""
        {"name": "Five steps",
         "kind": "linear", "cycleDays": 45, "remindDaysBefore": 5,
         "lossReasons": ["price", "competitor", "no budget", "no decision", "product does not fit",
                         "contract terms", "our contact left"],
         "invalidReasons": ["no real need", "duplicate", "cannot be reached", "outside our market"],
         "reviewRequired": true,
         "stages": [
          {"key": "qualify", "name": "Qualify", "winRate": 10, "phase": "early",
           "journey": "awareness", "maxDwellDays": 14,
           "guidance": "Find out whether they want to buy and are able to: is there a need that we \#
        meet, is there money for it, and who decides? A clear no today is worth more than a maybe \#
        that costs a quarter. If there is no real need, say INVALIDATE and go on to the next one. \#
        When a deal stays here, either they have not made up their minds or we have not called.",
           "tasks": [
            {"key": "first-talk", "name": "First talk with the customer", "required": true,
             "dueDays": 2},
            {"key": "find-decider", "name": "Find out who decides and who pays", "dueDays": 7}],
           "feedback": [
            {"key": "need", "name": "What they need, in their own words", "type": "text",
             "required": true},
            {"key": "budget-state", "name": "Is there a budget?", "type": "choice",
             "required": true, "choices": ["approved", "planned", "none yet", "unknown"]},
            {"key": "decider", "name": "Who decides", "type": "contact"}]},
          {"key": "introduction", "name": "Product introduction", "winRate": 25, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 14,
           "guidance": "Show what the product does for the need they named, and what it costs. Ask \#
        more than you tell: every question of theirs is a requirement. End with a next step that \#
        they agree to, with a date.",
           "tasks": [
            {"key": "demonstration", "name": "Demonstrate the product", "required": true,
             "dueDays": 7, "evidence": true},
            {"key": "answer-questions", "name": "Answer the open questions", "dueDays": 10}],
           "feedback": [
            {"key": "reaction", "name": "Their reaction", "type": "choice", "required": true,
             "choices": ["wants a proposal", "needs to think", "not convinced"]},
            {"key": "requirements", "name": "Requirements heard", "type": "text"},
            {"key": "rivals", "name": "Whom else they talk to", "type": "text"}]},
          {"key": "proposal", "name": "Proposal and quote", "winRate": 50, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 14,
           "guidance": "Settle how they buy and on what terms before you name a price. Walk them \#
        through the proposal; do not just send it. Your superior looks at price and terms before \#
        the deal goes on. When it stays here, they are torn between two offers, or a competitor \#
        has already won and they do not like to say so: ask.",
           "tasks": [
            {"key": "send-proposal", "name": "Present and hand over the proposal",
             "required": true, "dueDays": 5, "evidence": true},
            {"key": "buying-way", "name": "Agree on how they buy", "dueDays": 10}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "quoted-price", "name": "Price quoted", "type": "money", "required": true},
            {"key": "payment-terms", "name": "Payment terms", "type": "text", "required": true},
            {"key": "discount", "name": "Discount given, in percent", "type": "number"}],
           "gate": {"approval": "superior", "remindAfterHours": 8, "escalateAfterHours": 16,
                    "adminAfterHours": 32}},
          {"key": "contract", "name": "Contract", "winRate": 75, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "Put into the contract what was agreed, nothing else, and send it for final \#
        approval. Know who signs, who reads it before, and when. When a deal stays here, people \#
        at the customer disagree: find out who, and about what.",
           "tasks": [
            {"key": "draft-contract", "name": "Draft the contract", "required": true,
             "dueDays": 3},
            {"key": "send-contract", "name": "Send the contract", "required": true,
             "dueDays": 5, "evidence": true}],
           "requires": ["amount", "close", "customer.address"],
           "feedback": [
            {"key": "signer", "name": "Who signs", "type": "contact"},
            {"key": "signing-date", "name": "Date of signing promised", "type": "date",
             "required": true}]},
          {"key": "closing", "name": "Won or lost", "winRate": 90, "phase": "late",
           "journey": "decision", "maxDwellDays": 10,
           "guidance": "Get the decision, then end the deal with WIN or LOSE; both ask for a \#
        review. What worked, what did not? Won: note the reasons and celebrate. Lost: note which \#
        step went wrong, so that the next deal does not fail there. If terms are reopened, go \#
        back to the proposal or the contract rather than wait.",
           "tasks": [
            {"key": "get-decision", "name": "Get their decision in writing", "required": true,
             "dueDays": 7, "evidence": true}]}],
         "transitions": [
          {"from": "proposal", "to": "introduction"},
          {"from": "contract", "to": "proposal"},
          {"from": "closing", "to": "contract"},
          {"from": "closing", "to": "proposal"}]}
        """#

    static let fiveStepsChinese = #"""
        {"name": "五步销售流程",
         "kind": "linear", "cycleDays": 45, "remindDaysBefore": 5,
         "lossReasons": ["价格", "竞争对手", "没有预算", "迟迟不决策", "产品不匹配",
                         "合同条款", "关键联系人离任"],
         "invalidReasons": ["没有真实需求", "重复商机", "联系不上", "不在业务范围"],
         "reviewRequired": true,
         "stages": [
          {"key": "qualify", "name": "判断是否合格", "winRate": 10, "phase": "early",
           "journey": "awareness", "maxDwellDays": 14,
           "guidance": "判断客户是否有意愿、有能力购买：需求是否匹配，预算是否到位，由谁拍板。\#
        今天得到明确的“不”，胜过拖上一个季度的“也许”。没有真实需求的，请用 INVALIDATE 标为无效，\#
        把时间留给下一个客户。商机久留此阶段，多半是客户还没下决心，或者我们太久没有联系。",
           "tasks": [
            {"key": "first-talk", "name": "首次沟通", "required": true,
             "dueDays": 2},
            {"key": "find-decider", "name": "弄清谁决策、谁付款", "dueDays": 7}],
           "feedback": [
            {"key": "need", "name": "客户需求（用客户的原话）", "type": "text",
             "required": true},
            {"key": "budget-state", "name": "预算情况", "type": "choice",
             "required": true, "choices": ["已批准", "已列入计划", "尚无预算", "不清楚"]},
            {"key": "decider", "name": "决策人", "type": "contact"}]},
          {"key": "introduction", "name": "产品介绍", "winRate": 25, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 14,
           "guidance": "针对客户说出的需求，讲清产品的功能和价格。多问少讲：客户的每个问题都是一条需求。\#
        结束时约定下一步，并定下日期。",
           "tasks": [
            {"key": "demonstration", "name": "产品演示", "required": true,
             "dueDays": 7, "evidence": true},
            {"key": "answer-questions", "name": "答复遗留问题", "dueDays": 10}],
           "feedback": [
            {"key": "reaction", "name": "客户反应", "type": "choice", "required": true,
             "choices": ["希望看方案", "需要考虑", "尚未认可"]},
            {"key": "requirements", "name": "了解到的具体要求", "type": "text"},
            {"key": "rivals", "name": "客户还在接触谁", "type": "text"}]},
          {"key": "proposal", "name": "方案/报价", "winRate": 50, "phase": "mid",
           "journey": "consideration", "maxDwellDays": 14,
           "guidance": "先谈定采购方式和价格条款，再报价。方案要当面讲解，不要一发了之。\#
        进入合同阶段之前，由直属上级审核价格和条款。商机久留此阶段，客户可能面对两难的选择，\#
        也可能已被竞争对手抢走而不愿明说：直接去问。",
           "tasks": [
            {"key": "send-proposal", "name": "讲解并提交方案",
             "required": true, "dueDays": 5, "evidence": true},
            {"key": "buying-way", "name": "商定采购方式", "dueDays": 10}],
           "requires": ["amount", "close"],
           "feedback": [
            {"key": "quoted-price", "name": "报价金额", "type": "money", "required": true},
            {"key": "payment-terms", "name": "付款条件", "type": "text", "required": true},
            {"key": "discount", "name": "折扣（百分比）", "type": "number"}],
           "gate": {"approval": "superior", "remindAfterHours": 8, "escalateAfterHours": 16,
                    "adminAfterHours": 32}},
          {"key": "contract", "name": "合同", "winRate": 75, "phase": "late",
           "journey": "decision", "maxDwellDays": 14,
           "guidance": "把与客户约定好的内容写成合同，不多也不少，发给客户做最终批准。\#
        弄清谁签字、谁先审、何时签。商机久留此阶段，多半是客户内部意见不一：弄清是谁，为了什么。",
           "tasks": [
            {"key": "draft-contract", "name": "起草合同", "required": true,
             "dueDays": 3},
            {"key": "send-contract", "name": "发出合同", "required": true,
             "dueDays": 5, "evidence": true}],
           "requires": ["amount", "close", "customer.address"],
           "feedback": [
            {"key": "signer", "name": "签字人", "type": "contact"},
            {"key": "signing-date", "name": "约定签约日期", "type": "date",
             "required": true}]},
          {"key": "closing", "name": "赢/输", "winRate": 90, "phase": "late",
           "journey": "decision", "maxDwellDays": 10,
           "guidance": "拿到客户的决定，然后用 WIN 或 LOSE 结束商机，两者都必须填写复盘：\#
        什么有效，什么无效？赢单，总结成功原因并庆祝；输单，找出哪个销售动作出了问题，\#
        不让下一单败在同一处。若条款重新谈起，请退回方案或合同阶段，不要干等。",
           "tasks": [
            {"key": "get-decision", "name": "取得客户的书面决定", "required": true,
             "dueDays": 7, "evidence": true}]}],
         "transitions": [
          {"from": "proposal", "to": "introduction"},
          {"from": "contract", "to": "proposal"},
          {"from": "closing", "to": "contract"},
          {"from": "closing", "to": "proposal"}]}
        """#
}

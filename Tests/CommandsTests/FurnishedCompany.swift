extension LedgerCompany {
    /// People `root` e1 (admin), `boss` e2 (head of u2), `lee` e3 (head of u3 below u2), `ann` e4 and
    /// `bob` e5 in u3, `eve` e6 (executive), `zoe` e7 in u4. Processes `bid` p1 (two levels of
    /// approval from 500 000 at its first gate) and `plain` p2. Customers c1 (ann's) and c2 (government).
    /// Deals o1 and o2 of ann's, in `bid` and `plain`, and o3 of bob's.
    static func furnished() -> LedgerCompany {
        LedgerCompany(furniture)
    }

    /// Made once: a ledger is a value, and its copy costs nothing.
    private static let furniture: Parts = {
        let company = LedgerCompany()
        company.run("UNIT.CREATE 销售部 KIND branch")
        company.run("UNIT.CREATE East PARENT u2 KIND team")
        company.run("UNIT.CREATE West PARENT u2 KIND team")
        company.run("PERSON.CREATE boss NAME Boss UNIT u2 ROLE manager LANG en")
        company.run("PERSON.CREATE lee NAME 李雷 UNIT u3")
        company.run("PERSON.CREATE ann NAME Ann UNIT u3 LANG en PASSWORD password-of-ann")
        company.run("PERSON.CREATE bob NAME Bob UNIT u3 LANG en")
        company.run("PERSON.CREATE eve NAME Eve UNIT u1 ROLE executive LANG en")
        company.run("PERSON.CREATE zoe NAME Zoë UNIT u4 LANG en")
        company.run("UNIT.UPDATE u2 HEAD boss")
        company.run("UNIT.UPDATE u3 HEAD lee")
        company.put("bid", bid)
        company.put("plain", plain)
        company.run("PROCESS.PUBLISH bid")
        company.run("PROCESS.PUBLISH plain")
        company.run("CUSTOMER.CREATE Acme TYPE enterprise PHONE 021-1234", as: "ann")
        company.run("CUSTOMER.CREATE 市政府 TYPE government")
        company.run(
            #"OPP.CREATE "Bridge 大桥" CUSTOMER c1 AMOUNT 600000 CLOSE 2027-06-30 SOURCE fair"#,
            as: "ann")
        company.run(#"OPP.CREATE "Small roof" CUSTOMER c2 PROCESS plain"#, as: "ann")
        company.run("OPP.CREATE Tower CUSTOMER c1 AMOUNT 1000.5 EXTID T-1", as: "bob")
        return company.parts
    }()

    func put(_ key: String, _ document: String) {
        run(["PROCESS.PUT", key, document].map { Array($0.utf8) })
    }

    /// Everything that the first gate of o1 asks for; the deal has revision 4 then.
    func completeFirstGate() {
        run(#"OPP.FEEDBACK o1 budget_owner "Mr. Wang""#, as: "ann")
        run("OPP.TASK o1 site-visit DONE EVIDENCE photo-17", as: "ann")
    }

    /// o1 waits for a1, which lies with `lee` and then with `boss`.
    func submit() {
        completeFirstGate()
        run("OPP.ADVANCE o1 NOTE ready", as: "ann")
    }

    static let bid = """
        {"name": "投标", "lossReasons": ["price", "competitor"], "invalidReasons": ["duplicate"],
         "reviewRequired": true, "cycleDays": 45,
         "stages": [
          {"key": "proposal", "name": "方案制定", "winRate": 40, "maxDwellDays": 14,
           "guidance": "Ask who decides.", "requires": ["amount", "customer.phone"],
           "tasks": [{"key": "site-visit", "name": "参观客户", "required": true, "evidence": true}],
           "feedback": [
            {"key": "budget_owner", "name": "预算负责人", "type": "text", "required": true},
            {"key": "budget", "name": "Budget", "type": "money"},
            {"key": "decision", "name": "Decision", "type": "date"},
            {"key": "size", "name": "Size", "type": "choice", "choices": ["small", "large"]},
            {"key": "tender", "name": "Tender", "type": "boolean"},
            {"key": "floors", "name": "Floors", "type": "number"},
            {"key": "champion", "name": "Champion", "type": "person"}],
           "gate": {"approval": "superior",
                    "levels": [{"from": "0", "count": 1}, {"from": "500000", "count": 2}]}},
          {"key": "negotiation", "name": "商务确认", "winRate": 80},
          {"key": "closing", "name": "中标", "winRate": 90}],
         "transitions": [{"from": "negotiation", "to": "proposal"}]}
        """

    static let plain = """
        {"name": "Plain", "appliesTo": {"customerTypes": ["government"]},
         "stages": [{"key": "start", "name": "Start", "winRate": 50},
                    {"key": "finish", "name": "Finish", "winRate": 60}]}
        """
}

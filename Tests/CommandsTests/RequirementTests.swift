import PipelineProtocol
import Testing

@testable import PipelineCommands

/// D-2: what a stage may require, one by one: missed by name, and met by filling it.
struct RequirementTests {
    @Test(
        "D-2, D-11: every field that a stage may require is missed by its name until it is there",
        arguments: [
            ("amount", "OPP.UPDATE o4 AMOUNT 1"), ("close", "OPP.UPDATE o4 CLOSE 2027-01-31"),
            ("source", "OPP.UPDATE o4 SOURCE 展会"), ("industry", "OPP.UPDATE o4 INDUSTRY 建筑"),
            ("product", "OPP.UPDATE o4 PRODUCT 挖掘机"), ("region", "OPP.UPDATE o4 REGION 华东"),
            ("channel", "OPP.UPDATE o4 CHANNEL 直销"),
            ("customer.type", "CUSTOMER.UPDATE c3 TYPE 企业"),
            ("customer.industry", "CUSTOMER.UPDATE c3 INDUSTRY 建筑"),
            ("customer.address", "CUSTOMER.UPDATE c3 ADDRESS 上海"),
            ("customer.phone", "CUSTOMER.UPDATE c3 PHONE 021"),
            ("customer.website", "CUSTOMER.UPDATE c3 WEBSITE x.example"),
            ("contact.decision-maker", "OPP.CONTACT o4 ADD k1 PART decision-maker"),
            ("contact.sponsor", "OPP.CONTACT o4 ADD k1 PART sponsor"),
            ("contact.influencer", "OPP.CONTACT o4 ADD k1 PART influencer"),
            ("contact.user", "OPP.CONTACT o4 ADD k1 PART user"),
        ])
    func requirement(name: String, filling: String) {
        let company = LedgerCompany.furnished()
        company.put(
            "asking",
            """
            {"name": "要求", "stages": [
              {"key": "one", "name": "一", "winRate": 10, "requires": ["\(name)"]},
              {"key": "two", "name": "二", "winRate": 20}]}
            """)
        company.run("PROCESS.PUBLISH asking")
        company.run("CUSTOMER.CREATE 空白", as: "ann")
        company.run("CONTACT.CREATE c3 王", as: "ann")
        company.run("OPP.CREATE 商机 CUSTOMER c3 PROCESS asking", as: "ann")
        #expect(
            company.refusal("OPP.ADVANCE o4", as: "ann")
                == "GATE o4 cannot leave 'one': missing field '\(name)'")
        let missing = company.run("OPP.GUIDE o4", as: "ann")["missing"]?.plain
        #expect(missing == "[{kind: field, key: \(name), name: \(name)}]")
        #expect(company.refusal(filling, as: "ann") == nil)
        #expect(company.run("OPP.ADVANCE o4", as: "ann")["stage"]?.text == "two")
    }
}

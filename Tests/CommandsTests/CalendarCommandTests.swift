import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("CALENDAR.PUT and CALENDAR.LIST")
struct CalendarCommandTests {
    private func put(_ company: LedgerCompany, _ json: String, as login: String = "root") -> Reply {
        company.run(["CALENDAR.PUT", "cn", json].map { Array($0.utf8) }, as: login)
    }

    @Test("D-37: a calendar is put down and listed with everything written out; replay agrees")
    func list() throws {
        let company = LedgerCompany.furnished()
        let reply = put(
            company,
            """
            {"name": "中国", "units": ["u2"], "hours": ["09:00-12:00", "13:00-24:00"],
             "holidays": ["2026-10-02", "2026-10-01"], "workdays": ["2026-10-10"]}
            """)
        #expect(reply.plain == "{id: cn, rev: 1, seq: \(company.log.count)}")
        let list = company.run("CALENDAR.LIST", as: "ann").plain
        #expect(
            list
                == #"[{key: cn, rev: 1, json: {"name": "中国", "units": ["u2"], "weekend": ["sat", "sun"], "hours": ["09:00-12:00", "13:00-24:00"], "holidays": ["2026-10-01", "2026-10-02"], "workdays": ["2026-10-10"]}}]"#
        )
        #expect(try company.replayed().run("CALENDAR.LIST").plain == list)
        #expect(put(company, #"{"name": "N", "weekend": []}"#).plain.hasPrefix("{id: cn, rev: 2"))
        #expect(
            company.run("CALENDAR.LIST").plain.contains(#""weekend": [], "hours": ["09:00-18:00"]"#)
        )
    }

    @Test("§2: a calendar's key is any; without a name it is called by its key")
    func company() {
        let company = LedgerCompany.furnished()
        company.run(["CALENDAR.PUT", "company", "{}"].map { Array($0.utf8) })
        #expect(company.run("CALENDAR.LIST").plain.contains(#"json: {"name": "company""#))
    }

    @Test(
        "P-5: everything that is wrong is told",
        arguments: [
            ("x", "ann", "NOPERM you may not define calendars; that is for an admin"),
            (
                #"{"name": "N", "units": ["x"], "weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["9-12", "10:00-12:00", "11:00-13:00"], "holidays": ["2026-02-30"]}"#,
                "root",
                "INVALID json: units[0] must be the id of a unit, such as u2; weekend is the whole week: leave a day to work on; hours[0] must be hours of a day such as '09:00-12:00'; hours[2] begins before the hours before it end; holidays[0] must be a calendar date, YYYY-MM-DD"
            ),
            (#"{"name": "N", "hours": []}"#, "root", "INVALID json: hours is empty: give some"),
            (#"{"name": "N", "units": ["u9"]}"#, "root", "INVALID units: no unit u9"),
            (#"{"name": " "}"#, "root", "INVALID json: name must not be empty"),
            (
                #"{"name": "a\u001bb"}"#, "root",
                "INVALID json: name contains a control character"
            ),
            (
                #"{"name": "a\u0085"}"#, "root",
                "INVALID json: name contains a control character"
            ),
        ])
    func refusals(json: String, login: String, error: String) {
        #expect(put(LedgerCompany.furnished(), json, as: login).errorLine == error)
    }
}

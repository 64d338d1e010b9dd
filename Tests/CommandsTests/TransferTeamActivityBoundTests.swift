import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

struct TransferTeamActivityBoundTests {
    @Test("P-5: nobody who is gone gets a deal, a place on a team or a request")
    func inactive() {
        let company = LedgerCompany.furnished()
        company.run("PERSON.DEACTIVATE zoe")
        for line in ["OPP.TRANSFER o1 TO zoe", "OPP.TEAM o1 ADD zoe ROLE technical"] {
            #expect(
                company.refusal(line, as: "lee")
                    == "CONFLICT e7 is not active; name somebody who is", "\(line)")
        }
    }

    @Test("D-38: a team has at most 100 places")
    func places() {
        let company = LedgerCompany.furnished()
        for number in 1...Bounds.teamPlaces {
            company.run("OPP.TEAM o1 ADD zoe ROLE role-\(number)", as: "ann")
        }
        #expect(
            company.refusal("OPP.TEAM o1 ADD zoe ROLE one-more", as: "ann")
                == "INVALID ADD: a team has at most 100 places")
        #expect(company.run("OPP.TEAM o1 REMOVE zoe", as: "ann")["id"]?.text == "o1")
        #expect(company.run("OPP.GET o1", as: "ann")["team"]?.elements?.isEmpty == true)
    }

    @Test(
        "D-22: a level that nobody is left for is an admin's to reroute, and the admin is told so")
    func vacancy() {
        let company = LedgerCompany.furnished()
        company.submit()
        company.run("APPROVAL.APPROVE a1", as: "lee")
        company.run("PERSON.DEACTIVATE boss")
        #expect(
            company.refusal("APPROVAL.APPROVE a1", as: "lee")
                == "NOPERM you may not decide a1 now; that is for whoever an admin names by APPROVAL.REROUTE"
        )
        func shown() -> [Int64?] {
            let request = company.run("APPROVAL.GET a1")
            return [request["level"]?.integer, request["vacant"]?.integer]
        }
        #expect(shown() == [2, 1])
        let row = company.run("INBOX.LIST").elements?.last
        #expect(row?["type"]?.text == "approval.escalated")
        #expect(row?["approval"]?["id"]?.text == "a1")
        company.run("APPROVAL.REROUTE a1 TO eve REASON gone")
        #expect(shown() == [2, 0])
        company.run("APPROVAL.APPROVE a1", as: "eve")
        #expect(company.run("OPP.GET o1", as: "ann")["stage"]?.text == "negotiation")
    }

    @Test("D-35: many deals are named in part; what fits no frame is told in numbers")
    func texts() throws {
        let request = Request(["PERSON.DEACTIVATE"])
        let command = Invocation(try #require(CommandTable.find(request[0])), request)
        let many = (1...23 as ClosedRange<UInt32>).map { OpportunityID($0) }
        let owned = Refusal.rejection(.ownsDeals(PersonID(4), many)).line(for: command)
        #expect(owned.hasPrefix("CONFLICT e4 owns open deals: o1, o2, "))
        #expect(owned.hasSuffix("o20 and 3 more; DEALS-TO says who gets them"))
        let tooMuch = Rejection.tooMuchAtOnce(PersonID(4), deals: 60_000, requests: 3)
        #expect(
            Refusal.rejection(tooMuch).line(for: command)
                == "CONFLICT e4 has too much in hand for one step (60000 open deals, 3 requests to decide); OPP.TRANSFER or APPROVAL.REROUTE some of it first"
        )
    }
}

import Testing

@testable import PipelineDomain

struct OverrideTests {
    private func override(_ deal: OpportunityID, to stage: String) -> OverrideOpportunity {
        OverrideOpportunity(opportunity: deal, to: stage, reason: "urgent")
    }

    @Test("D-31: past every gate, recorded as an override with its reason")
    func moves() throws {
        let scenario = try TransferTests.company()
        let deal = try scenario.deal()
        scenario.pass(days: 4)
        scenario.expect(
            "manager", override(deal, to: "c"),
            gives: [
                .opportunity(deal, .overridden(Change(from: "a", to: "c"), reason: "urgent"))
            ])
        #expect(scenario[deal].currentStage.key == "c")
        #expect(scenario[deal].enteredStage == scenario.now)
        #expect(scenario[deal].enteredStages == 0b101)
    }

    @Test("D-31, D-25: it cancels nothing: refused while an approval is pending")
    func pending() throws {
        let scenario = try TransferTests.company()
        let deal = try scenario.deal()
        let request = try scenario.submit(deal)
        scenario.expect(
            "admin", override(deal, to: "c"),
            refusedAs: .pending(opportunity: deal, approval: request))
    }
}

@testable import PipelineDomain

/// Reports as of a day and for a viewer, without a log behind them.
extension State {
    /// As of the beginning of `today` in the company's zone.
    func basis(
        for viewer: PersonID, today: Day = day("2026-11-22"), columns: KeptColumns? = nil
    ) -> ReportBasis {
        basis(
            for: viewer, at: TestZones().start(of: today, in: company.zone), columns: columns)
    }

    func basis(
        for viewer: PersonID, at instant: Instant, columns: KeptColumns? = nil
    ) -> ReportBasis {
        ReportBasis(
            past: self, present: self, viewer: viewer, at: instant, sequence: 0, looksBack: false,
            zones: TestZones(), columns: columns)
    }

    func funnel(
        _ scope: Scope, for viewer: PersonID, today: Day = day("2026-11-22")
    ) throws(Rejection) -> Funnel {
        try basis(for: viewer, today: today).funnel(scope)
    }

    func forecast(
        _ scope: Scope, for viewer: PersonID, today: Day
    ) throws(Rejection) -> Forecast {
        try basis(for: viewer, today: today).forecast(scope)
    }
}

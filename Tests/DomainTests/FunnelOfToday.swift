import PipelineDomain

extension State {
    /// The funnel on the day on which scenarios begin, for tests without any rates.
    func funnel(_ scope: Scope, for viewer: PersonID) throws(Rejection) -> Funnel {
        try funnel(scope, for: viewer, today: day("2026-11-22"))
    }
}

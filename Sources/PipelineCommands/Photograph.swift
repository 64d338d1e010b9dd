public import PipelineDomain

/// The state behind one reference: taking a photograph, or answering a query, costs one count instead
/// of one for each of the state's tables, which two loops would fight over (E-4).
///
/// Unchecked: the ledger alone changes it, and only while it holds the sole reference; whoever holds
/// another one sees a state that never changes.
final class Photograph: @unchecked Sendable {
    @exclusivity(unchecked) fileprivate var current: State

    init(_ state: State) { current = state }

    var state: State { _read { yield current } }
}

extension Ledger {
    public var state: State { _read { yield photograph.state } }

    /// Changes the state; a photograph that somebody else holds is left as it is.
    mutating func change(_ body: (inout State) -> Void) {
        if !isKnownUniquelyReferenced(&photograph) { photograph = Photograph(photograph.state) }
        body(&photograph.current)
    }
}

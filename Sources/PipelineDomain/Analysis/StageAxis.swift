/// The stages that a report shows, over the versions of one process merged by stage key (§7).
struct StageAxis {
    let process: String
    /// The newest among the deals.
    let version: Int
    let stages: [Stage]
    /// Where each version's stages stand on the axis, by its own order; by the version's number.
    private var places: [[Int]] = []

    /// A version's stages on the axis, in its own order. It must be one of the deals'.
    func places(_ version: ProcessVersionID) -> [Int] { places[Int(version.number) - 1] }

    private init(_ newest: ProcessVersion, _ versions: [ProcessVersion]) {
        var stages = newest.definition.stages
        for version in versions {
            for stage in version.definition.stages
            where !stages.contains(where: { $0.key == stage.key }) {
                stages.append(stage)
            }
        }
        process = newest.key
        version = newest.number
        self.stages = stages
        for version in versions {
            let index = Int(version.id.number) - 1
            while places.count <= index { places.append([]) }
            places[index] = version.definition.stages.map { stage in
                stages.firstIndex { $0.key == stage.key } ?? 0
            }
        }
    }

    /// `nil` where there is no deal and no process is named. Several processes need one named (§7).
    init?(
        of deals: some Sequence<OpportunityID>, _ resolved: ResolvedScope, _ state: State
    ) throws(Rejection) {
        let versions = Self.versions(of: deals, state)
        let keys = Set(versions.map(\.key))
        guard keys.count <= 1 else { throw .severalProcesses(keys.sorted()) }
        if let newest = versions.last {
            self.init(newest, versions)
        } else if let process = resolved.process, let current = state.processes[process].current {
            self.init(state.versions[current], [state.versions[current]])
        } else {
            return nil
        }
    }

    /// The process versions that the deals are on, ascending.
    static func versions(
        of deals: some Sequence<OpportunityID>, _ state: State
    ) -> [ProcessVersion] {
        var used = [Bool](repeating: false, count: state.versions.count)
        for id in deals {
            used[Int(state.opportunities.lend(id) { $0.row.version.id.number }) - 1] = true
        }
        return state.versions.ids.filter { used[Int($0.number) - 1] }.map { state.versions[$0] }
    }
}

/// The process that a stage report is about.
public struct ReportProcess: Sendable {
    /// `nil` where there is nothing to report, or deals of several processes are counted together.
    public let key: String?
    public let version: Int?

    init(_ axis: StageAxis?) {
        key = axis?.process
        version = axis?.version
    }

    /// The process of all the deals, if it is one.
    init(ofAll deals: some Sequence<OpportunityID>, _ state: State) {
        let versions = StageAxis.versions(of: deals, state)
        let isOne = Set(versions.map(\.key)).count == 1
        key = isOne ? versions[0].key : nil
        version = isOne ? versions[versions.count - 1].number : nil
    }
}

import PipelineDomain
import PipelineServer

/// What people were told, over all lives of the daemon: the oracle that knows nothing of states.
struct SimulatedBook {
    /// One thing that an answer said, and the record that it waited for.
    struct Fact {
        enum What {
            case title(OpportunityID, String)
            case status(ApprovalID, String)
        }
        let what: What
        let gate: UInt64
    }

    /// Answered, but not let out yet.
    private var waiting: [Fact] = []
    private var titles: [OpportunityID: String] = [:]
    private var statuses: [ApprovalID: String] = [:]
    /// Rows pushed, by person and `seq`.
    private var pushed: [PersonID: [UInt64: Notification]] = [:]
    private(set) var told: UInt64 = 0

    mutating func note(_ what: Fact.What, gate: UInt64) {
        waiting.append(Fact(what: what, gate: gate))
    }

    /// What the log holds by now is told; all else waits on.
    mutating func release(upTo durable: UInt64) {
        while let fact = waiting.first, fact.gate <= durable {
            switch fact.what {
            case .title(let deal, let title): titles[deal] = title
            case .status(let approval, let status): statuses[approval] = status
            }
            waiting.removeFirst()
        }
        told = max(told, durable)
    }

    /// The daemon is gone: what was not durable never happened.
    mutating func recovered(at sequence: UInt64) {
        release(upTo: sequence)
        waiting = []
    }

    /// A row reached its reader: it comes once, or says the same again.
    mutating func push(_ seq: UInt64, _ row: Notification, to person: PersonID) throws {
        let known = pushed[person, default: [:]].updateValue(row, forKey: seq)
        guard let known, known != row else { return }
        throw Violation("row \(seq) of \(person) was something else before")
    }

    func check(_ state: State) throws {
        for (deal, title) in titles {
            guard let found = state.opportunities[find: deal] else {
                throw Violation("\(deal) was answered and is gone")
            }
            guard found.title == title else {
                throw Violation("\(deal) is called '\(found.title)' instead of '\(title)'")
            }
        }
        for (approval, status) in statuses {
            guard let found = state.approvals[find: approval] else {
                throw Violation("\(approval) was answered and is gone")
            }
            guard found.status.rawValue == status else {
                throw Violation("\(approval) is \(found.status) instead of \(status)")
            }
        }
        for (person, rows) in pushed {
            for (seq, row) in rows where state.inboxes[person].row(seq)?.notification != row {
                throw Violation("row \(seq) was pushed to \(person), and is another one now")
            }
        }
        try checkRequests(state)
    }

    /// Whoever was asked to decide was told of it once, and somebody was.
    private func checkRequests(_ state: State) throws {
        var asked: Set<ApprovalID> = []
        for person in state.persons.ids {
            let told = state.inboxes[person].rows.filter {
                $0.notification.kind == .approvalRequested
            }.compactMap(\.notification.approval)
            guard Set(told).count == told.count else {
                throw Violation("\(person) was asked twice for the same decision")
            }
            asked.formUnion(told)
        }
        for approval in state.approvals.ids where !asked.contains(approval) {
            throw Violation("nobody was asked for \(approval)")
        }
    }
}

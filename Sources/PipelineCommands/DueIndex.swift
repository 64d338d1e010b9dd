import PipelineDomain

/// Due times in memory, ordered: the next is found without scanning, and that of one subject is
/// changed in the logarithm of their number (N-5). A binary heap that knows where each subject lies.
struct DueIndex: Sendable {
    private struct Entry: Sendable {
        let at: Instant
        let subject: DueSubject
    }

    private var entries: ContiguousArray<Entry> = []
    /// Place of a subject's entry plus 1, by kind and number; 0: none.
    private var places: [ContiguousArray<UInt32>] = Array(repeating: [], count: 5)

    var count: Int { entries.count }

    var next: (at: Instant, subject: DueSubject)? {
        entries.first.map { ($0.at, $0.subject) }
    }

    /// `nil` takes the subject out.
    mutating func schedule(_ subject: DueSubject, at due: Instant?) {
        let place = place(of: subject)
        switch (place, due) {
        case (nil, nil): break
        case (nil, let due?):
            entries.append(Entry(at: due, subject: subject))
            setPlace(of: subject, entries.count - 1)
            rise(from: entries.count - 1)
        case (let place?, let due?):
            guard entries[place].at != due else { return }
            entries[place] = Entry(at: due, subject: subject)
            settle(at: place)
        case (let place?, nil):
            setPlace(of: subject, nil)
            let last = entries.removeLast()
            guard place < entries.count else { return }
            entries[place] = last
            setPlace(of: last.subject, place)
            settle(at: place)
        }
    }

    private mutating func settle(at place: Int) {
        rise(from: place)
        sink(from: place)
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard entries[place].at < entries[parent].at else { return }
            swap(place, parent)
            place = parent
        }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < entries.count && entries[child].at < entries[least].at {
                least = child
            }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        entries.swapAt(left, right)
        setPlace(of: entries[left].subject, left)
        setPlace(of: entries[right].subject, right)
    }

    private func place(of subject: DueSubject) -> Int? {
        let (kind, number) = subject.position
        guard number < places[kind].count, places[kind][number] > 0 else { return nil }
        return Int(places[kind][number]) - 1
    }

    private mutating func setPlace(of subject: DueSubject, _ place: Int?) {
        let (kind, number) = subject.position
        if number >= places[kind].count {
            places[kind].append(
                contentsOf: repeatElement(0, count: number + 1 - places[kind].count))
        }
        places[kind][number] = UInt32(place.map { $0 + 1 } ?? 0)
    }
}

extension DueSubject {
    /// Kind, and number of the id.
    fileprivate var position: (Int, Int) {
        switch self {
        case .opportunity(let id): (0, Int(id.number))
        case .approval(let id): (1, Int(id.number))
        case .activity(let id): (2, Int(id.number))
        case .delegation(let id): (3, Int(id.number))
        case .target(let id): (4, Int(id.number))
        }
    }
}

/// A walk over everything that may fall due, a few at a time.
struct DueSweep: Sendable {
    private var kind = 0
    private var number: UInt32 = 0
    /// Something changed behind the place reached: once more when this is through.
    private var isStale = false

    var isOver: Bool { kind > 4 }

    mutating func restart() {
        if isOver { self = DueSweep() } else { isStale = kind > 0 || number > 0 }
    }

    mutating func next(in state: State) -> DueSubject? {
        while !isOver {
            let counts = [
                state.opportunities.count, state.approvals.count, state.activities.count,
                state.persons.count, state.targets.count,
            ]
            if Int(number) < counts[kind] {
                number += 1
                switch kind {
                case 0: return .opportunity(OpportunityID(number))
                case 1: return .approval(ApprovalID(number))
                case 2: return .activity(ActivityID(number))
                case 3: return .delegation(PersonID(number))
                default: return .target(TargetID(number))
                }
            }
            kind += 1
            number = 0
            if isOver, isStale { self = DueSweep() }
        }
        return nil
    }
}

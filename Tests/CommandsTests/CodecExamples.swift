import PipelineDomain

@testable import PipelineCommands

/// Makes an event of every type there is. The switches are exhaustive: a new tag does not compile
/// until it has an example, and then takes part in every test of the codec.
struct EventMaker {
    enum Style: CaseIterable {
        /// Everything present; no two values alike, so that exchanged members are noticed.
        case typical
        /// Nothing where nothing may be, empty texts, the least numbers.
        case smallest
        /// The greatest numbers, long texts, everything present.
        case largest
        case chinese
        case random
    }

    let style: Style
    private var dice: SplitMix
    private var counter = 0

    init(_ style: Style, seed: UInt64 = 0) {
        self.style = style
        dice = SplitMix(seed: seed)
    }

    mutating func recorded(_ tag: any RecordTagGroup) -> Recorded {
        let at = instant()
        let actor: PersonID = id()
        let sequence = UInt64(counter)
        return Recorded(sequence: sequence, at: at, actor: actor, event: event(tag))
    }

    private mutating func event(_ tag: any RecordTagGroup) -> Event {
        switch tag {
        case let tag as RecordTag.Company: founding(tag)
        case let tag as RecordTag.Unit: .unit(id(), unitEvent(tag))
        case let tag as RecordTag.Person: .person(id(), personEvent(tag))
        case let tag as RecordTag.Process: .process(id(), processEvent(tag))
        case let tag as RecordTag.Opportunity: .opportunity(id(), opportunityEvent(tag))
        case let tag as RecordTag.Customer: .customer(id(), customerEvent(tag))
        case let tag as RecordTag.Approval: .approval(id(), approvalEvent(tag))
        case let tag as RecordTag.Inbox: .inbox(id(), inboxEvent(tag))
        case let tag as RecordTag.Request: remembered(tag)
        case let tag as RecordTag.Contact: .contact(id(), contactEvent(tag))
        case let tag as RecordTag.Lead: .lead(id(), leadEvent(tag))
        case let tag as RecordTag.Activity: .activity(id(), activityEvent(tag))
        case let tag as RecordTag.Reminder: .reminder(reminderEvent(tag))
        case let tag as RecordTag.Target: .target(id(), targetEvent(tag))
        default: fatalError("no example for \(tag)")
        }
    }

    // MARK: - Values

    /// A number between the ends that the style asks for.
    mutating func number<Integer: FixedWidthInteger>(
        _ range: ClosedRange<Integer> = Integer.min...Integer.max
    ) -> Integer {
        counter += 1
        switch style {
        case .typical, .chinese: return max(range.lowerBound, Integer(counter))
        case .smallest: return range.lowerBound
        case .largest: return range.upperBound
        case .random:
            // Small numbers as often as large ones: their forms differ in length.
            let cut = Integer(
                truncatingIfNeeded: Int64(bitPattern: dice.next()) >> Int64(dice.below(64)))
            return min(max(cut, range.lowerBound), range.upperBound)
        }
    }

    mutating func text() -> String {
        counter += 1
        switch style {
        case .typical: return "text \(counter)"
        case .smallest: return ""
        case .largest: return String(repeating: "\u{10FFFD}\u{7FF}\0", count: 40) + "\(counter)"
        case .chinese:
            let texts = ["华东建工集团", "挖掘机二期（备选）", "赢/输", "客户说：“再看看”", "𠮷野家"]
            return texts[counter % texts.count] + "\(counter)"
        case .random:
            let characters: [Character] = ["a", "\0", "ß", "销", "售", "𠮷", "👩‍👩‍👧", "\u{301}", "\n"]
            return String(
                (0..<dice.below(dice.below(8) == 0 ? 300 : 12)).map { _ in
                    characters[dice.below(characters.count)]
                })
        }
    }

    mutating func flag() -> Bool {
        counter += 1
        switch style {
        case .typical, .largest, .chinese: return true
        case .smallest: return false
        case .random: return dice.below(2) == 0
        }
    }

    mutating func member<Member: CaseIterable>() -> Member {
        counter += 1
        let all = Array(Member.allCases)
        switch style {
        case .typical, .chinese: return all[counter % all.count]
        case .smallest: return all[0]
        case .largest: return all[all.count - 1]
        case .random: return all[dice.below(all.count)]
        }
    }

    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        switch style {
        case .typical, .largest, .chinese: make(&self)
        case .smallest: nil
        case .random: dice.below(2) == 0 ? nil : make(&self)
        }
    }

    mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] {
        let count =
            switch style {
            case .typical, .chinese: 2
            case .smallest: 0
            case .largest: 3
            case .random: dice.below(5)
            }
        return (0..<count).map { _ in make(&self) }
    }

    mutating func fields<Key: CaseIterable & Hashable>() -> [Key: String] {
        var fields: [Key: String] = [:]
        for key in Key.allCases { fields[key] = maybe { $0.text() } }
        return fields
    }

    mutating func dealFields() -> DealFields {
        var fields = DealFields()
        for field in DealFields.all { fields[field] = maybe { $0.text() } }
        return fields
    }

    mutating func change<Value: Hashable & Sendable>(
        _ make: (inout Self) -> Value
    ) -> Change<Value> {
        let from = make(&self)
        return Change(from: from, to: make(&self))
    }

    mutating func id<Kind>() -> Identifier<Kind> { Identifier(number()) }
    mutating func day() -> Day { Day(number: number()) }
    mutating func instant() -> Instant {
        switch style {
        case .typical, .chinese: Instant(milliseconds: 1_795_313_841_123)
        case .smallest, .largest, .random: Instant(milliseconds: number())
        }
    }
    mutating func rate() -> Rate { Rate(basisPoints: number(0...10_000)) ?? .zero }
    mutating func currency() -> Currency {
        let codes = ["USD", "CNY", "JPY", "THB", "KWD", "ZWG"]
        return Currency(codes[number(0...codes.count * 1000) % codes.count])
            ?? Company.defaultCurrency
    }
    mutating func money() -> Money { Money(minorUnits: number(), currency: currency()) }
}

extension Rate {
    fileprivate static let zero = Rate(basisPoints: 0)!
}

/// A small generator of numbers that a printed seed brings back.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 when `bound` is 0 or 1.
    mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }
}

// MARK: - Every tag

extension RecordTag {
    /// All tags of all groups, ascending.
    static let all: [any RecordTagGroup] = Group.allCases.flatMap(\.tags)

    static func name(_ tag: any RecordTagGroup) -> String {
        let group = Group(rawValue: UInt8(tag.rawValue >> 8)).map { "\($0)" }
        return "\(group ?? "?").\(tag)"
    }
}

extension RecordTag.Group {
    var tags: [any RecordTagGroup] {
        switch self {
        case .company: RecordTag.Company.allCases
        case .unit: RecordTag.Unit.allCases
        case .person: RecordTag.Person.allCases
        case .process: RecordTag.Process.allCases
        case .opportunity: RecordTag.Opportunity.allCases
        case .customer: RecordTag.Customer.allCases
        case .approval: RecordTag.Approval.allCases
        case .inbox: RecordTag.Inbox.allCases
        case .request: RecordTag.Request.allCases
        case .contact: RecordTag.Contact.allCases
        case .lead: RecordTag.Lead.allCases
        case .activity: RecordTag.Activity.allCases
        case .reminder: RecordTag.Reminder.allCases
        case .target: RecordTag.Target.allCases
        }
    }
}

func encoded(_ recorded: Recorded) -> [UInt8] {
    var bytes: [UInt8] = []
    RecordCodec.encode(recorded, into: &bytes)
    return bytes
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

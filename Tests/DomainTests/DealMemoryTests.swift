import Testing

@testable import PipelineDomain

@Suite("Deals in memory")
struct DealMemoryTests {
    @Test("D-10: packed texts are the texts that were put in, whatever is put in and taken out")
    func texts() {
        var random = SplitMix(seed: 11)
        var packed = PackedTexts()
        var plain = [String?](repeating: nil, count: PackedTexts.count)
        let samples = ["", "a", "华东", String(repeating: "长", count: 200), "needs 16 bytes or more"]
        for _ in 0..<2_000 {
            let number = Int.random(in: 0..<PackedTexts.count, using: &random)
            let text = Bool.random(using: &random) ? samples.randomElement(using: &random) : nil
            let before = packed
            let had = plain[number]
            packed[number] = text
            plain[number] = text
            #expect(before[number] == had)
            #expect((0..<PackedTexts.count).map { packed[$0] } == plain)
            #expect((0..<PackedTexts.count).map { packed.has($0) } == plain.map { $0 != nil })
        }
    }

    @Test("D-17, A-8: a trail holds what went into it, in order, and a copy stays as it was")
    func trail() {
        var random = SplitMix(seed: 12)
        var trail = DealTrail()
        var plain = Plain()
        var photographs: [(DealTrail, Plain)] = []
        for step in 0..<3_000 {
            let number = UInt32.random(in: 1...300, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                trail.insert(NoteID(number), in: .notes)
                plain.notes.insert(NoteID(number))
            case 1:
                trail.insert(ActivityID(number), in: .activities)
                plain.activities.insert(ActivityID(number))
            case 2:
                trail.insert(ApprovalID(number), in: .approvals)
                plain.approvals.insert(ApprovalID(number))
            case 4 where number > 150:
                let key = ReminderKey(
                    rule: ReminderRule.allCases.randomElement(using: &random) ?? .task,
                    base: .random(in: .min ... .max, using: &random), count: Int(number) - 200,
                    task: number % 3 == 0 ? "t\(number)" : nil,
                    person: number % 2 == 0 ? PersonID(number) : nil)
                plain.reminders = (plain.reminders + [key]).suffix(5)
                trail.replaceReminders(with: plain.reminders)
            case 3 where plain.visits.count < 40: visit(&trail, &plain, number, &random)
            case 3:
                plain.visits = plain.visits.filter { $0.stage % 2 == 0 }
                trail.replaceVisits(with: plain.visits)
            default:
                let gap = UInt64.random(in: 1...1 << 40, using: &random)
                let record = (plain.records.last ?? 0) + gap
                trail.append(record: record)
                plain.records.append(record)
            }
            if step % 300 == 0 { photographs.append((trail, plain)) }
            check(trail, plain)
        }
        for (trail, plain) in photographs { check(trail, plain) }
    }

    private func visit(
        _ trail: inout DealTrail, _ plain: inout Plain, _ number: UInt32, _ random: inout SplitMix
    ) {
        let visit = StageVisit(
            stage: Int(number % 64),
            entered: Instant(milliseconds: .random(in: .min ... .max, using: &random)),
            milliseconds: .random(in: 0...1 << 50, using: &random))
        trail.append(visit)
        plain.visits.append(visit)
    }

    private struct Plain {
        var approvals = OrderedIDs<ApprovalKind>()
        var notes = OrderedIDs<NoteKind>()
        var activities = OrderedIDs<ActivityKind>()
        var records: [UInt64] = []
        var reminders: [ReminderKey] = []
        var visits: [StageVisit] = []
    }

    private func check(_ trail: DealTrail, _ plain: Plain) {
        #expect(trail.ids(.approvals, of: ApprovalKind.self).elementsEqual(plain.approvals))
        #expect(trail.ids(.notes, of: NoteKind.self).elementsEqual(plain.notes))
        #expect(trail.ids(.activities, of: ActivityKind.self).elementsEqual(plain.activities))
        #expect(trail.records == plain.records && trail.recordCount == plain.records.count)
        #expect(trail.reminders == plain.reminders)
        #expect(Array(trail.visits) == plain.visits)
    }

    @Test("W-10: a deal's row takes 144 bytes at most")
    func size() {
        #expect(MemoryLayout<Opportunity>.stride <= 144)
    }
}

@Suite("Folding")
struct FoldingTests {
    @Test("D-10: names fold by Unicode's rules, whichever way is taken")
    func folding() {
        #expect(folded("华东ABC一") == "华东abc一")
        #expect(folded("东京カメラ123") == "东京カメラ123")
        #expect(folded("Straße 华") == folded("STRASSE 华"))
        let cased = (0x3000...0x9FFF).compactMap { Unicode.Scalar(UInt32($0)) }
            .filter(\.properties.changesWhenCaseFolded)
        #expect(cased.isEmpty)
    }
}

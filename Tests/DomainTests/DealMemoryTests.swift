import Testing

@testable import PipelineDomain

@Suite("Deals in memory")
struct DealMemoryTests {
    @Test("D-10: packed texts are the texts that were put in, whatever is put in and taken out")
    func texts() {
        var random = SplitMix(seed: 11)
        var packed = PackedTexts()
        var plain = [String?](repeating: nil, count: TextRun.count)
        let samples = ["", "a", "华东", String(repeating: "长", count: 200), "needs 16 bytes or more"]
        for _ in 0..<2_000 {
            let number = Int.random(in: 0..<TextRun.count, using: &random)
            let text = Bool.random(using: &random) ? samples.randomElement(using: &random) : nil
            let before = packed
            let had = plain[number]
            packed[number] = text
            plain[number] = text
            #expect(before[number] == had)
            #expect((0..<TextRun.count).map { packed[$0] } == plain)
            #expect((0..<TextRun.count).map { packed.has($0) } == plain.map { $0 != nil })
        }
    }

    @Test("D-17, A-8: a pack holds what went into it, in order, and a copy stays as it was")
    func pack() throws {
        var random = SplitMix(seed: 12)
        var pack = DealPack()
        var plain = Plain()
        var photographs: [(DealPack, Plain)] = []
        let samples = ["", "a", "华东", String(repeating: "长", count: 200), "needs 16 bytes or more"]
        for step in 0..<3_000 {
            let number = UInt32.random(in: 1...300, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 6:
                let text = DealText.allCases.randomElement(using: &random) ?? .title
                plain.texts[text] =
                    Bool.random(using: &random) ? samples.randomElement(using: &random) : nil
                pack[text] = plain.texts[text]
            case 0:
                pack.insert(NoteID(number), in: .notes)
                plain.notes.insert(NoteID(number))
            case 1:
                pack.insert(ActivityID(number), in: .activities)
                plain.activities.insert(ActivityID(number))
            case 2:
                pack.insert(ApprovalID(number), in: .approvals)
                plain.approvals.insert(ApprovalID(number))
            case 4 where number > 150:
                let key = ReminderKey(
                    rule: ReminderRule.allCases.randomElement(using: &random) ?? .task,
                    base: .random(in: .min ... .max, using: &random), count: Int(number) - 200,
                    task: number % 3 == 0 ? "t\(number)" : nil,
                    person: number % 2 == 0 ? PersonID(number) : nil)
                plain.reminders = (plain.reminders + [key]).suffix(5)
                pack.replaceReminders(with: plain.reminders)
            case 3 where plain.visits.count < 40: visit(&pack, &plain, number, &random)
            case 3:
                plain.visits = plain.visits.filter { $0.stage % 2 == 0 }
                pack.replaceVisits(with: plain.visits)
            default:
                let gap = UInt64.random(in: 1...1 << 40, using: &random)
                let record = (plain.records.last ?? 0) + gap
                pack.append(record: record)
                plain.records.append(record)
            }
            if step % 300 == 0 { photographs.append((pack, plain)) }
            check(pack, plain)
            if step % 10 == 0 { try checkImage(pack, plain) }
        }
        for (pack, plain) in photographs { check(pack, plain) }
    }

    private func visit(
        _ pack: inout DealPack, _ plain: inout Plain, _ number: UInt32, _ random: inout SplitMix
    ) {
        let visit = StageVisit(
            stage: Int(number % 64),
            entered: Instant(milliseconds: .random(in: .min ... .max, using: &random)),
            milliseconds: .random(in: 0...1 << 50, using: &random))
        pack.append(visit)
        plain.visits.append(visit)
    }

    private struct Plain {
        var texts: [DealText: String] = [:]
        var approvals = OrderedIDs<ApprovalKind>()
        var notes = OrderedIDs<NoteKind>()
        var activities = OrderedIDs<ActivityKind>()
        var records: [UInt64] = []
        var reminders: [ReminderKey] = []
        var visits: [StageVisit] = []
    }

    private let limits = DealPack.Limits(approvals: 300, notes: 300, activities: 300, stages: 64)

    private func check(_ pack: DealPack, _ plain: Plain) {
        for text in DealText.allCases { #expect(pack[text] == plain.texts[text]) }
        #expect(pack.ids(.approvals, of: ApprovalKind.self).elementsEqual(plain.approvals))
        #expect(pack.ids(.notes, of: NoteKind.self).elementsEqual(plain.notes))
        #expect(pack.ids(.activities, of: ActivityKind.self).elementsEqual(plain.activities))
        #expect(pack.records == plain.records && pack.recordCount == plain.records.count)
        #expect(pack.reminders == plain.reminders)
        #expect(Array(pack.visits) == plain.visits)
    }

    /// What a snapshot keeps gives the same pack again, and no other pack has the same bytes.
    private func checkImage(_ pack: DealPack, _ plain: Plain) throws {
        let image = pack.withImage { Array($0) }
        var restored = try #require(
            image.withUnsafeBufferPointer { DealPack(restoring: $0, limits) })
        #expect(restored.reminders.isEmpty)
        restored.replaceReminders(with: plain.reminders)
        check(restored, plain)
        #expect(restored.withImage { Array($0) } == image)
    }

    @Test("W-9: a pack made of anything is refused, or is what the bytes say, and never traps")
    func damaged() throws {
        var random = SplitMix(seed: 13)
        var pack = DealPack(title: "华东医院影像", [.industry: "医疗", .source: "展会"])
        for number in 1...40 {
            pack.append(record: UInt64(number * 1_000))
            pack.insert(NoteID(UInt32(number * 5)), in: .notes)
            pack.append(
                StageVisit(
                    stage: number % 8, entered: Instant(milliseconds: Int64(number) << 30),
                    milliseconds: 1 << 20))
        }
        let image = pack.withImage { Array($0) }
        var sound = 0
        for _ in 0..<20_000 {
            var bytes = image
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(.random(in: 0...255, using: &random), at: place)
                }
            }
            guard let other = bytes.withUnsafeBufferPointer({ DealPack(restoring: $0, limits) })
            else { continue }
            sound += 1
            #expect(other.withImage { Array($0) } == bytes)
            // Everything can be read, and written anew from what was read.
            var copy = other
            copy.replaceVisits(with: Array(other.visits))
            copy.append(record: .max)
            copy.insert(NoteID(300), in: .notes)
            copy[.title] = "x"
            #expect(copy.records.count == other.records.count + 1 || other.records.last == .max)
            #expect(copy[.title] == "x")
        }
        #expect(sound > 100 && sound < 15_000)
    }

    @Test("W-10: a deal's row takes 136 bytes at most")
    func size() {
        #expect(MemoryLayout<Opportunity>.stride <= 136)
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

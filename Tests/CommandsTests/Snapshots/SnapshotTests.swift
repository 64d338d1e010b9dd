import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

@Suite("Snapshots")
struct SnapshotTests {
    /// Every example of a write in one company after another, ids and people drawn by lot, so that
    /// tables fill and histories differ. Refusals are part of life.
    static func randomCompany(_ seed: UInt64, steps: Int = 150) -> LedgerCompany {
        var random = Lot(seed: seed)
        let company = LedgerCompany.furnished()
        company.submit()
        let writes = LedgerCompany.writes.sorted { $0.key < $1.key }.map(\.value)
        let everybody = ["root", "ann", "bob", "lee", "boss", "zoe"]
        for step in 0..<steps {
            guard let write = writes.randomElement(using: &random) else { continue }
            var words = write.words.map { Self.redrawn($0, &random) }
            if Int.random(in: 0..<4, using: &random) == 0 {
                words += [Array("REQID".utf8), Array("key-\(step)".utf8)]
            }
            let login =
                Bool.random(using: &random)
                ? write.login : everybody.randomElement(using: &random) ?? "root"
            guard company.ledger.isActive(company.person(login)) else { continue }
            company.run(words, as: login)
            company.advance(milliseconds: Int64.random(in: 0...3_600_000, using: &random))
            if step % 40 == 39 { company.markDelivered("lee", upTo: 1) }
            if step % 10 == 9 {
                company.advance(milliseconds: Int64.random(in: 0...432_000_000, using: &random))
                company.passTime()
            }
        }
        return company
    }

    /// Another row of the same kind in place of `o1` and its like; some name in place of a new one.
    private static func redrawn(_ word: [UInt8], _ random: inout Lot) -> [UInt8] {
        if word.count == 2, word[1] == UInt8(ascii: "1"), "oalkvc".utf8.contains(word[0]) {
            return [word[0], UInt8(ascii: "1") + UInt8.random(in: 0...5, using: &random)]
        }
        if word == Array("Globex".utf8) || word == Array("kim".utf8) {
            return word + Array("\(Int.random(in: 1...9, using: &random))".utf8)
        }
        return word
    }

    @Test("W-9: a snapshot holds every property of every row, on random histories")
    func everything() throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            let company = Self.randomCompany(seed)
            let state = company.ledger.state
            let snapshot = try MemorySnapshot(state)
            let restored = try snapshot.state()
            #expect(Reflection.text(of: restored) == Reflection.text(of: state), "seed \(seed)")
            #expect(try MemorySnapshot(restored) == snapshot, "seed \(seed)")
        }
    }

    @Test("W-9: the way to a state leaves no trace in its snapshot: replayed, it is the same bytes")
    func canonical() throws {
        for seed in 20...23 as ClosedRange<UInt64> {
            let company = Self.randomCompany(seed)
            let replayed = try company.replayed()
            #expect(
                try MemorySnapshot(company.ledger.state)
                    == MemorySnapshot(replayed.ledger.state), "seed \(seed)")
        }
    }

    @Test(
        "W-6: from a snapshot and the records behind it, every answer is the one from all records")
    func answers() throws {
        for seed in 40...42 as ClosedRange<UInt64> {
            let company = Self.randomCompany(seed)
            let early = Self.randomCompany(seed, steps: 60)
            let restored = try company.resumed(
                from: MemorySnapshot(early.ledger.state).state(),
                at: early.ledger.lastSequence)
            let reference = try company.replayed()
            #expect(restored.ledger.lastSequence == reference.ledger.lastSequence)
            for (_, lines) in LedgerCompany.queries.sorted(by: { $0.key < $1.key }) {
                for line in lines {
                    for login in ["root", "ann", "lee"]
                    where reference.ledger.isActive(reference.person(login)) {
                        #expect(
                            restored.bytes(line, as: login) == reference.bytes(line, as: login),
                            "\(line) as \(login), seed \(seed)")
                    }
                }
            }
        }
    }

    @Test("W-12: rows of the layout before the present one are read as far as they say enough")
    func olderLayouts() throws {
        let company = LedgerCompany.furnished()
        company.run("TARGET.SET u1 PERIOD 2026Q4 AMOUNT 100")
        company.run("OPP.CREATE x CUSTOMER c1 AMOUNT 10", as: "ann")
        company.run("OPP.ADVANCE o2", as: "ann")
        let state = company.ledger.state
        let target = try #require(state.targets[find: TargetID(1)])
        let snapshot = try MemorySnapshot(state)
        func older(
            _ table: SnapshotTable, by layouts: UInt8 = 1, _ change: ([UInt8]) -> [UInt8]
        ) throws -> State {
            var older = snapshot
            let place = try #require(older.parts.firstIndex { $0.part.table == table })
            let part = older.parts[place]
            older.parts[place] = MemorySnapshot.Part(
                part: SnapshotPart(
                    table: table, version: table.version - layouts, firstRow: part.part.firstRow,
                    rowCount: part.part.rowCount), bytes: change(part.bytes))
            return try older.state()
        }
        // It ended before the horizon, of which there is none.
        let early = try older(.company) { $0.dropLast() }
        #expect(Reflection.text(of: early) == Reflection.text(of: state))
        // It did not say when the target was set, nor what was told of it.
        var late: [UInt8] = []
        var encoder = RecordEncoder(taking: &late)
        encoder.write(target.setAt)
        encoder.finish(into: &late)
        let restored = try older(.targets) { $0.dropLast(late.count + 1) }.targets[TargetID(1)]
        #expect(restored.key == target.key && restored.value == target.value)
        #expect(restored.setAt.milliseconds == .max && restored.checks.isEmpty)
        // They did not say how many deals went on, which the deals say too.
        let units = try older(.units) { _ in OldUnits.bytes(of: state) }
        #expect(Reflection.text(of: units) == Reflection.text(of: state))
        // Without sums of squares the units say too little: everything is replayed.
        #expect(throws: RecordError.self) { try older(.units, by: 2) { $0 } }
    }

    @Test("P-6: a request key remembered in a snapshot is answered again, and changes nothing")
    func requestKeys() throws {
        let company = LedgerCompany.furnished()
        let line = "OPP.CREATE 虹桥 CUSTOMER c1 REQID once"
        let first = company.bytes(line, as: "ann")
        let restored = try company.resumed(
            from: MemorySnapshot(company.ledger.state).state(), at: company.ledger.lastSequence)
        #expect(restored.bytes(line, as: "ann") == first)
        #expect(!restored.wrote)
    }
}

/// Rows of units as they were before they said how many deals went on to the next stage.
private enum OldUnits {
    struct Sum: RecordValue {
        let sum: StageSum

        init(_ sum: StageSum) { self.sum = sum }

        init(reading decoder: inout RecordDecoder) throws(RecordError) {
            throw RecordError(.outOfRange("only written"), at: 0)
        }

        func encode(to encoder: inout RecordEncoder) {
            encoder.write(sum.open)
            encoder.write(sum.entered)
            encoder.write(sum.won)
            encoder.write(sum.amounts)
        }
    }

    static func bytes(of state: State) -> [UInt8] {
        var bytes: [UInt8] = []
        var encoder = RecordEncoder(taking: &bytes)
        for unit in state.units.ids.map({ state.units[$0] }) {
            encoder.write(unit.name)
            encoder.write(unit.kind)
            encoder.write(unit.parent)
            encoder.write(unit.head)
            unit.children.encode(to: &encoder)
            unit.members.encode(to: &encoder)
            encoder.write(unit.isActive)
            encoder.write(unit.merger)
            encoder.write(unit.revision)
            encoder.sorted(unit.sums.mapValues { $0.map(Sum.init) })
            encoder.write(unit.closes)
        }
        encoder.finish(into: &bytes)
        return bytes
    }
}

extension LedgerCompany {
    /// Goes on from a state as record `sequence` left it, with the records of this company behind it.
    fileprivate func resumed(from state: State, at sequence: UInt64) throws -> LedgerCompany {
        try replayed(
            into: Ledger(
                zones: FixedZones(), restoring: state, sequence: sequence,
                latestInstant: Instant(milliseconds: .min)),
            after: Int(sequence))
    }
}

/// Draws the same lots for the same seed.
struct Lot: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

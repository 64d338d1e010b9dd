import Foundation
import PipelineStore
import StoreTesting
import Synchronization
import Testing

@Suite struct LogTests {
    /// Reads records in every order from a log whose frames are of many sizes.
    @Test("D-17: any record is read back by its sequence, across frames and segments")
    func reading() throws {
        let fixture = try StoreFixture(segmentBytes: 256 << 10)
        var random = SeededGenerator(seed: 7)
        var bodies: [[UInt8]] = []
        let log = try fixture.open().log
        while log.durable < 900 {
            let unit = (0..<Int.random(in: 1...12, using: &random)).map { index in
                let usual = Int.random(in: 0...300, using: &random)
                let count = bodies.count % 97 == 0 && index == 0 ? 90_000 : usual
                return StoreFixture.body(UInt64(bodies.count + index), count: count)
            }
            bodies += unit
            try StoreFixture.commit(unit, to: log)
        }
        let reopened = { () throws -> Log in
            try log.close()
            fixture.files.kill()
            return try fixture.open().log
        }
        try expectAll(log, bodies, &random)
        let again = try reopened()
        try expectAll(again, bodies, &random)
        #expect(try again.read([]).isEmpty)
        for beyond in [0, UInt64(bodies.count) + 1, .max] {
            #expect(throws: StoreError.notDurable(sequence: beyond, durable: again.durable)) {
                _ = try again.read([1, beyond])
            }
        }
    }

    private func expectAll(
        _ log: Log, _ bodies: [[UInt8]], _ random: inout SeededGenerator
    ) throws {
        let all = Array(1...UInt64(bodies.count))
        #expect(try log.read(all).map(\.bytes) == bodies)
        for sequences in [Array(all.reversed()), all.shuffled(using: &random)] {
            let read = try log.read(sequences)
            #expect(read.map(\.sequence) == sequences)
            #expect(read.allSatisfy { $0.bytes == bodies[Int($0.sequence) - 1] })
        }
    }

    @Test("A-18: a walk shows every record of a span in its order, until it is stopped")
    func walking() throws {
        let fixture = try StoreFixture(segmentBytes: 256 << 10)
        var random = SeededGenerator(seed: 11)
        var bodies: [[UInt8]] = []
        let log = try fixture.open().log
        while log.durable < 700 {
            let unit = (0..<Int.random(in: 1...9, using: &random)).map { index in
                let count = bodies.count % 61 == 0 && index == 0 ? 90_000 : 200
                return StoreFixture.body(UInt64(bodies.count + index), count: count)
            }
            bodies += unit
            try StoreFixture.commit(unit, to: log)
        }
        let last = UInt64(bodies.count)
        for span in [1...last, 1...1, last...last, 350...360, 5...last - 1] {
            var shown: [[UInt8]] = []
            try log.walk(span) { sequence, bytes in
                #expect(sequence == span.lowerBound + UInt64(shown.count))
                shown.append(Array(bytes))
                return true
            }
            #expect(shown == Array(bodies[Int(span.lowerBound) - 1..<Int(span.upperBound)]))
        }
        var count = 0
        try log.walk(1...last) { _, _ in
            count += 1
            return count < 10
        }
        #expect(count == 10)
        #expect(throws: StoreError.notDurable(sequence: last + 1, durable: last)) {
            try log.walk(last...last + 1) { _, _ in true }
        }
        fixture.change(StoreFixture.firstSegment) { $0[4096 + 120] ^= 1 }
        #expect(throws: StoreError.self) { try log.walk(1...last) { _, _ in true } }
    }

    @Test("D-17: a record that went bad on disk is not handed out")
    func readingDamage() throws {
        let fixture = try StoreFixture.filled(frames: 4)
        let log = try fixture.open().log
        fixture.change(StoreFixture.firstSegment) { $0[4096 + 120] ^= 1 }
        #expect(throws: StoreError.self) { _ = try log.read([3]) }
        #expect(try log.read([1, 5]).map(\.bytes) == [StoreFixture.body(1), StoreFixture.body(5)])
        #expect(log.isWritable)
    }

    @Test("W-2: nothing counts as durable while its sync still runs")
    func durableAfterSync() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        let seen = Mutex<[UInt64]>([])
        fixture.files.observe { operation in
            if operation == "fdatasync" || operation == "write" {
                seen.withLock { $0.append(log.durable) }
            }
        }
        try StoreFixture.commit([StoreFixture.body(1)], to: log)
        #expect(seen.withLock { $0 } == [0, 0])
        fixture.files.observe { _ in }
        #expect(log.durable == 1)
    }

    @Test("W-5: marks take turns, lag one interval and never run ahead")
    func marks() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        func mark() throws -> (UInt64, UInt64)? {
            try LogReader.frames(directory: StoreFixture.path, fileSystem: fixture.files).mark
                .map { ($0.generation, $0.sequence) }
        }
        #expect(try #require(try mark()) == (2, 0))
        var seen: [UInt64] = []
        for now in stride(from: 1_000, through: 1_200, by: 10) as StrideThrough<UInt64> {
            try StoreFixture.commit([[1]], to: log)
            _ = try log.maintain(now: now)
            seen.append(try #require(try mark()).1)
        }
        #expect(
            seen == [1, 1, 1, 1, 1, 6, 6, 6, 6, 6, 11, 11, 11, 11, 11, 16, 16, 16, 16, 16, 21])
        let writes = fixture.files.calls.filter { $0 == "write marks" }.count
        _ = try log.maintain(now: 9_000)
        #expect(fixture.files.calls.filter { $0 == "write marks" }.count == writes)
        try log.close()
        #expect(try #require(try mark()) == (7, 21))
    }

    @Test(
        "W-5: a mark that a killed process wrote and did not sync is synced before it is believed")
    func marksAreSyncedAtStart() throws {
        let fixture = try StoreFixture()
        do {
            let log = try fixture.open().log
            try StoreFixture.commit([StoreFixture.body(1)], to: log)
            // The call after the next is the mark's sync.
            fixture.files.inject(.crash, at: fixture.files.calls.count + 1)
            #expect(throws: StoreError.self) { _ = try log.maintain(now: 1_000) }
        }
        fixture.files.kill()
        let marks = StoreFixture.marks
        #expect(fixture.files.durableContents(marks) != fixture.files.contents(marks))
        let log = try fixture.open().log
        #expect(fixture.files.durableContents(marks) == fixture.files.contents(marks))
        #expect(log.durable == 1)
    }

    @Test("W-4: a spare that is not all zeros is made anew, or what follows a frame would not be")
    func spoiltSpare() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        try fixture.open().log.close()
        let spoilt = [UInt8](repeating: 0xAA, count: fixture.segmentBytes)
        fixture.files.put(StoreFixture.path + "/spare", spoilt)
        do {
            let log = try fixture.open().log
            for sequence in 1...5 as ClosedRange<UInt64> {
                try StoreFixture.commit([StoreFixture.body(sequence)], to: log)
            }
            try log.close()
        }
        let opened = try fixture.open()
        #expect(opened.records.count == 5)
        #expect(opened.report.tornTail == nil)
        #expect(opened.report.segmentCount == 2)
    }

    @Test("W-5: when the newer mark is torn the older one counts")
    func tornMark() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        try StoreFixture.commit([[1]], to: log)
        _ = try log.maintain(now: 100)
        try StoreFixture.commit([[2]], to: log)
        try log.close()
        fixture.files.kill()
        fixture.change(StoreFixture.marks) { $0[30] ^= 1 }
        let inspection = try LogReader.frames(
            directory: StoreFixture.path, fileSystem: fixture.files)
        #expect(inspection.mark?.generation == 3)
        #expect(inspection.mark?.sequence == 1)
        #expect(try fixture.open().records.count == 2)
    }

    @Test("W-3: a frame over the bound is refused before anything is written")
    func frameBound() throws {
        let fixture = try StoreFixture()
        let log = try fixture.open().log
        var group = GroupCommit(durable: 0)
        _ = try group.append(
            StoreFixture.records([[UInt8](repeating: 1, count: log.frameBytesMax)]), at: 1)
        let taken = group.takeBatch()
        let batch = try #require(taken)
        let calls = fixture.files.calls.count
        #expect(throws: StoreError.unitTooLarge(bytes: 36_864, limit: 32_768)) {
            try log.commit(batch)
        }
        #expect(fixture.files.calls.count == calls)
    }

    @Test("W-13: a second log on the directory is refused, until the first is gone")
    func lockInMemory() throws {
        let fixture = try StoreFixture.filled(frames: 1)
        var first: StoreFixture.Opened? = try fixture.open()
        #expect(first?.records.count == 2)
        #expect(fixture.refusal() == .locked(path: "/data/lock"))
        first = nil
        #expect(fixture.files.openCount == 0)
        #expect(fixture.refusal() == nil)
    }

    @Test("W-2: a directory without a log, and one with a log, are told apart")
    func founding() throws {
        let fixture = try StoreFixture.filled(frames: 1)
        #expect(throws: StoreError.alreadyFounded(directory: "/data")) {
            try Log.create(directory: "/data", fileSystem: fixture.files)
        }
        fixture.files.put(StoreFixture.format, nil)
        #expect(throws: StoreError.alreadyFounded(directory: "/data")) {
            try Log.create(directory: "/data", fileSystem: fixture.files)
        }
        // Founding that was interrupted leaves an empty segment, and no log.
        fixture.files.put(StoreFixture.firstSegment, [UInt8](repeating: 0, count: 64 << 10))
        #expect(fixture.refusal() == .notFounded(directory: "/data"))
        #expect(throws: StoreError.notFounded(directory: "/none")) {
            _ = try LogReader.frames(directory: "/none", fileSystem: fixture.files)
        }
    }
}

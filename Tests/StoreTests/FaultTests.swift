import Glibc
import PipelineStore
import StoreTesting
import Synchronization
import Testing

@Suite struct FaultTests {
    /// Founds, opens, commits over three segments with marks between, and closes. Returns the
    /// bodies acknowledged, and the error that ended it.
    private func scenario(
        _ files: MemoryFileSystem
    ) -> (acknowledged: [[UInt8]], error: StoreError?, log: Log?) {
        var acknowledged: [[UInt8]] = []
        var opened: Log?
        do throws(StoreError) {
            try Log.create(
                directory: StoreFixture.path, fileSystem: files, cluster: StoreFixture.cluster,
                segmentBytes: 16 << 10)
            let log = try Log.open(
                directory: StoreFixture.path, fileSystem: files, freeBytesMin: 0,
                replay: { _, _, _ in }
            ).log
            opened = log
            for step in 1...10 {
                let body = StoreFixture.body(UInt64(step))
                try StoreFixture.commit([body], to: log)
                acknowledged.append(body)
                if step % 3 == 0 { while try log.maintain(now: UInt64(step) * 100) {} }
            }
            _ = try log.read([1, 6, 10])
            try log.close()
            return (acknowledged, nil, log)
        } catch {
            return (acknowledged, error, opened)
        }
    }

    @Test("W-7: each I/O call failed in turn ends the log, and nothing acknowledged is lost")
    func everyCallFails() throws {
        let clean = MemoryFileSystem()
        #expect(scenario(clean).error == nil)
        let calls = clean.calls
        #expect(calls.count > 100)
        for (call, name) in calls.enumerated() {
            for cutsPower in [false, true] {
                let files = MemoryFileSystem()
                files.inject(.error(EIO), at: call)
                let (acknowledged, error, log) = scenario(files)
                guard let error, case .io(let failure) = error else {
                    Issue.record(
                        "call \(call), \(name), failed and went unnoticed: \(error as Any)")
                    continue
                }
                #expect(failure.code == EIO)
                if let log, !name.hasPrefix("read"), acknowledged.count < 10 {
                    expectRefusal(by: log, of: error, files, "call \(call), \(name)")
                }
                try expectRestart(
                    files, acknowledged, cutsPower: cutsPower, "call \(call), \(name)")
            }
        }
    }

    private func expectRefusal(
        by log: Log, of error: StoreError, _ files: MemoryFileSystem, _ place: String
    ) {
        let made = files.calls.count
        #expect(!log.isWritable, "\(place)")
        #expect(throws: error, "\(place)") { try StoreFixture.commit([[1]], to: log) }
        #expect(throws: error, "\(place)") { _ = try log.maintain(now: 9_999) }
        #expect(throws: error, "\(place)") { _ = try log.read([1]) }
        #expect(throws: error, "\(place)") { try log.close() }
        #expect(files.calls.count == made, "\(place): a failed log still makes calls")
    }

    private func expectRestart(
        _ files: MemoryFileSystem, _ acknowledged: [[UInt8]], cutsPower: Bool, _ place: String
    ) throws {
        var random = SeededGenerator(seed: 1)
        if cutsPower { files.cutPower(&random) } else { files.kill() }
        do throws(StoreError) {
            try Log.create(
                directory: StoreFixture.path, fileSystem: files, cluster: StoreFixture.cluster,
                segmentBytes: 16 << 10)
            #expect(acknowledged.isEmpty, "\(place): the log is gone")
        } catch {
            #expect(error == .alreadyFounded(directory: StoreFixture.path), "\(place)")
        }
        var bodies: [[UInt8]] = []
        _ = try Log.open(directory: StoreFixture.path, fileSystem: files, freeBytesMin: 0) {
            bodies.append([UInt8]($2))
        }
        #expect(Array(bodies.prefix(acknowledged.count)) == acknowledged, "\(place)")
        #expect(bodies.count <= acknowledged.count + 1, "\(place)")
    }

    @Test("W-7: short reads and writes are completed")
    func shortTransfers() throws {
        let clean = MemoryFileSystem()
        _ = scenario(clean)
        for (call, name) in clean.calls.enumerated()
        where name.hasPrefix("write") || name.hasPrefix("read") {
            let files = MemoryFileSystem()
            files.inject(.short, at: call)
            let (acknowledged, error, _) = scenario(files)
            #expect(error == nil, "call \(call), \(name)")
            files.kill()
            try expectRestart(files, acknowledged, cutsPower: true, "call \(call), \(name)")
        }
    }

    @Test("W-7: a frame whose sync failed is not believed after a restart on the same cache")
    func failedSync() throws {
        let fixture = try StoreFixture.filled(frames: 2)
        let log = try fixture.open().log
        let before = fixture.files.calls.count
        try StoreFixture.commit([StoreFixture.body(5)], to: log)
        let sync = try #require(
            fixture.files.calls[before...].lastIndex { $0.hasPrefix("fdatasync") })
        fixture.files.inject(.error(EIO), at: fixture.files.calls.count + sync - before)
        #expect(throws: StoreError.self) {
            try StoreFixture.commit([StoreFixture.body(6)], to: log)
        }
        fixture.files.kill()
        #expect(try fixture.open().records.map(\.sequence) == Array(1...5))
    }

    @Test("W-6: what a killed process left unsynced is durable before it is believed")
    func unsyncedIsSyncedFirst() throws {
        for lastCall in ["fdatasync", "dirsync"] {
            let fixture = try StoreFixture.filled(frames: 3, segmentBytes: 16 << 10)
            let log = try fixture.open().log
            if lastCall == "dirsync" { try StoreFixture.commit([[1], [2]], to: log) }
            // No spare can be made, whose own syncs would also make the names durable.
            fixture.files.setCapacity(fixture.files.usedBytes)
            let isRoll = lastCall == "dirsync"
            fixture.files.inject(.crash, at: fixture.files.calls.count + 1)
            #expect(throws: StoreError.self) { try StoreFixture.commit([[3]], to: log) }
            #expect(fixture.files.calls.last?.hasPrefix(lastCall) == true)
            fixture.files.kill()
            let opened = try fixture.open()
            #expect(opened.records.count == (isRoll ? 8 : 7))
            let path =
                isRoll ? "/data/00000000000000000009.log" : StoreFixture.firstSegment
            #expect(fixture.files.contents(path).count == 16 << 10)
            #expect(fixture.files.durableContents(path) == fixture.files.contents(path))
        }
    }

    @Test("W-4: a commit is one write and one data sync, and a new segment adds its name's sync")
    func callsOfACommit() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        let segment = "00000000000000000001.log"
        for _ in 1...4 {
            let before = fixture.files.calls.count
            try StoreFixture.commit([[1]], to: log)
            #expect(
                Array(fixture.files.calls[before...]) == [
                    "write \(segment)", "fdatasync \(segment)",
                ])
        }
        let before = fixture.files.calls.count
        try StoreFixture.commit([[1]], to: log)
        // The handle was opened under the spare's first name and keeps it here.
        #expect(
            Array(fixture.files.calls[before...]) == [
                "rename spare", "dirsync data", "write spare.new", "fdatasync spare.new",
            ])
    }

    @Test(
        "W-8: without room for a spare writes are refused ahead of time, and resume by themselves")
    func diskFull() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        #expect(log.isWritable)
        fixture.files.setCapacity(fixture.files.usedBytes)
        // Fills this segment, takes the spare, and fills half of it: no new one can be made.
        var committed: UInt64 = 0
        while log.isWritable {
            try StoreFixture.commit([StoreFixture.body(committed + 1)], to: log)
            committed += 1
            #expect(try log.maintain(now: committed * 100) == false)
            try #require(committed < 20)
        }
        #expect(committed == 7)
        #expect(log.isDiskFull)
        // What was decided before still goes out: the reserve is there for it.
        try StoreFixture.commit([StoreFixture.body(committed + 1)], to: log)
        #expect(try log.read([1])[0].bytes == StoreFixture.body(1))
        fixture.files.setCapacity(.max)
        while try log.maintain(now: 10_000) {}
        #expect(log.isWritable && !log.isDiskFull)
        try StoreFixture.commit([[1]], to: log)
        #expect(log.durable == 9)
    }

    @Test(
        "W-8: above the floor with too little for a spare on top the disk is full, not behind",
        arguments: [true, false])
    func noRoomForSpare(isFree: Bool) throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let floor: UInt64 = 100_000
        let log = try Log.open(
            directory: StoreFixture.path, fileSystem: fixture.files, freeBytesMin: floor,
            replay: { _, _, _ in }
        ).log
        // The spare becomes the last segment, and is used up but for the reserve.
        for _ in 1...7 { try StoreFixture.commit([[1]], to: log) }
        let spareBytes = 16 << 10
        fixture.files.setCapacity(
            fixture.files.usedBytes + Int(floor) + spareBytes - (isFree ? 0 : 1))
        #expect(try log.maintain(now: 1) == isFree)
        #expect(!log.isWritable)
        #expect(log.isDiskFull == !isFree)
    }

    @Test("W-8: going over to a ready spare never looks like a full disk")
    func rollIsNoFullDisk() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        let refused = Mutex(0)
        fixture.files.observe { [weak log] _ in
            if log?.isWritable != true { refused.withLock { $0 += 1 } }
        }
        for step in 1...20 as ClosedRange<UInt64> {
            try StoreFixture.commit([[1]], to: log)
            while try log.maintain(now: step * 100) {}
        }
        #expect(refused.withLock { $0 } == 0)
    }

    @Test("W-8: free space under the floor stops writes, with a spare at hand")
    func floor() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try Log.open(
            directory: StoreFixture.path, fileSystem: fixture.files, freeBytesMin: 100_000,
            replay: { _, _, _ in }
        ).log
        fixture.files.setCapacity(fixture.files.usedBytes + 99_999)
        _ = try log.maintain(now: 1)
        #expect(!log.isWritable)
        fixture.files.setCapacity(fixture.files.usedBytes + 100_000)
        _ = try log.maintain(now: 2)
        #expect(log.isWritable)
    }

    @Test("W-8: a full disk with nothing decided ahead is an end, not a wrong answer")
    func noRoomAtAll() throws {
        let fixture = try StoreFixture(segmentBytes: 16 << 10)
        let log = try fixture.open().log
        fixture.files.setCapacity(fixture.files.usedBytes)
        for _ in 1...8 { try StoreFixture.commit([[1]], to: log) }
        #expect(throws: StoreError.diskFull(directory: StoreFixture.path)) {
            try StoreFixture.commit([[1]], to: log)
        }
        #expect(log.durable == 8)
        fixture.files.kill()
        let opened = try fixture.open()
        #expect(opened.records.count == 8)
        #expect(!opened.log.isWritable)
    }
}

import Foundation
import PipelineStore
import StoreTesting
import Testing

@Suite struct PosixTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "pipelined-store-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func open(_ path: String, _ seen: (UInt64, [UInt8]) -> Void = { _, _ in }) throws -> Log
    {
        try Log.open(directory: path) { seen($0, [UInt8]($2)) }.log
    }

    @Test("W-4: on a real disk a log is founded, written over a segment's end, reopened and read")
    func realFiles() throws {
        try withDirectory { path in
            try Log.create(directory: path)
            let log = try open(path)
            let large = [UInt8](repeating: 7, count: 7 << 20)
            for step in 1...5 as ClosedRange<UInt64> {
                try StoreFixture.commit([large, StoreFixture.body(step)], to: log)
                while try log.maintain(now: step * 100) {}
            }
            #expect(try log.read([6])[0].bytes == StoreFixture.body(3))
            try log.close()
        }
    }

    @Test("W-13: another process is refused while the log is open, and so is this one")
    func lock() throws {
        try withDirectory { path in
            try Log.create(directory: path)
            let log = try open(path)
            #expect(throws: StoreError.locked(path: path + "/lock")) { _ = try open(path) }
            #expect(try lockElsewhere(path) == "refused\n")
            try log.close()
        }
        try withDirectory { path in
            try Log.create(directory: path)
            #expect(try lockElsewhere(path) == "taken\n")
        }
    }

    /// Lets another process try the same kind of lock, and says what came of it.
    private func lockElsewhere(_ path: String) throws -> String {
        // Perl is part of every Debian; 37 is F_OFD_SETLK, 1 is F_WRLCK.
        let script = #"""
            open(my $file, "+<", $ARGV[0]) or die;
            my $request = pack("s s x4 q q l x4", 1, 0, 0, 0, 0);
            print fcntl($file, 37, $request) ? "taken\n" : "refused\n";
            """#
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["perl", "-e", script, path + "/lock"]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    @Test("D-17: reading goes on beside commits, and only ever sees whole records")
    func readingBesideCommits() async throws {
        let path = NSTemporaryDirectory() + "pipelined-store-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Log.create(directory: path)
        let log = try open(path)
        try StoreFixture.commit([StoreFixture.body(1)], to: log)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            tasks.addTask {
                for sequence in 2...400 as ClosedRange<UInt64> {
                    try StoreFixture.commit([StoreFixture.body(sequence)], to: log)
                }
                return 0
            }
            tasks.addTask {
                var wrong = 0
                var random = SeededGenerator(seed: 3)
                while log.durable < 400 {
                    let sequence = UInt64.random(in: 1...log.durable, using: &random)
                    let read = try log.read([sequence, log.durable])
                    wrong += read.filter { $0.bytes != StoreFixture.body($0.sequence) }.count
                }
                return wrong
            }
            for try await wrong in tasks { #expect(wrong == 0) }
        }
    }

    @Test("W-7: an error names the call, the path and what the system said")
    func errorText() {
        #expect(throws: StoreError.notFounded(directory: "/nonexistent/data")) {
            _ = try open("/nonexistent/data")
        }
        #expect(
            throws: StoreError.io(
                IOFailure(operation: "mkdir", path: "/nonexistent/data", code: 2))
        ) { try Log.create(directory: "/nonexistent/data") }
        #expect(
            StoreError.io(IOFailure(operation: "fdatasync", path: "/d/x.log", code: 5)).description
                == "fdatasync /d/x.log: Input/output error (errno 5)")
    }
}

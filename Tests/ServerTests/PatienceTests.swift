import Dispatch
import Glibc
import NIOPosix
import Testing

@testable import PipelineServer

@Suite("Patient threads", .serialized)
struct PatienceTests {
    @Test("E-1: a long answer lets others go first, but not without end")
    func patience() throws {
        let pool = FairPool<Int>("readers", threads: 1, isPatient: true)
        defer { pool.shutDown() }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let (begun, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let values = pool.run(in: 1, on: loop) {
            let first = Patience.value(of: Patience.thread)
            begun.signal()
            goesOn.wait()
            return (first, Patience.value(of: Patience.thread))
        }
        begun.wait()
        let now = Clock.monotonicMicroseconds
        Patience.end(at: now)
        Patience.end(at: now + Patience.longestMicroseconds)
        goesOn.signal()
        let (before, after) = try #require(try values?.wait())
        #expect(before == 19)
        // Only who may lower a nice value can lose patience.
        #expect(after == (Self.mayLower ? 0 : 19))
        let next = try pool.run(in: 1, on: loop) { Patience.value(of: Patience.thread) }?.wait()
        #expect(next == 19)
    }

    @Test("E-1: a short answer is patient from its beginning to its end")
    func short() throws {
        let pool = FairPool<Int>("readers", threads: 1, isPatient: true)
        defer { pool.shutDown() }
        Patience.end(at: .max)
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        for _ in 0..<3 {
            let value = try pool.run(in: 1, on: loop) {
                Patience.end()
                return Patience.value(of: Patience.thread)
            }?.wait()
            #expect(value == 19)
        }
    }

    @Test("E-1: whom others leave next to nothing loses patience, and nobody else")
    func starving() {
        var work = Patience.Work(began: 1_000_000, hasEnd: true)
        work.wait(from: 1_001_000, until: 1_100_999)
        #expect(!work.isOver)
        work.wait(from: 1_101_000, until: 1_101_002)
        #expect(work.isOver)
        // Waits as long, but gets a fifth of the time.
        var other = Patience.Work(began: 1_000_000, hasEnd: true)
        for start in stride(from: Int64(1_000_000), to: 1_500_000, by: 10_000) {
            other.wait(from: start + 2_000, until: start + 10_000)
        }
        #expect(!other.isOver)
        other.goOn(at: 2_999_999)
        #expect(!other.isOver)
        other.goOn(at: 3_000_000)
        #expect(other.isOver)
        // A snapshot takes as long as it takes, but pauses no more where it gets nowhere.
        var endless = Patience.Work(began: 0, hasEnd: false)
        endless.goOn(at: 60_000_000)
        #expect(!endless.isOver)
        endless.wait(from: 0, until: 60_000_000)
        #expect(endless.isOver)
    }

    /// Tried out, since a process of root may lack the right in a container.
    private static var mayLower: Bool {
        let semaphore = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var isLower = false
        NamedThread.start("trial", isPatient: true) {
            Patience.lose(Patience.thread)
            isLower = Patience.value(of: Patience.thread) == 0
            semaphore.signal()
        }
        semaphore.wait()
        return isLower
    }
}

import Dispatch
import Glibc
import NIOPosix
import Testing

@testable import PipelineServer

@Suite("Patient threads")
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
        let now = Clock.monotonicMilliseconds
        Patience.end(at: now)
        Patience.end(at: now + Patience.milliseconds)
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

import Testing

@testable import PipelineServer

@Suite("The queue of pushes")
struct PushQueueTests {
    /// A queue as its loop drives it; a class, since expectations cannot change values.
    private final class Loop {
        private var queue = PushQueue<Int>()

        func add(_ count: Int, as urgency: PushUrgency) {
            for number in 0..<count { queue.add(number, as: urgency) }
        }

        func begins(at now: Int64) -> Bool { queue.beginRound(at: now) }
        func goesOn(at now: Int64) -> Bool { queue.continueRound(at: now) }
        func serves() -> Int { queue.next().count }
        func servesAtOnce() -> Int { queue.urgent().count }
        func waits(at now: Int64) -> Int64? { queue.wait(at: now) }
    }

    @Test("N-7: many are served 64 at a time, then the queue rests for as long as that took")
    func rounds() {
        let loop = Loop()
        #expect(!loop.begins(at: 0))
        loop.add(150, as: .events)
        #expect(loop.begins(at: 0) && !loop.begins(at: 0))
        #expect(loop.serves() == 64 && loop.waits(at: 100) == 0)
        // Whoever comes meanwhile waits for the next round.
        loop.add(10, as: .events)
        #expect(loop.goesOn(at: 100) && loop.serves() == 64 && loop.waits(at: 200) == 0)
        #expect(loop.goesOn(at: 200) && loop.serves() == 22 && loop.waits(at: 300) == 300)
        #expect(!loop.begins(at: 400))
        #expect(loop.goesOn(at: 600) && loop.serves() == 10 && loop.waits(at: 700) == nil)
        #expect(!loop.begins(at: 900))
    }

    @Test("N-7: a rest is bounded, however long a round took")
    func boundedRest() {
        let loop = Loop()
        loop.add(65, as: .inbox)
        #expect(loop.begins(at: 0) && loop.serves() == 64 && loop.serves() == 1)
        #expect(loop.waits(at: 1_000_000) == PushQueue<Int>.restMicrosecondsMost)
    }

    @Test(
        "N-7: a few whose inbox grew wait for no round; many come ahead of those who hear of events"
    )
    func urgency() {
        let loop = Loop()
        loop.add(100, as: .events)
        #expect(loop.begins(at: 0))
        loop.add(3, as: .inbox)
        #expect(loop.servesAtOnce() == 3 && loop.servesAtOnce() == 0)
        loop.add(65, as: .inbox)
        #expect(loop.servesAtOnce() == 0 && loop.serves() == 64 && loop.waits(at: 10) == 0)
        // The one that is left of the 65 may go at once now.
        #expect(loop.servesAtOnce() == 1)
    }
}

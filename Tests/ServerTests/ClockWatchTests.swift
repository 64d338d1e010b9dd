import Testing

@testable import PipelineServer

@Suite("The wall clock beside the monotonic one")
struct ClockWatchTests {
    @Test("W-3: a step of over five minutes is told once and holds reminders for 60 s")
    func step() {
        var watch = ClockWatch()
        #expect(watch.look(wall: 0, monotonic: 1_000) == .init(isHolding: false))
        #expect(watch.look(wall: 1_000, monotonic: 2_000) == .init(isHolding: false))
        let ahead = 1_000_000 + ClockWatch.borneMilliseconds
        #expect(
            watch.look(wall: ahead, monotonic: 3_000)
                == .init(stepMilliseconds: ahead - 2_000, isHolding: true))
        #expect(watch.look(wall: ahead + 59_999, monotonic: 62_999) == .init(isHolding: true))
        #expect(watch.look(wall: ahead + 60_000, monotonic: 63_000) == .init(isHolding: false))
    }

    @Test("W-3: five minutes are borne; a clock that is set back is told as well")
    func bounds() {
        var watch = ClockWatch()
        _ = watch.look(wall: 0, monotonic: 0)
        let borne = ClockWatch.borneMilliseconds
        #expect(watch.look(wall: borne + 1_000, monotonic: 1_000) == .init(isHolding: false))
        #expect(
            watch.look(wall: 1_000, monotonic: 2_000)
                == .init(stepMilliseconds: -borne - 1_000, isHolding: true))
    }

    @Test("W-3: a machine that slept, its monotonic clock with it, is one whose clock was set")
    func slept() {
        var watch = ClockWatch()
        _ = watch.look(wall: 0, monotonic: 0)
        #expect(
            watch.look(wall: 28_800_000, monotonic: 1_000)
                == .init(stepMilliseconds: 28_799_000, isHolding: true))
    }
}

import PipelineStore
import StoreTesting
import Testing

@Suite struct GroupCommitTests {
    /// Plays a script and writes down what the machine says.
    private func transcript(_ group: inout GroupCommit, _ steps: [Step]) -> [String] {
        steps.map { step in
            switch step {
            case .append(let lengths, let time):
                let bodies = lengths.map { [UInt8](repeating: 7, count: $0) }
                do throws(StoreError) {
                    return "append → \(try group.append(StoreFixture.records(bodies), at: time))"
                } catch {
                    return "append → \(error)"
                }
            case .take:
                guard let batch = group.takeBatch() else { return "take → nothing" }
                return "take → \(batch.firstSequence)…\(batch.lastSequence)"
                    + " in \(batch.payload.count) bytes at \(batch.timeMilliseconds)"
            case .committed(let sequence):
                group.committed(upTo: sequence)
                return "durable \(group.durable) of \(group.last), \(group.unsyncedBytes) unsynced"
            }
        }
    }

    private enum Step {
        case append([Int], Int64)
        case take
        case committed(UInt64)
    }

    @Test("W-2: one batch in flight, all that was decided meanwhile goes out as the next")
    func oneInFlight() {
        var group = GroupCommit(durable: 10)
        let lines = transcript(
            &group,
            [
                .take, .append([3], 100), .take, .append([5, 1], 90), .append([0], 120), .take,
                .committed(11), .take, .append([], 130), .committed(14), .take,
            ])
        #expect(
            lines == [
                "take → nothing", "append → 11", "take → 11…11 in 7 bytes at 100",
                "append → 13", "append → 14", "take → nothing",
                "durable 11 of 14, 4096 unsynced", "take → 12…14 in 18 bytes at 120",
                "append → 14", "durable 14 of 14, 0 unsynced", "take → nothing",
            ])
    }

    @Test("W-3: what does not fit one frame waits for the next, and no command is split")
    func commandsAreNotSplit() {
        var group = GroupCommit(durable: 0, frameBytesMax: 8192)
        let lines = transcript(
            &group,
            [
                .append([4000], 1), .append([2100, 2100], 2), .append([8192 - 112 - 4], 3), .take,
                .committed(1), .take, .committed(3), .take, .committed(4),
            ])
        #expect(
            lines == [
                "append → 1", "append → 3", "append → 4", "take → 1…1 in 4004 bytes at 1",
                "durable 1 of 4, 16384 unsynced", "take → 2…3 in 4208 bytes at 2",
                "durable 3 of 4, 8192 unsynced", "take → 4…4 in 8080 bytes at 3",
                "durable 4 of 4, 0 unsynced",
            ])
    }

    @Test("W-3: a command larger than a frame is refused and leaves nothing behind")
    func tooLarge() {
        var group = GroupCommit(durable: 0, frameBytesMax: 8192)
        let lines = transcript(
            &group, [.append([8192 - 112 - 3], 1), .take, .append([1], 2), .take])
        #expect(
            lines == [
                "append → \(StoreError.unitTooLarge(bytes: 12288, limit: 8192))",
                "take → nothing", "append → 1", "take → 1…1 in 5 bytes at 2",
            ])
    }

    @Test("W-2: the payload is every body after its length")
    func payload() throws {
        var group = GroupCommit(durable: 0)
        _ = try group.append(StoreFixture.records([[1, 2], [], [3]]), at: 5)
        let taken = group.takeBatch()
        let batch = try #require(taken)
        #expect(batch.payload == [2, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 3])
        #expect(batch.count == 3)
    }
}

import PipelineProtocol
import Testing

@testable import PipelineServer

@Suite("Outbox and reply splitter")
struct OutboxTests {
    /// Draws the same numbers for the same seed.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test("E-2: replies leave in order, none before its position is durable", arguments: 0..<50)
    func orderAndGates(seed: UInt64) {
        var dice = Dice(state: seed)
        var outbox = Outbox(.resp3)
        var gates: [UInt64] = []
        var sequence: UInt64 = 0
        var durable: UInt64 = 0
        var left: [UInt8] = []
        for _ in 0..<400 {
            switch dice.roll(4) {
            case 0:
                sequence += UInt64(dice.roll(3))
                gates.append(sequence)
                outbox.writer.integer(gates.count - 1)
                outbox.seal(gate: sequence)
            case 1:
                gates.append(0)
                outbox.writer.integer(gates.count - 1)
                outbox.seal(gate: 0)
            case 2:
                durable = min(sequence, durable + UInt64(dice.roll(3)))
                outbox.release(durable: durable)
            default:
                outbox.take { left.append(contentsOf: $0) }
                let count = numbers(left).count
                #expect(gates[..<count].allSatisfy { $0 <= durable })
            }
        }
        outbox.release(durable: sequence)
        outbox.take { left.append(contentsOf: $0) }
        #expect(numbers(left) == Array(gates.indices))
        #expect(outbox.count == 0 && !outbox.isGated && outbox.end == outbox.releasedEnd)
    }

    private func numbers(_ bytes: [UInt8]) -> [Int] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").compactMap {
            Int($0.dropFirst())
        }
    }

    @Test(
        "P-7: pushes lie between what is released and what waits, at any moment", arguments: 0..<20)
    func pushes(seed: UInt64) {
        var dice = Dice(state: seed)
        var outbox = Outbox(.resp3)
        var left: [UInt8] = []
        var replies = 0
        var pushed = 0
        for _ in 0..<200 {
            switch dice.roll(4) {
            case 0:
                replies += 1
                outbox.writer.integer(replies)
                outbox.seal(gate: UInt64(replies))
            case 1:
                outbox.release(durable: UInt64(dice.roll(replies + 1)))
            case 2:
                pushed += 1
                outbox.push(Array("+\(pushed)\r\n".utf8))
            default: outbox.take { left.append(contentsOf: $0) }
            }
        }
        outbox.release(durable: UInt64(replies))
        outbox.take { left.append(contentsOf: $0) }
        let lines = String(decoding: left, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.filter { $0.hasPrefix(":") } == (0..<replies).map { ":\($0 + 1)" })
        #expect(lines.filter { $0.hasPrefix("+") } == (0..<pushed).map { "+\($0 + 1)" })
    }

    @Test("E-1: an idle connection gives its buffer back to the loop")
    func borrowing() {
        var spare = ReplyWriter(.resp2)
        var outbox = Outbox(.resp3)
        outbox.borrow(&spare)
        outbox.writer.boolean(true)
        outbox.seal(gate: 5)
        outbox.giveBack(&spare)
        #expect(outbox.count > 0)
        outbox.borrow(&spare)
        outbox.writer.boolean(false)
        outbox.seal(gate: 5)
        outbox.release(durable: 5)
        var left: [UInt8] = []
        outbox.take { left.append(contentsOf: $0) }
        outbox.giveBack(&spare)
        #expect(left == Array("#t\r\n#f\r\n".utf8))
        #expect(outbox.writer.version == .resp3 && outbox.end == 8)
    }

    @Test(
        "P-4: every shape of reply is told from the next one", arguments: ProtocolVersion.allCases)
    func splitting(_ version: ProtocolVersion) {
        let shapes: [(inout ReplyWriter) -> Void] = [
            { $0.simple("OK") }, { $0.errorLine("ERR x") }, { $0.integer(-5) }, { $0.bulk("") },
            { $0.bulk("a\r\n:1\r\n") }, { $0.null() }, { $0.boolean(true) },
            { $0.verbatim("txt") }, { $0.array(0) },
            {
                $0.map(2)
                $0.bulk("a")
                $0.array(2)
                $0.integer(1)
                $0.set(1)
                $0.bulk("x")
                $0.bulk("b")
                $0.null()
            },
        ]
        var writer = ReplyWriter(version)
        writer.array(shapes.count)
        var ends: [Int] = []
        for shape in shapes {
            shape(&writer)
            ends.append(writer.bytes.count)
        }
        var position = ReplySplitter.endOfHead(of: writer.bytes)
        for end in ends {
            position = ReplySplitter.end(of: writer.bytes, from: position)
            #expect(position == end)
        }
    }
}

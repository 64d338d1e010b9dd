import NIOCore
import PipelineCommands
import PipelineDomain
import PipelineProtocol
import Synchronization

/// `MONITOR`: every command as it is carried out, to the admins who asked (P-4).
extension ConnectionHandler {
    /// Keeps the loop's register of monitors in step with the machine.
    func syncMonitoring() {
        machine.isObserved = services.monitors.isAny
        let monitors = machine.isMonitor && context != nil
        guard monitors != isMonitoring else { return }
        isMonitoring = monitors
        services.monitors.change(by: monitors ? 1 : -1)
        if monitors { loop.monitors[id] = self } else { loop.monitors[id] = nil }
    }

    /// Tells the monitors of all loops what this connection has just carried out.
    func tellMonitors() {
        guard !machine.observed.isEmpty else { return }
        let time = Clock.microseconds
        let address = Self.text(context?.channel.remoteAddress)
        let lines = machine.observed.map { item in
            MonitorLine.bytes(
                item.command.redacted(item.request), from: address, microseconds: time)
        }
        machine.observed.removeAll()
        services.monitors.publish(lines)
    }

    /// One line for this monitor, if its person is still an admin (D-34).
    func monitored(_ lines: [[UInt8]]) {
        guard let context, !machine.isClosing, machine.isPastBarrier,
            let person = machine.identity?.person, engine.isAdmin(person)
        else { return }
        for line in lines { machine.outbox.push(line) }
        flush(context)
        if machine.outbox.count > services.outputCap { cutOff(context) }
    }
}

/// Who monitors, over all loops.
final class Monitors: Sendable {
    private let count = Atomic(0)
    private let ports: PortRegister

    init(_ ports: PortRegister) { self.ports = ports }

    var isAny: Bool { count.load(ordering: .relaxed) > 0 }

    func change(by difference: Int) { count.wrappingAdd(difference, ordering: .relaxed) }

    func publish(_ lines: [[UInt8]]) {
        for port in ports.all {
            port.loop.execute {
                for monitor in Array(port.context.value.monitors.values) {
                    monitor.monitored(lines)
                }
            }
        }
    }
}

/// A command as Redis's monitor shows it.
enum MonitorLine {
    static func bytes(
        _ words: [[UInt8]], from address: String, microseconds: Int64
    ) -> [UInt8] {
        let fraction = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        var line = Array("+\(microseconds / 1_000_000).\(fraction) [0 \(address)]".utf8)
        for word in words {
            line.append(UInt8(ascii: " "))
            quote(word, into: &line)
        }
        line.append(contentsOf: "\r\n".utf8)
        return line
    }

    /// Printable ASCII as it is, the rest escaped.
    private static func quote(_ word: [UInt8], into line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in word {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): line += [UInt8(ascii: "\\"), byte]
            case 0x0A: line += "\\n".utf8
            case 0x0D: line += "\\r".utf8
            case 0x09: line += "\\t".utf8
            case 0x07: line += "\\a".utf8
            case 0x08: line += "\\b".utf8
            case 0x20...0x7E: line.append(byte)
            default:
                line += "\\x".utf8
                line += [hex(byte >> 4), hex(byte & 0xF)]
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

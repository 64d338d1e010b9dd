import NIOCore
import PipelineCommands
import PipelineProtocol

/// One live change on its way to the subscribers of a loop: encoded once for each form in which it is
/// asked for, however many ask (P-8).
final class LiveMessage {
    /// As `message` on a channel, or as `pmessage` of a pattern.
    struct Form: Hashable {
        let pattern: [UInt8]?
        let channel: [UInt8]
    }

    private struct Encoding: Hashable {
        let form: Form
        let version: ProtocolVersion
    }

    let change: LiveChange
    let channels: [[UInt8]]
    private lazy var payload = change.payload
    private var frames: [Encoding: ByteBuffer] = [:]

    init(_ change: LiveChange, channels: [[UInt8]]) {
        self.change = change
        self.channels = channels
    }

    /// About what a frame takes.
    var byteCount: Int { payload.count + 64 }

    func frame(_ form: Form, _ version: ProtocolVersion) -> ByteBuffer {
        let encoding = Encoding(form: form, version: version)
        if let frame = frames[encoding] { return frame }
        var writer = ReplyWriter(version)
        writer.push(form.pattern == nil ? 3 : 4)
        writer.bulk(form.pattern == nil ? "message" : "pmessage")
        if let pattern = form.pattern { writer.bulk(pattern) }
        writer.bulk(form.channel)
        writer.bulk(payload)
        let frame = ByteBuffer(bytes: writer.bytes)
        frames[encoding] = frame
        return frame
    }
}

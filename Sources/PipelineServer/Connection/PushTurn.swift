import NIOCore
import PipelineCommands
import PipelineDomain
import PipelineProtocol

/// One turn of a loop at its subscribers: the company as it may be seen now is looked at once, and what
/// several connections of a person are told alike is rendered once (E-3, N-7).
final class PushTurn {
    let view: LiveView
    /// What was rendered last for a person.
    private var renderings: [PersonID: InboxRendering] = [:]
    /// What was asked last: the connections of one person often come together.
    private var asked: (message: LiveMessage, person: PersonID, isShown: Bool)?

    /// Rows rendered at a time.
    private static let rowsMost = 64

    init(_ engine: Engine) { view = engine.liveView(at: Clock.now) }

    /// The person's rows behind `cursor` that are durable at `durable`, a few of them.
    func inbox(
        of person: PersonID, after cursor: UInt64, durable: UInt64
    ) -> InboxRendering {
        if let rendering = renderings[person], rendering.after == cursor,
            rendering.durable == durable
        {
            return rendering
        }
        let rows = view.inboxMessages(
            of: person, after: cursor, durable: durable, limit: Self.rowsMost)
        let rendering = InboxRendering(
            rows, after: cursor, durable: durable, isComplete: rows.count < Self.rowsMost,
            isTold: rows.last.map { $0.seq <= view.deliveredUpTo(of: person) } ?? true)
        renderings[person] = rendering
        return rendering
    }

    /// Whether the person may see the change now (D-34).
    func shows(_ message: LiveMessage, to person: PersonID) -> Bool {
        if let asked, asked.message === message, asked.person == person { return asked.isShown }
        let isShown = view.shows(message.change, to: person)
        asked = (message, person, isShown)
        return isShown
    }
}

/// Rows of one inbox on their way to the connections of their person: encoded once for each version of
/// the protocol, however many connections there are (E-3).
final class InboxRendering {
    let after: UInt64
    let durable: UInt64
    /// `seq` of the last row; `nil` where there is none.
    var last: UInt64? { rows.last?.seq }
    /// Whether nothing more is durable behind these rows.
    let isComplete: Bool
    /// Whether the log knows that they reached a socket of the person (N-8), or soon will.
    var isTold: Bool

    private let rows: [InboxMessage]
    private var frames: [ProtocolVersion: ByteBuffer] = [:]

    fileprivate init(
        _ rows: [InboxMessage], after: UInt64, durable: UInt64, isComplete: Bool, isTold: Bool
    ) {
        self.rows = rows
        self.after = after
        self.durable = durable
        self.isComplete = isComplete
        self.isTold = isTold
    }

    func frame(_ version: ProtocolVersion) -> ByteBuffer {
        if let frame = frames[version] { return frame }
        var writer = ReplyWriter(version)
        for row in rows {
            writer.push(3)
            writer.bulk("message")
            writer.bulk("inbox")
            writer.bulk(row.payload)
        }
        let frame = ByteBuffer(bytes: writer.bytes)
        frames[version] = frame
        return frame
    }
}

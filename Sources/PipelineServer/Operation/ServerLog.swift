import Foundation
public import Logging
import PipelineDomain
import Synchronization

/// Where the daemon's log lines go: stderr, one line an event (O-4).
public enum ServerLog {
    /// Text for people, or one JSON object a line.
    public enum Format: String, Sendable, CaseIterable { case text, json }

    private static let settings = Mutex((level: Logger.Level.info, format: Format.text))

    /// To be called at the start and whenever the configuration was read again.
    public static func configure(level: Logger.Level, format: Format) {
        settings.withLock { $0 = (level, format) }
    }

    static var level: Logger.Level { settings.withLock { $0.level } }

    static var format: Format { settings.withLock { $0.format } }

    /// Never hand it a password, a token or a deal's content.
    public static let logger = Logger(label: "pipelined") { _ in LineLogHandler() }
}

/// Writes each event as one line. What varies is in the metadata, not in the message.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]

    /// Read anew for each event, so that SIGHUP can change it.
    var logLevel: Logger.Level {
        get { ServerLog.level }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { ($0.key, "\($0.value)") }
        let line = Self.line(
            ServerLog.format, at: Clock.now, event.level, "\(event.message)", fields)
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func line(
        _ format: ServerLog.Format, at now: Instant, _ level: Logger.Level, _ message: String,
        _ fields: [(String, String)]
    ) -> String {
        switch format {
        case .text:
            let rest = fields.map { " \($0)=\(quoted($1, always: false))" }.joined()
            return "\(now) \(level.rawValue) \(escaped(message))\(rest)"
        case .json:
            let all =
                [("at", "\(now)"), ("level", level.rawValue), ("message", message)] + fields
            return "{"
                + all.map { "\(quoted($0, always: true)):\(quoted($1, always: true))" }
                .joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String, always: Bool) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }
        return isPlain && !always && !text.isEmpty ? text : "\"\(escaped(text))\""
    }

    /// As in JSON strings, so that no event ever takes two lines.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\u00" + String(scalar.value + 0x100, radix: 16).dropFirst()
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

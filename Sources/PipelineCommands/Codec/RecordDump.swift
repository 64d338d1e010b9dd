/// Records as lines for people and programs (W-11): what the audit tells, so never a password's hash
/// nor a remembered answer.
public enum RecordDump {
    /// `17 2026-11-22T02:17:21.123Z e2 opportunity.moved o1 from=chance to=offer`.
    public static func text(
        _ body: UnsafeRawBufferPointer, sequence: UInt64
    ) throws(RecordError) -> String {
        let row = AuditRow(try RecordCodec.decode(body, sequence: sequence))
        var words = ["\(row.sequence)", "\(row.at)", row.by?.description ?? "-"]
        words += [row.type, row.id ?? "-"]
        words += row.details.map { "\($0.name)=\(quotedIfNeeded($0.value))" }
        return words.joined(separator: " ")
    }

    /// One object a record.
    public static func json(
        _ body: UnsafeRawBufferPointer, sequence: UInt64
    ) throws(RecordError) -> String {
        let row = AuditRow(try RecordCodec.decode(body, sequence: sequence))
        let details = row.details.map { "\(quoted($0.name)):\(quoted($0.value))" }
        let members = [
            "\"seq\":\(row.sequence)", "\"at\":\"\(row.at)\"",
            "\"by\":\((row.by?.description).map(quoted) ?? "null")",
            "\"type\":\(quoted(row.type))", "\"id\":\(row.id.map(quoted) ?? "null")",
            "\"details\":{\(details.joined(separator: ","))}",
        ]
        return "{\(members.joined(separator: ","))}"
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        text.isEmpty || text.contains { $0.isWhitespace || $0 == "\"" } ? quoted(text) : text
    }

    /// As JSON writes it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

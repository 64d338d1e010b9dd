import PipelineProtocol

/// What the full screen of `watch` shows and how keys change it: a pure state machine (S-4).
struct WatchModel: Equatable {
    /// One line of the list.
    struct Row: Equatable {
        enum Subject: Equatable {
            case approval(String)
            /// The place of a message in the inbox.
            case message(Int64)
        }

        var subject: Subject
        var opportunity: String?
        var at = ""
        /// The type of a message, the stage of an approval.
        var kind = ""
        var text = ""
        var amount = ""
        var who = ""
    }

    /// An approval on its way to being decided: comment first, then the question.
    struct Decision: Equatable {
        var approval: String
        var approves: Bool
        /// Amount, owner, what was filled.
        var summary: [String]
        var comment = LineEditor()
        var asks = false
        /// The first row of the summary that is shown, where not all of it fits.
        var top = 0

        func rows(_ width: Int) -> [String] {
            TextWidth.wrap(summary.map { "  " + $0 }, to: width)
        }

        /// Rows for the summary: beside it there are the title, the comment, the question and the keys.
        static func room(_ height: Int) -> Int { max(2, height - 6) }
    }

    enum Mode: Equatable {
        case list
        case help
        case page(lines: [String], top: Int)
        case deciding(Decision)
    }

    /// What the model cannot do itself.
    enum Request: Equatable {
        case open(String)
        case prepare(approval: String, opportunity: String?, approves: Bool)
        case decide(approval: String, approves: Bool, note: String)
        case acknowledge(Int64)
        case refresh
        /// Only what waits for an approval can be decided.
        case explain
        case quit
        /// Ctrl-C, which a program that was called for this screen alone passes on.
        case interrupt
    }

    private(set) var rows: [Row] = []
    private(set) var selected = 0
    var mode = Mode.list
    var notice = ""
    /// While the connection is lost the list is as it was, and says so.
    var isLost = false
    var height = 24
    var width = 80

    var approvals: Int {
        rows.count { if case .approval = $0.subject { true } else { false } }
    }

    /// Another list; the selected thing stays selected where it is still there.
    mutating func show(_ fresh: [Row]) {
        let subject = rows.indices.contains(selected) ? rows[selected].subject : nil
        rows = fresh
        let place = rows.firstIndex { $0.subject == subject }
        selected = place ?? max(0, min(selected, rows.count - 1))
    }

    private var row: Row? { rows.indices.contains(selected) ? rows[selected] : nil }

    mutating func take(_ key: Key) -> Request? {
        notice = ""
        switch mode {
        case .list: return inList(key)
        case .help:
            mode = .list
            return nil
        case .page(let lines, let top):
            mode = scrolled(lines, top, key)
            return nil
        case .deciding(let decision): return deciding(decision, key)
        }
    }

    /// The keys that leave the list.
    static let leaving: [Key] = [.text("q"), .control("c"), .control("d"), .escape]

    private mutating func inList(_ key: Key) -> Request? {
        switch key {
        case .text("j"), .down, .control("n"): selected = min(max(0, rows.count - 1), selected + 1)
        case .text("k"), .up, .control("p"): selected = max(0, selected - 1)
        case .text("g"), .home: selected = 0
        case .text("G"), .end: selected = max(0, rows.count - 1)
        case .enter: return row?.opportunity.map { .open($0) }
        case .text("a"), .text("r"):
            guard case .approval(let id)? = row?.subject else {
                return rows.isEmpty ? nil : .explain
            }
            return .prepare(
                approval: id, opportunity: row?.opportunity, approves: key == .text("a"))
        case .text("x"), .text(" "):
            guard case .message(let sequence)? = row?.subject else { return nil }
            return .acknowledge(sequence)
        case .text("?"), .text("h"): mode = .help
        case .text("R"), .control("l"): return .refresh
        case .control("c"): return .interrupt
        case _ where Self.leaving.contains(key): return .quit
        default: break
        }
        return nil
    }

    private func scrolled(_ lines: [String], _ top: Int, _ key: Key) -> Mode {
        let page = max(1, height - 3)
        let last = max(0, TextWidth.wrap(lines, to: width).count - page)
        switch key {
        case .text("j"), .down, .enter: return .page(lines: lines, top: min(last, top + 1))
        case .text("k"), .up: return .page(lines: lines, top: max(0, top - 1))
        case .text(" "), .pageDown: return .page(lines: lines, top: min(last, top + page))
        case .pageUp: return .page(lines: lines, top: max(0, top - page))
        case .text("q"), .escape, .left, .control("c"), .backspace: return .list
        default: return .page(lines: lines, top: top)
        }
    }

    private mutating func deciding(_ decision: Decision, _ key: Key) -> Request? {
        var decision = decision
        if key == .escape || key == .control("c") {
            mode = .list
            return nil
        }
        let room = Decision.room(height)
        let rows = decision.rows(width).count
        let last = rows > room ? rows - room + 1 : 0
        switch key {
        case .up, .pageUp: decision.top = max(0, decision.top - (key == .up ? 1 : room - 1))
        case .down, .pageDown:
            decision.top = min(last, decision.top + (key == .down ? 1 : room - 1))
        default: return deciding(&decision, key)
        }
        mode = .deciding(decision)
        return nil
    }

    private mutating func deciding(_ decision: inout Decision, _ key: Key) -> Request? {
        if decision.asks {
            guard key == .text("y") || key == .text("是") else {
                mode = .list
                return nil
            }
            mode = .list
            return .decide(
                approval: decision.approval, approves: decision.approves,
                note: decision.comment.text)
        }
        if key == .enter {
            let isBlank = !decision.comment.text.contains { !$0.isWhitespace }
            decision.asks = decision.approves || !isBlank
        } else {
            _ = decision.comment.take(key)
        }
        mode = .deciding(decision)
        return nil
    }
}

extension WatchModel.Row {
    /// A row of `APPROVAL.LIST`.
    init?(approval reply: Reply, _ names: Names = Names()) {
        guard let id = reply["id"]?.text else { return nil }
        subject = .approval(id)
        opportunity = reply["opportunity"]?.text
        at = reply["submittedAt"]?.text ?? ""
        kind = reply["stage"]?.text ?? ""
        text = [reply["title"]?.text, reply["note"]?.text].compactMap { $0 }
            .joined(separator: " — ")
        amount = Amount.grouped(reply["amount"]?.text ?? "")
        if let currency = reply["currency"]?.text, !amount.isEmpty { amount += " " + currency }
        who = (reply["submitter"]?.text).map { names[$0] ?? $0 } ?? ""
    }

    /// A row of `INBOX.LIST` that is no request among the `pending` approvals: those are in the list
    /// already.
    init?(message reply: Reply, pending: Set<String> = []) {
        guard let sequence = reply["seq"]?.integer, let type = reply["type"]?.text,
            type != "withdrawn",
            type != "approval.requested" || !pending.contains(reply["approval"]?["id"]?.text ?? "")
        else { return nil }
        subject = .message(sequence)
        opportunity = reply["opportunity"]?["id"]?.text
        at = reply["at"]?.text ?? ""
        kind = type
        text = reply["text"]?.text ?? ""
        who = reply["by"]?["name"]?.text ?? ""
    }
}

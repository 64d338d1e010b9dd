import PipelineDomain

extension Messages {
    /// A digest counts what it tells, kind by kind (N-4, N-9).
    static func digest(
        _ items: [LateReminder], beyond: Int, in language: Person.Language
    ) -> String {
        let counts = Notification.Kind.allCases.compactMap { kind -> String? in
            let count = items.count { $0.kind == kind }
            guard count > 0 else { return nil }
            return language == .zh ? "\(chinese(kind)) \(count) 项" : "\(count) \(english(kind))"
        }
        let more = beyond == 0 ? [] : [language == .zh ? "其他 \(beyond) 项" : "\(beyond) more"]
        return language == .zh
            ? "停机期间错过的提醒:" + (counts + more).joined(separator: "、")
            : "What fell due meanwhile: " + (counts + more).joined(separator: ", ")
    }

    /// Of the holder's target, with what narrows it down, what is reached and what is due, in percent.
    static func behind(
        _ holder: String, _ period: String, of key: TargetKey, reached: Substring,
        due: Substring, in language: Person.Language
    ) -> String {
        let narrowed = [key.activity, key.product, key.region, key.channel].compactMap(\.self)
        switch language {
        case .zh:
            let of = narrowed.isEmpty ? "" : "(\(narrowed.joined(separator: "、")))"
            return "「\(holder)」\(period) 的目标\(of)进度落后:已完成 \(reached) %,应完成 \(due) %"
        case .en:
            let of = narrowed.isEmpty ? "" : " (\(narrowed.joined(separator: ", ")))"
            return
                "the target of '\(holder)' for \(period)\(of) is behind: \(reached) % is reached"
                + " where \(due) % is due"
        }
    }

    private static func chinese(_ kind: Notification.Kind) -> String {
        switch kind {
        case .reminderClose: "临近预计成交日期"
        case .reminderOverdue: "已过预计成交日期"
        case .reminderCycle: "平均周期将尽"
        case .reminderDwell: "阶段停留超期"
        case .reminderTask: "任务到期"
        case .approvalDue: "审批等待"
        case .approvalEscalated: "审批升级"
        case .targetBehind: "目标进度落后"
        default: kind.rawValue
        }
    }

    private static func english(_ kind: Notification.Kind) -> String {
        switch kind {
        case .reminderClose: "close to the close date"
        case .reminderOverdue: "past the close date"
        case .reminderCycle: "near the end of the cycle"
        case .reminderDwell: "too long in the stage"
        case .reminderTask: "due to be done"
        case .approvalDue: "waiting for approval"
        case .approvalEscalated: "escalated for approval"
        case .targetBehind: "behind a target"
        default: kind.rawValue
        }
    }
}

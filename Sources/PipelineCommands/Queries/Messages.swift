import PipelineDomain

/// The message catalogue (N-9): what a notification says, in the reader's language.
enum Messages {
    static func text(
        of notification: Notification, isStandIn: Bool = false, to target: ApprovalTarget? = nil,
        deal: String, by: String,
        stage: String,
        in language: Person.Language
    ) -> String {
        // The stage that a deal is in for too long is named already.
        let told = notification.kind == .reminderDwell ? nil : notification.note
        let note = told.flatMap { $0.isEmpty ? nil : $0 }
        if isStandIn, notification.kind == .approvalEscalated {
            return standIn(deal, stage, note, in: language)
        }
        if notification.kind == .approvalRequested, let target,
            let text = request(target, deal, by, in: language)
        {
            return text + (note.map { (language == .zh ? ":" : ": ") + $0 } ?? "")
        }
        return switch language {
        case .zh: chinese(notification.kind, deal, by, stage) + (note.map { ":\($0)" } ?? "")
        case .en: english(notification.kind, deal, by, stage) + (note.map { ": \($0)" } ?? "")
        }
    }

    /// What is asked, where it is more than leaving a stage.
    private static func request(
        _ target: ApprovalTarget, _ deal: String, _ by: String, in language: Person.Language
    ) -> String? {
        switch (target, language) {
        case (.stage, _): nil
        case (.won, .zh): "\(by)请您审批商机「\(deal)」赢单"
        case (.won, .en): "\(by) asks you to approve winning '\(deal)'"
        case (.reopened, .zh): "\(by)请您审批重新打开商机「\(deal)」"
        case (.reopened, .en): "\(by) asks you to approve opening '\(deal)' again"
        }
    }

    /// To those who asked, while nobody is left to decide (D-22).
    static func vacant(_ deal: String, in language: Person.Language) -> String {
        language == .zh
            ? "商机「\(deal)」的审批单暂无人可审批,等待管理员指定审批人"
            : "nobody is left to approve '\(deal)' for now; an administrator will name somebody"
    }

    /// To the approver's superior, who may decide too (D-27).
    private static func standIn(
        _ deal: String, _ stage: String, _ note: String?, in language: Person.Language
    ) -> String {
        switch language {
        case .zh: "商机「\(deal)」离开阶段「\(stage)」的审批单超时未决,您也可以审批" + (note.map { ":\($0)" } ?? "")
        case .en:
            "the request for '\(deal)' to leave stage '\(stage)' was not decided in time; you may decide it too"
                + (note.map { ": \($0)" } ?? "")
        }
    }

    private static func chinese(
        _ kind: Notification.Kind, _ deal: String, _ by: String, _ stage: String
    ) -> String {
        switch kind {
        case .approvalRequested: "\(by)请您审批商机「\(deal)」离开阶段「\(stage)」"
        case .approvalApproved: "\(by)批准了商机「\(deal)」的阶段「\(stage)」"
        case .approvalRejected: "\(by)驳回了商机「\(deal)」的阶段「\(stage)」"
        case .approvalRecalled: "\(by)撤回了商机「\(deal)」的审批单"
        case .approvalCancelled: "商机「\(deal)」的审批单已取消"
        case .noteAdded: "\(by)在商机「\(deal)」上留言"
        case .dealWon: "\(by)赢得了商机「\(deal)」"
        case .dealLost: "\(by)丢失了商机「\(deal)」"
        case .dealInvalid: "\(by)将商机「\(deal)」标为无效"
        case .approvalRerouted: "商机「\(deal)」的审批单已改由他人审批"
        case .approvalEscalated: "商机「\(deal)」的审批单无人可审批,请用 APPROVAL.REROUTE 指定审批人"
        case .teamJoined: "\(by)请您加入商机「\(deal)」的团队"
        case .dealTransferred: "\(by)将商机「\(deal)」转给了您"
        case .noteMention: "\(by)在商机「\(deal)」的留言中提到了您"
        case .contactChanged: "商机「\(deal)」的客户联系人有变动"
        case .approvalDue: "商机「\(deal)」离开阶段「\(stage)」的审批单仍在等待"
        case .reminderClose: "商机「\(deal)」临近预计成交日期"
        case .reminderOverdue: "商机「\(deal)」已过预计成交日期"
        case .reminderCycle: "商机「\(deal)」的平均销售周期即将用完"
        case .reminderDwell: "商机「\(deal)」在阶段「\(stage)」停留过久"
        case .reminderTask: deal.isEmpty ? "待办到期" : "商机「\(deal)」的任务到期"
        case .targetBehind: "目标进度落后"
        case .dealSlipped: "\(by)推迟或调低了商机「\(deal)」"
        case .dealMoved: "\(by)变更了商机「\(deal)」的阶段"
        case .taskDone: "\(by)完成了商机「\(deal)」的任务"
        case .digest: "停机期间错过的提醒"
        }
    }

    private static func english(
        _ kind: Notification.Kind, _ deal: String, _ by: String, _ stage: String
    ) -> String {
        switch kind {
        case .approvalRequested: "\(by) asks you to approve '\(deal)' leaving stage '\(stage)'"
        case .approvalApproved: "\(by) approved '\(deal)' in stage '\(stage)'"
        case .approvalRejected: "\(by) rejected '\(deal)' in stage '\(stage)'"
        case .approvalRecalled: "\(by) took back the request for '\(deal)'"
        case .approvalCancelled: "the request for '\(deal)' was cancelled"
        case .noteAdded: "\(by) left a note on '\(deal)'"
        case .dealWon: "\(by) won '\(deal)'"
        case .dealLost: "\(by) lost '\(deal)'"
        case .dealInvalid: "\(by) marked '\(deal)' as invalid"
        case .approvalRerouted: "the request for '\(deal)' went to another approver"
        case .approvalEscalated:
            "nobody is left to approve '\(deal)'; APPROVAL.REROUTE names somebody"
        case .teamJoined: "\(by) put you on the team of '\(deal)'"
        case .dealTransferred: "\(by) transferred '\(deal)' to you"
        case .noteMention: "\(by) mentioned you in a note on '\(deal)'"
        case .contactChanged: "a contact of '\(deal)' changed"
        case .approvalDue: "the request for '\(deal)' to leave stage '\(stage)' is still waiting"
        case .reminderClose: "the close date of '\(deal)' comes near"
        case .reminderOverdue: "the close date of '\(deal)' is past"
        case .reminderCycle: "the average cycle of '\(deal)' is nearly used up"
        case .reminderDwell: "'\(deal)' has been in stage '\(stage)' for too long"
        case .reminderTask: deal.isEmpty ? "something is due" : "a task of '\(deal)' is due"
        case .targetBehind: "a target is behind"
        case .dealSlipped: "\(by) put off or cut '\(deal)'"
        case .dealMoved: "\(by) moved '\(deal)'"
        case .taskDone: "\(by) did a task of '\(deal)'"
        case .digest: "what fell due meanwhile"
        }
    }

    static func advice(_ advice: Guide.Advice, in language: Person.Language) -> String {
        language == .zh ? chinese(advice) : english(advice)
    }

    private static func english(_ advice: Guide.Advice) -> String {
        switch advice {
        case .closed(let outcome): "The deal is closed (\(outcome.rawValue))."
        case .waitForApproval(let id, let by):
            "Wait for \(id)\(by.map { ", which lies with \($0)" } ?? ""); OPP.RECALL takes it back."
        case .improveAndResubmit(let note):
            "Rejected\(note.map { ": \($0)" } ?? ""). Improve it and OPP.ADVANCE again."
        case .complete(let missing):
            "Complete first: \(missing.map(\.name).joined(separator: ", "))."
        case .advance(let to, let asks):
            "Ready: OPP.ADVANCE moves it to '\(to)'\(asks ? " once your superior approves" : "")."
        case .win(let asks):
            "Ready to close: OPP.WIN\(asks ? " asks your superior" : "") or OPP.LOSE ends it."
        }
    }

    private static func chinese(_ advice: Guide.Advice) -> String {
        switch advice {
        case .closed(let outcome): "商机已关闭(\(outcome.rawValue))。"
        case .waitForApproval(let id, let by):
            "等待审批单 \(id)\(by.map { ",审批人 \($0)" } ?? "");OPP.RECALL 可撤回。"
        case .improveAndResubmit(let note):
            "已被驳回\(note.map { ":\($0)" } ?? "")。改进后再次 OPP.ADVANCE。"
        case .complete(let missing):
            "请先完成:\(missing.map(\.name).joined(separator: "、"))。"
        case .advance(let to, let asks):
            "可以推进:OPP.ADVANCE 进入「\(to)」\(asks ? ",需直属上级审批" : "")。"
        case .win(let asks): "可以结单:OPP.WIN\(asks ? "(需直属上级审批)" : "")或 OPP.LOSE。"
        }
    }
}

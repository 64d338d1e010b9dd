extension State {
    /// Whether the row is moot by now: what it asks for was done, or can be done no more (N-4). News
    /// never is.
    public func isSettled(_ row: Inbox.Row, for person: PersonID) -> Bool {
        let notification = row.notification
        switch notification.kind {
        case .approvalRequested, .approvalDue, .approvalEscalated:
            guard let id = notification.approval else { return false }
            let approval = approvals[id]
            guard approval.status == .pending, approval.asked.sequence <= row.logSequence else {
                return true
            }
            return notification.kind == .approvalRequested && !isTurn(of: person, approval)
        case .reminderClose, .reminderOverdue:
            return isOver(notification) { $0.closeSet.sequence > row.logSequence }
        case .reminderCycle: return isOver(notification) { _ in false }
        case .reminderDwell:
            return isOver(notification) { $0.enteredSequence > row.logSequence }
        case .reminderTask: return isTaskSettled(row, for: person)
        case .digest:
            guard let digest = notification.digest, digest.beyond == 0 else { return false }
            return digest.items.allSatisfy { isMoot($0, in: row, for: person) }
        default: return false
        }
    }

    /// Of a digest's items. Digests of the first release do not name the task, so the stage has to be
    /// over.
    private func isMoot(_ item: LateReminder, in digest: Inbox.Row, for person: PersonID) -> Bool {
        if item.kind == .reminderTask, item.note == nil {
            return isOver(item.alone) { $0.enteredSequence > digest.logSequence }
        }
        let row = Inbox.Row(
            notification: item.alone, at: digest.at, logSequence: digest.logSequence)
        return isSettled(row, for: person)
    }

    private func isOver(
        _ notification: Notification, or isMoot: (borrowing Opportunity) -> Bool
    ) -> Bool {
        guard let deal = notification.opportunity else { return false }
        return opportunities.borrow(deal) { $0.outcome != .open || isMoot($0) }
    }

    /// The row names the task, or the kind of activity, in its note.
    private func isTaskSettled(_ row: Inbox.Row, for person: PersonID) -> Bool {
        let name = row.notification.note
        let isPlanned = persons[person].plannedActivities.contains { id in
            let activity = activities[id]
            let deal: OpportunityID? =
                if case .opportunity(let id) = activity.target { id } else { nil }
            return activity.kind == name && deal == row.notification.opportunity
                && isOpen(activity.target)
        }
        guard !isPlanned, let id = row.notification.opportunity else { return !isPlanned }
        let deal = opportunities[id]
        guard deal.outcome == .open, deal.enteredSequence <= row.logSequence else { return true }
        let stage = deal.currentStage
        return !stage.tasks.contains {
            $0.name == name && deal.tasksDone[StageItem(stage: stage.key, key: $0.key)] == nil
        }
    }
}

extension Notification.Kind {
    /// Whether it comes because time passed, and not because somebody did something.
    var isReminder: Bool {
        switch self {
        case .reminderClose, .reminderOverdue, .reminderCycle, .reminderDwell, .reminderTask,
            .approvalDue, .approvalEscalated, .targetBehind:
            true
        default: false
        }
    }
}

/// Who stands above whom, and who sees what (§1 Superior, D-32, D-33), looked up afresh every time.
extension NaiveCompany {
    /// The explicit superior, else the head of the own unit if that is somebody else, else the head of
    /// the next unit up.
    func namedSuperior(_ id: Int) -> Int? {
        if let explicit = person(id).superior { return explicit }
        for unit in path(person(id).unit) {
            if let head = self.unit(unit).head, head != id { return head }
        }
        return nil
    }

    /// The person who approves: an inactive one is replaced by his own superior.
    func superior(_ id: Int) -> Int? {
        var found = namedSuperior(id)
        while let one = found, !person(one).isActive { found = namedSuperior(one) }
        return found
    }

    /// The superiors in turn.
    func superiors(above id: Int) -> [Int] {
        var chain: [Int] = []
        var next = superior(id)
        while let one = next {
            chain.append(one)
            next = superior(one)
        }
        return chain
    }

    /// Whether somebody is his own superior in the end.
    var hasCircle: Bool {
        persons.indices.contains { index in
            var next = namedSuperior(index + 1)
            for _ in persons where next != nil && next != index + 1 {
                next = next.flatMap(namedSuperior)
            }
            return next == index + 1
        }
    }

    /// Everybody above a person: by the person tree and by the unit tree, step by step until nobody new
    /// is found.
    func everybodyAbove(_ id: Int) -> Set<Int> {
        var above: Set<Int> = []
        var toAsk = [id]
        while let one = toAsk.popLast() {
            var next = path(person(one).unit).compactMap { unit($0).head }
            if let explicit = person(one).superior { next.append(explicit) }
            for upper in next where upper != one && !above.contains(upper) {
                above.insert(upper)
                toAsk.append(upper)
            }
        }
        above.remove(id)
        return above
    }

    func isAbove(_ upper: Int, _ lower: Int) -> Bool { everybodyAbove(lower).contains(upper) }

    func seesAll(_ id: Int) -> Bool { ["admin", "executive"].contains(person(id).role) }

    /// D-33: what they own, what they are on the team of, what they must decide, and everything owned
    /// by people below.
    func sees(_ viewer: Int, deal id: Int) -> Bool {
        let deal = deal(id)
        if seesAll(viewer) || deal.owner == viewer { return true }
        if deal.team.contains(where: { $0.person == viewer }) { return true }
        if let pending = deal.pending, mustDecide(viewer, pending) { return true }
        return isAbove(viewer, deal.owner)
    }

    func sees(_ viewer: Int, lead id: Int) -> Bool {
        let owner = leads[id - 1].owner
        return seesAll(viewer) || owner == viewer || isAbove(viewer, owner)
    }

    /// Visible to its submitter, to those it was put to, to their delegates and to whoever sees the
    /// deal.
    func sees(_ viewer: Int, approval id: Int) -> Bool {
        let request = approval(id)
        return request.submitter == viewer || request.putTo.contains(viewer)
            || wasPutToDelegate(viewer, id) || sees(viewer, deal: request.deal)
    }

    /// Sooner or later, for themselves or for somebody who named them their delegate.
    func mustDecide(_ viewer: Int, _ approval: Int) -> Bool {
        self.approval(approval).undecided.contains {
            $0 == viewer || standsIn(viewer, for: $0, approval)
        }
    }

    /// D-21: within the dates, both included, in the delegator's zone.
    func delegate(of id: Int) -> Int? {
        guard let delegation = person(id).delegation else { return nil }
        let today = today(in: person(id).zone)
        guard today >= delegation.from, today <= delegation.until, person(delegation.to).isActive
        else { return nil }
        return delegation.to
    }

    /// As a delegate of somebody who has still to decide; of a request that ended, of one of its
    /// approvers, if the delegation ran already by then.
    func wasPutToDelegate(_ viewer: Int, _ id: Int) -> Bool {
        let request = approval(id)
        guard request.status != "pending", let end = request.decidedAt else {
            return request.undecided.contains { standsIn(viewer, for: $0, id) }
        }
        return request.approvers.contains { approver in
            guard standsIn(viewer, for: approver, id),
                let from = person(approver).delegation?.from
            else { return false }
            return from <= Self.day(of: end, in: person(approver).zone)
        }
    }

    /// A delegate decides in an approver's place, but never one's own deal or submission (D-20), and
    /// not what was put to oneself: nobody decides two levels of a request (D-23).
    func standsIn(_ viewer: Int, for approver: Int, _ approval: Int) -> Bool {
        let request = self.approval(approval)
        return delegate(of: approver) == viewer && viewer != request.submitter
            && viewer != deal(request.deal).owner && !request.putTo.contains(viewer)
    }

    /// The owner and everyone above.
    func isInCharge(_ id: Int, ofOwner owner: Int) -> Bool {
        owner == id || isAbove(id, owner)
    }

    /// Everyone above the owner, and admins.
    func isSetOver(_ id: Int, owner: Int) -> Bool { isAdmin(id) || isAbove(id, owner) }

    /// Anyone enters things for themselves, those above for people below, an admin for anybody.
    func requireMayEnter(_ actor: Int, for owner: Int) throws(Refused) {
        guard actor == owner || isSetOver(actor, owner: owner) else {
            throw Refused(.notPermitted)
        }
    }

    // MARK: A deal that somebody wants to change, in the order of refusals (P-5)

    func requireSeen(_ actor: Int, deal id: Int) throws(Refused) {
        try known(id, of: deals.count)
        guard sees(actor, deal: id) else { throw Refused(.notFound) }
    }

    func requireRevision(_ expected: Int?, _ rev: Int) throws(Refused) {
        guard let expected, expected != rev else { return }
        throw Refused(.conflict)
    }

    /// Seen, permitted, as the caller saw it, and open.
    func requireChange(
        _ operation: Operation, _ id: Int, isPermitted: (NaiveCompany) -> Bool
    ) throws(Refused) {
        try requireSeen(operation.actor, deal: id)
        guard isPermitted(self) else { throw Refused(.notPermitted) }
        try requireRevision(operation.expectedRevision, deal(id).rev)
        guard deal(id).outcome == "open" else { throw Refused(.conflict) }
    }

    func requireInCharge(_ operation: Operation, _ id: Int) throws(Refused) {
        try requireChange(operation, id) { company in
            company.isInCharge(operation.actor, ofOwner: company.deal(id).owner)
        }
    }

    func requireSetOver(_ operation: Operation, _ id: Int) throws(Refused) {
        try requireChange(operation, id) { company in
            company.isSetOver(operation.actor, owner: company.deal(id).owner)
        }
    }

    /// D-25.
    func requireUnlocked(_ id: Int) throws(Refused) {
        guard deal(id).pending == nil else { throw Refused(.pending) }
    }

    func requireActive(_ id: Int) throws(Refused) {
        guard person(id).isActive else { throw Refused(.conflict) }
    }
}

import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// W-6: records that can be read, and checksums that hold, and yet no history of this company.
struct UnsoundRecordTests {
    /// Each record of a busy company with the ledger as it stood before it.
    private func steps() throws -> [(ledger: Ledger, record: [UInt8])] {
        let company = LedgerCompany.furnished()
        for (line, login) in [
            ("PERSON.DELEGATE lee TO zoe FROM 2026-11-22 UNTIL 2026-12-31", "lee"),
            ("OPP.FEEDBACK o1 budget_owner 王总", "ann"),
            ("OPP.TASK o1 site-visit DONE EVIDENCE 照片", "ann"), ("OPP.ADVANCE o1", "ann"),
            ("APPROVAL.REROUTE a1 TO bob REASON 出差", "root"), ("APPROVAL.APPROVE a1", "bob"),
            ("APPROVAL.APPROVE a1", "boss"), ("OPP.TEAM o1 ADD zoe ROLE 技术", "ann"),
            ("CONTACT.CREATE c1 王", "ann"), ("CONTACT.CREATE c1 李", "ann"),
            ("OPP.CONTACT o1 ADD k1 PART user", "ann"),
            ("OPP.CONTACT o1 REMOVE k1 SUCCESSOR k2", "ann"), ("CONTACT.UPDATE k1 LEFT yes", "ann"),
            ("CONTACT.UPDATE k1 CUSTOMER c2", "ann"), ("OPP.NOTE o1 好 MENTION boss", "ann"),
            ("OPP.NOTE o1 答 REPLYTO n1", "boss"), ("OPP.ACTIVITY o1 call TO boss", "ann"),
            ("ACTIVITY.DONE v1", "boss"), ("LEAD.CREATE 赵", "bob"),
            ("LEAD.UPDATE l1 OWNER ann VISITS 3", "lee"), ("LEAD.ACTIVITY l1 visit DONE", "ann"),
            ("LEAD.CONVERT l1 TITLE 隧道 PROCESS bid", "ann"), ("OPP.TRANSFER o3 TO ann", "lee"),
            ("OPP.UPDATE o2 CUSTOMER c1 AMOUNT 5 TITLE 屋顶", "ann"),
            ("OPP.LOSE o3 REASON price REVIEW 贵", "ann"), ("OPP.REOPEN o3 REASON 回来", "lee"),
            ("INBOX.ACK UPTO 1 REQID 1", "boss"),
            ("PERSON.UPDATE bob UNIT u4 SUPERIOR boss", "root"),
            ("UNIT.MERGE u4 INTO u3", "root"), ("PERSON.DEACTIVATE bob", "root"),
        ] {
            #expect(company.refusal(line, as: login) == nil, "\(line)")
        }
        var ledger = Ledger(zones: FixedZones())
        var steps: [(Ledger, [UInt8])] = []
        for record in company.log {
            steps.append((ledger, record))
            #expect(Self.replay(record, on: &ledger) == nil)
        }
        return steps
    }

    private static func replay(_ record: [UInt8], on ledger: inout Ledger) -> RecordError? {
        let sequence = ledger.lastSequence + 1
        var failure: RecordError?
        record.withUnsafeBytes { bytes in
            do throws(RecordError) {
                try ledger.replay(bytes, sequence: sequence)
            } catch {
                failure = error
            }
        }
        return failure
    }

    @Test("W-6: a record about somebody or something that is not there is refused and named")
    func subjects() throws {
        for (ledger, record) in try steps() {
            let recorded = try RecordCodec.decode(record, sequence: ledger.lastSequence + 1)
            for moved in Self.misplaced(recorded) {
                var bytes: [UInt8] = []
                RecordCodec.encode(moved, into: &bytes)
                var copy = ledger
                guard case .unsound(let name) = Self.replay(bytes, on: &copy)?.fault else {
                    Issue.record("accepted: \(moved.event)")
                    continue
                }
                #expect(name.hasSuffix("4000"), "\(moved.event)")
                #expect(copy.lastSequence == ledger.lastSequence)
            }
        }
    }

    /// The record by an actor that there is not, and about a subject that there is not.
    private static func misplaced(_ recorded: Recorded) -> [Recorded] {
        func moved(_ actor: PersonID, _ event: Event) -> Recorded {
            Recorded(sequence: recorded.sequence, at: recorded.at, actor: actor, event: event)
        }
        let other: Event? =
            switch recorded.event {
            case .founded, .company: nil
            case .unit(_, let event): .unit(UnitID(4000), event)
            case .person(_, let event): .person(PersonID(4000), event)
            case .process(_, let event): .process(ProcessID(4000), event)
            case .customer(_, let event): .customer(CustomerID(4000), event)
            case .opportunity(_, let event): .opportunity(OpportunityID(4000), event)
            case .approval(_, let event): .approval(ApprovalID(4000), event)
            case .inbox(_, let event): .inbox(PersonID(4000), event)
            case .contact(_, let event): .contact(ContactID(4000), event)
            case .lead(_, let event): .lead(LeadID(4000), event)
            case .activity(_, let event): .activity(ActivityID(4000), event)
            case .target(_, let event): .target(TargetID(4000), event)
            case .reminder(.deal(_, let key)): .reminder(.deal(OpportunityID(4000), key))
            case .reminder(.activity): .reminder(.activity(ActivityID(4000)))
            case .reminder(.delegation): .reminder(.delegation(PersonID(4000)))
            case .reminder(.late(_, let item)): .reminder(.late(PersonID(4000), item))
            case .answered(_, let answer): .answered(PersonID(4000), answer)
            }
        return [moved(PersonID(4000), recorded.event)]
            + (other.map { [moved(recorded.actor, $0)] } ?? [])
    }

    @Test("W-6: no byte of any record, whatever it becomes, brings the ledger down")
    func bytes() throws {
        var dice = SplitMix(seed: 20_261_122)
        var refused = 0
        for (ledger, record) in try steps() {
            for place in record.indices {
                var damaged = record
                damaged[place] = UInt8.random(in: 0...UInt8.max, using: &dice)
                var copy = ledger
                guard Self.replay(damaged, on: &copy) == nil else {
                    refused += 1
                    continue
                }
                Self.look(at: copy)
            }
        }
        #expect(refused > 1_000)
    }

    @Test("W-6: events of every kind with ids at random are taken or refused, never fatal")
    func anything() throws {
        let ledgers = try steps().map(\.ledger)
        for tag in RecordTag.all {
            for style in [EventMaker.Style.typical, .smallest, .chinese] {
                var maker = EventMaker(style)
                var bytes: [UInt8] = []
                RecordCodec.encode(maker.recorded(tag), into: &bytes)
                for ledger in ledgers {
                    var copy = ledger
                    if Self.replay(bytes, on: &copy) == nil { Self.look(at: copy) }
                }
            }
        }
    }

    /// Asks what walks through trees, requests and inboxes.
    private static func look(at ledger: Ledger) {
        var copy = ledger
        let people = copy.state.persons.count
        guard people > 0 else { return }
        for line in [["OPP.LIST"], ["APPROVAL.LIST"], ["TODO.LIST"], ["INBOX.LIST"], ["UNIT.TREE"]]
        {
            let request = Request(line)
            guard let command = CommandTable.find(request[0]) else { continue }
            var reply = ReplyWriter(.resp3)
            var records = Records()
            _ = copy.run(
                Invocation(command, request), as: PersonID(UInt32(people)),
                at: Instant(milliseconds: 1_795_313_841_123), reply: &reply, records: &records)
        }
    }
}

import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Histories")
struct CodecHistoryTests {
    @Test("D-17: records of deals and their approvals have a row, and no others")
    func which() {
        for tag in RecordTag.all {
            var maker = EventMaker(.typical)
            let recorded = maker.recorded(tag)
            let row = HistoryRow(recorded)
            switch RecordTag.Group(rawValue: UInt8(tag.rawValue >> 8)) {
            case .opportunity, .approval, .activity:
                #expect(row?.sequence == recorded.sequence)
                #expect(row?.at == recorded.at)
            default: #expect(row == nil)
            }
        }
    }

    private static let yuan = Money(minorUnits: 50_000_000, currency: Currency("CNY")!)
    private static let item = StageItem(stage: "chance", key: "need")

    private func row(_ event: OpportunityEvent) throws -> HistoryRow {
        try #require(
            HistoryRow(
                Recorded(
                    sequence: 12, at: Instant(milliseconds: 34), actor: PersonID(5),
                    event: .opportunity(OpportunityID(1), event))))
    }

    private func row(_ event: ApprovalEvent) throws -> HistoryRow {
        try #require(
            HistoryRow(
                Recorded(
                    sequence: 12, at: Instant(milliseconds: 34), actor: PersonID(5),
                    event: .approval(ApprovalID(7), event))))
    }

    /// `type by field from→to "note" approval name=value…`, with `-` for what is empty.
    private func told(_ row: HistoryRow) -> String {
        var words = [row.type, row.by?.description ?? "-", row.field ?? "-"]
        words.append("\(row.from ?? "-")→\(row.to ?? "-")")
        words.append(row.note.map { "\"\($0)\"" } ?? "-")
        words.append(row.approval?.description ?? "-")
        words += row.details.map { "\($0.name)=\($0.value)" }
        return words.joined(separator: " ")
    }

    @Test("D-17: a new deal's row tells everything that it started with")
    func created() throws {
        let facts = OpportunityFacts(
            title: "挖掘机", customer: CustomerID(8), owner: PersonID(9),
            version: ProcessVersionID(1), amount: Self.yuan, currency: Self.yuan.currency,
            close: Day(year: 2027, month: 6, day: 30),
            fields: [.source: "referral", .externalID: "x1", .region: "东区"])
        #expect(
            try told(row(.created(facts))) == """
                created e5 - -→挖掘机 - - customer=c8 owner=e9 amount=500000.00 CNY currency=CNY \
                close=2027-06-30 source=referral region=东区 extid=x1
                """)
    }

    @Test("D-17: what changed, from what to what")
    func changes() throws {
        let dollars = Money(minorUnits: -5, currency: Currency("JPY")!)
        #expect(
            try told(row(.changed(.externalID, Change(from: nil, to: "x2"))))
                == "changed e5 extid -→x2 - -")
        #expect(
            try told(row(.customerChanged(Change(from: CustomerID(1), to: CustomerID(2)))))
                == "changed e5 customer c1→c2 - -")
        #expect(
            try told(row(.amountChanged(Change(from: Self.yuan, to: dollars))))
                == "amount e5 amount 500000.00 CNY→-5 JPY - -")
        #expect(
            try told(
                row(.currencyChanged(Change(from: Self.yuan.currency, to: dollars.currency))))
                == "changed e5 currency CNY→JPY - -")
        #expect(
            try told(row(.closeChanged(Change(from: Day(number: 0), to: nil))))
                == "close e5 close 1970-01-01→- - -")
    }

    @Test(
        "D-17: feedback of every type is told as text",
        arguments: [
            (FeedbackValue.text("soon"), "soon"), (.number("-3.5"), "-3.5"),
            (.money(yuan), "500000.00 CNY"), (.date(Day(number: 1)), "1970-01-02"),
            (.choice("rent"), "rent"), (.boolean(true), "yes"), (.boolean(false), "no"),
            (.person(PersonID(3)), "e3"), (.contact(ContactID(4)), "k4"),
        ])
    func feedback(value: FeedbackValue, text: String) throws {
        #expect(
            try told(row(.feedbackGiven(Self.item, Change(from: value, to: nil))))
                == "feedback e5 need \(text)→- - - stage=chance")
    }

    @Test("D-17: tasks, moves, ends and notes say why")
    func steps() throws {
        let closing = Closing(reason: "price", competitor: "三一", review: "late", note: "why")
        let won = Closing(reason: "", competitor: nil, review: "good", note: nil)
        #expect(
            try told(row(.taskDone(Self.item, evidence: "minutes", note: "n")))
                == "task.done e5 need -→- \"n\" - stage=chance evidence=minutes")
        #expect(
            try told(row(.taskUndone(Self.item, note: nil)))
                == "task.undone e5 need -→- - - stage=chance")
        #expect(
            try told(
                row(.moved(Change(from: "a", to: "b"), approval: ApprovalID(7), note: "on")))
                == "moved e5 stage a→b \"on\" a7")
        #expect(
            try told(row(.won(approval: ApprovalID(7), won))) == "won e5 - -→- - a7 review=good")
        #expect(
            try told(row(.lost(closing)))
                == "lost e5 reason -→price \"why\" - competitor=三一 review=late")
        #expect(
            try told(row(.invalidated(closing)))
                == "invalidated e5 reason -→price \"why\" - competitor=三一 review=late")
        #expect(
            try told(row(.noted(NoteID(3), text: "called", replyTo: NoteID(2))))
                == "note e5 - -→- \"called\" - id=n3 replyTo=n2")
        #expect(
            try told(
                row(
                    .noted(
                        NoteID(3), text: "called", replyTo: nil,
                        mentions: [PersonID(7), PersonID(8)])))
                == "note e5 - -→- \"called\" - id=n3 mentions=e7 e8")
    }

    @Test("D-17, D-12: a request tells what was asked and of whom")
    func requested() throws {
        func facts(_ target: ApprovalTarget) -> ApprovalFacts {
            ApprovalFacts(
                opportunity: OpportunityID(1), stage: "a", target: target,
                approvers: [PersonID(1), PersonID(2)], endsAutomatically: false, attempt: 2,
                amount: Self.yuan, currency: Self.yuan.currency, note: "please")
        }
        let closing = Closing(reason: "", competitor: nil, review: nil, note: nil)
        #expect(
            try told(row(.requested(facts(.stage("b")))))
                == "approval.requested e5 stage a→b \"please\" a7 attempt=2 amount=500000.00 CNY approvers=e1 e2"
        )
        #expect(try row(.requested(facts(.won(closing)))).to == "won")
    }

    @Test("D-17, D-21: a decision tells who, for whom and why")
    func decisions() throws {
        #expect(
            try told(row(.levelApproved(level: 1, onBehalfOf: PersonID(2), note: "ok")))
                == "approval.level e5 level -→1 \"ok\" a7 onBehalfOf=e2")
        #expect(
            try told(row(.approved(onBehalfOf: PersonID(2), note: nil)))
                == "approval.approved e5 - -→- - a7 onBehalfOf=e2")
        #expect(
            try told(row(.rejected(onBehalfOf: nil, note: "too cheap")))
                == "approval.rejected e5 - -→- \"too cheap\" a7")
        #expect(
            try told(row(.recalled(note: "wait"))) == "approval.recalled e5 - -→- \"wait\" a7")
        #expect(try told(row(.cancelled)) == "approval.cancelled e5 - -→- - a7")
    }

    @Test("D-19: what a rule granted is never told as a person's doing")
    func automatic() throws {
        #expect(try told(row(.approvedAutomatically)) == "approval.automatic - - -→- - a7")
    }
}

import Testing

@testable import PipelineDomain

@Suite("Rows of an inbox")
struct InboxRowsTests {
    private func row(_ number: Int) -> Inbox.Row {
        Inbox.Row(
            notification: Notification(
                kind: .noteAdded, opportunity: nil, approval: nil, by: nil, note: "第\(number)行"),
            at: Instant(milliseconds: Int64(number)), logSequence: UInt64(number))
    }

    @Test("E-4, P-7: chunks count what is not acknowledged, whatever is acknowledged in what order")
    func counts() {
        var rows = InboxRows()
        var plain: [Bool] = []
        var seed: UInt64 = 5
        func roll(_ sides: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(sides))
        }
        for step in 0..<3_000 {
            if plain.isEmpty || roll(3) == 0 {
                rows.append(row(plain.count))
                plain.append(false)
            } else {
                let index = roll(plain.count)
                rows.acknowledge(index)
                plain[index] = true
            }
            guard step % 50 == 0 else { continue }
            #expect(rows.count == plain.count)
            #expect(rows.map(\.isAcknowledged) == plain)
            #expect(rows.unacknowledged == plain.count { !$0 })
            for from in [0, 1, 127, 128, 129, plain.count / 2, plain.count] {
                let expected =
                    from < plain.count ? plain[from...].firstIndex(of: false) : nil
                #expect(rows.firstUnacknowledged(from: from) == expected)
                let end = min(from, plain.count)
                #expect(rows.unacknowledged(before: end) == plain[..<end].count { !$0 })
            }
            let copy = InboxRows(rows)
            #expect(copy.unacknowledged == rows.unacknowledged && copy.count == rows.count)
        }
        #expect(rows.count > 256)
    }

    @Test("N-1: a row comes back as it was put in, whatever it tells and whoever caused it")
    func contents() {
        func told(
            _ opportunity: OpportunityID? = nil, _ approval: ApprovalID? = nil,
            by: PersonID? = nil, _ note: String? = nil, _ contact: ContactChange? = nil
        ) -> Notification {
            Notification(
                kind: .dealLost, opportunity: opportunity, approval: approval, by: by, note: note,
                contact: contact)
        }
        let kinds = [
            told(), told(OpportunityID(7)), told(OpportunityID(7), ApprovalID(.max), by: .nobody),
            told(by: PersonID(3), ""), told(nil, nil, by: nil, "价格"), told(by: .nobody, "why"),
            told(OpportunityID(1), nil, by: nil, nil, .left(ContactID(9))),
            told(OpportunityID(1), nil, by: nil, "与附注", .left(ContactID(9))),
            told(nil, nil, by: nil, "after"),
            Notification(digest: LateDigest()),
        ]
        let expected = (0..<20).flatMap { _ in kinds }
        let rows = InboxRows(
            expected.enumerated().map {
                Inbox.Row(
                    notification: $0.element, at: Instant(milliseconds: -Int64($0.offset)),
                    logSequence: .max - UInt64($0.offset), isAcknowledged: $0.offset % 3 == 0)
            })
        #expect(rows.map(\.notification) == expected)
        #expect(rows.map(\.at.milliseconds) == expected.indices.map { -Int64($0) })
        #expect(rows.map(\.logSequence) == expected.indices.map { .max - UInt64($0) })
        #expect(rows.map(\.isAcknowledged) == expected.indices.map { $0 % 3 == 0 })
    }

    @Test("E-4: a copy is not changed by what happens to the other one")
    func copies() {
        var rows = InboxRows((0..<300).map(row))
        let photograph = rows
        rows.acknowledge(7)
        rows.append(row(300))
        #expect(photograph.unacknowledged == 300 && photograph.count == 300)
        #expect(!photograph[7].isAcknowledged && rows[7].isAcknowledged)
    }
}

import Foundation
import PipelineDomain
import PipelineProtocol
import Testing

@testable import PipelineCommands

/// P-7, P-8: the durable inbox, as it is listed and as it is pushed.
struct InboxTests {
    private func rows(_ company: LedgerCompany, _ login: String, _ words: String = "") -> [Reply] {
        company.run("INBOX.LIST \(words)", as: login).elements ?? []
    }

    private func messages(_ company: LedgerCompany, _ login: String) -> [InboxMessage] {
        company.ledger.inboxMessages(
            of: company.person(login), after: 0, durable: .max, limit: 1_000)
    }

    @Test("§2: a row has exactly the promised members; maps where there is something, else null")
    func row() throws {
        let company = LedgerCompany.furnished()
        company.submit()
        let row = try #require(rows(company, "lee").first)
        #expect(
            row.pairs?.compactMap(\.key.text)
                == [
                    "seq", "id", "type", "at", "acked", "settled", "text", "opportunity",
                    "approval", "by",
                ])
        #expect(row["seq"] == .integer(1))
        #expect(row["id"]?.text == "e3/1")
        #expect(row["type"]?.text == "approval.requested")
        #expect(row["at"]?.text == "2026-11-22T02:17:21.123Z")
        #expect(row["acked"] == .boolean(false))
        #expect(row["text"]?.text == "Ann请您审批商机「Bridge 大桥」离开阶段「方案制定」:ready")
        #expect(row["opportunity"]?["id"]?.text == "o1")
        #expect(row["approval"]?["id"]?.text == "a1")
        #expect(row["by"]?["id"]?.text == "e4")
        company.run("OPP.NOTE o1 hello", as: "boss")
        let note = try #require(rows(company, "ann").first)
        #expect(note["text"]?.text == "Boss left a note on 'Bridge 大桥': hello")
        #expect(note["approval"] == .null)
    }

    @Test("P-8: a push is one line of JSON with v and exactly the row's members")
    func payload() throws {
        let company = LedgerCompany.furnished()
        company.run(#"OPP.UPDATE o1 TITLE "quotes \" back \\ slash""#, as: "ann")
        company.submit()
        company.run(#"OPP.NOTE o1 "tab\tline\nend 🤝""#, as: "boss")
        for login in ["lee", "ann"] {
            let message = try #require(messages(company, login).first)
            #expect(!message.payload.contains(0x0A) && !message.payload.contains(0x0D))
            let json = try JSONSerialization.jsonObject(with: Data(message.payload))
            let object = try #require(json as? [String: Any])
            #expect(
                Set(object.keys) == [
                    "v", "seq", "id", "type", "at", "acked", "settled", "text", "opportunity",
                    "approval", "by",
                ])
            #expect(object["v"] as? Int == 1)
            #expect(object["seq"] as? Int == Int(message.seq))
            let row = try #require(rows(company, login).first)
            for key in ["id", "type", "at", "text"] {
                #expect(object[key] as? String == row[key]?.text, "\(key)")
            }
            let deal = try #require(object["opportunity"] as? [String: Any])
            #expect(deal["id"] as? String == "o1")
            #expect(deal["title"] as? String == #"quotes " back \ slash"#)
            #expect(object["approval"] is NSNull == (login == "ann"))
            #expect((object["by"] as? [String: Any])?["id"] as? String == row["by"]?["id"]?.text)
        }
        #expect(
            messages(company, "ann").first.map { String(decoding: $0.payload, as: UTF8.self) }?
                .contains(#"tab\tline\nend 🤝"#) == true)
    }

    @Test("P-7: a row whose right was lost keeps its seq, with type withdrawn and nothing else")
    func withdrawn() throws {
        let company = LedgerCompany.furnished()
        company.run("OPP.LOSE o3 REASON price REVIEW x", as: "bob")
        #expect(rows(company, "lee").map { $0["type"]?.text } == ["deal.lost"])
        company.run("PERSON.UPDATE bob UNIT u4")
        let row = try #require(rows(company, "lee").first)
        #expect(row["seq"] == .integer(1))
        #expect(row["type"]?.text == "withdrawn")
        for key in ["text", "opportunity", "approval", "by"] {
            #expect(row[key] == .null, "\(key)")
        }
        let message = try #require(messages(company, "lee").first)
        let json = try JSONSerialization.jsonObject(with: Data(message.payload))
        let object = try #require(json as? [String: Any])
        #expect(object["type"] as? String == "withdrawn")
        #expect(object["seq"] as? Int == 1)
        for secret in ["Tower", "bob", "price", "o3", "e5"] {
            #expect(!String(decoding: message.payload, as: UTF8.self).contains(secret), "\(secret)")
        }
        company.run("PERSON.UPDATE bob UNIT u3")
        #expect(rows(company, "lee").first?["type"]?.text == "deal.lost")
    }

    /// lee's inbox with five rows.
    private func busy() -> LedgerCompany {
        let company = LedgerCompany.furnished()
        company.run("OPP.CREATE Own CUSTOMER c1", as: "lee")
        for number in 1...5 { company.run("OPP.NOTE o4 note-\(number)", as: "boss") }
        return company
    }

    @Test(
        "P-7: INBOX.ACK is idempotent; UPTO past the end means the end; rows that are not there do not matter"
    )
    func acknowledging() {
        let company = busy()
        func ack(_ words: String) -> Int64? {
            company.run("INBOX.ACK \(words)", as: "lee")["acknowledged"]?.integer
        }
        func open() -> [Int64] {
            rows(company, "lee", "UNACKED").compactMap { $0["seq"]?.integer }
        }
        #expect(open() == [1, 2, 3, 4, 5])
        #expect(ack("2 4 4") == 2)
        #expect(open() == [1, 3, 5])
        let before = company.ledger.lastSequence
        #expect(ack("2 4") == 0 && ack("0 6 18446744073709551615") == nil)
        #expect(ack("0 6 9223372036854775807") == 0)
        #expect(ack("UPTO 0") == 0)
        #expect(company.ledger.lastSequence == before)
        #expect(ack("UPTO 3") == 2)
        #expect(open() == [5])
        #expect(ack("UPTO 9223372036854775807") == 1)
        #expect(open() == [])
        #expect(ack("UPTO 5") == 0)
        #expect(rows(company, "lee").count == 5)
        // Past the end meant the end: what comes later is not acknowledged.
        company.run("OPP.NOTE o4 late", as: "boss")
        #expect(open() == [6])
    }

    @Test("P-7: an inbox is one's own; ACK answers the person's id and revision")
    func own() {
        let company = busy()
        let reply = company.run("INBOX.ACK UPTO 9", as: "boss")
        #expect(reply["id"]?.text == "e2" && reply["acknowledged"] == .integer(0))
        #expect(rows(company, "lee", "UNACKED").count == 5)
        let revision = company.run("PERSON.GET lee")["rev"]?.integer ?? 0
        #expect(company.run("INBOX.ACK 1", as: "lee")["rev"] == .integer(revision + 1))
    }

    @Test("P-7: pushes are what is not acknowledged, in order, from a seq on, as far as durable")
    func pushes() {
        let company = busy()
        company.run("INBOX.ACK 1 3", as: "lee")
        let lee = company.person("lee")
        func seqs(after: UInt64, durable: UInt64 = .max, limit: Int = 100) -> [UInt64] {
            company.ledger.inboxMessages(of: lee, after: after, durable: durable, limit: limit)
                .map(\.seq)
        }
        #expect(seqs(after: 0) == [2, 4, 5])
        #expect(seqs(after: 2) == [4, 5])
        #expect(seqs(after: 0, limit: 2) == [2, 4])
        #expect(
            seqs(after: 5).isEmpty && seqs(after: 99).isEmpty && seqs(after: 0, limit: 0).isEmpty)
        #expect(seqs(after: 0, durable: 0).isEmpty)
        // A row lies in the log behind the note that it tells of; two records a note, then the ACK.
        let last = company.ledger.lastSequence
        #expect(seqs(after: 0, durable: last - 1) == [2, 4, 5])
        #expect(seqs(after: 0, durable: last - 2) == [2, 4])
        #expect(
            company.ledger.inboxMessages(of: PersonID(99), after: 0, durable: .max, limit: 1)
                .isEmpty)
    }

    @Test("N-8: delivered and seen are told to the submitter; telling twice is no news")
    func delivery() {
        let company = LedgerCompany.furnished()
        company.submit()
        func told() -> [Reply?] {
            let approval = company.run("APPROVAL.GET a1", as: "ann")
            return [approval["delivered"], approval["seen"]]
        }
        #expect(told() == [.boolean(false), .boolean(false)])
        company.markDelivered("lee", upTo: 9)
        #expect(told() == [.boolean(false), .boolean(false)], "no such row")
        company.markDelivered("lee", upTo: 1)
        #expect(company.records.ends.count == 1)
        #expect(told() == [.boolean(true), .boolean(false)])
        company.markDelivered("lee", upTo: 1)
        #expect(company.records.isEmpty)
        company.run("INBOX.ACK 1", as: "lee")
        #expect(told() == [.boolean(true), .boolean(true)])
    }

    @Test("N-1: whoever causes something is not told of it, and the touched are named")
    func touched() {
        let company = LedgerCompany.furnished()
        company.submit()
        #expect(company.execution.touchedInboxes == [company.person("lee")])
        company.run("APPROVAL.APPROVE a1", as: "lee")
        #expect(company.execution.touchedInboxes == [company.person("boss")])
        company.run("APPROVAL.APPROVE a1", as: "boss")
        #expect(company.execution.touchedInboxes == [company.person("ann")])
        company.run("OPP.NOTE o1 mine", as: "ann")
        #expect(company.execution.touchedInboxes.isEmpty)
    }
}

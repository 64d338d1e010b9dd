import Foundation
import PipelineDomain
import Testing

@testable import PipelineCommands

@Suite("Records: permanent numbers")
struct CodecTagTests {
    @Test("W-12: no two types of record share a tag, and each stands in its group")
    func tags() {
        let all = RecordTag.Group.allCases.flatMap { group in
            group.tags.map { (group: group, tag: $0) }
        }
        #expect(Set(all.map { $0.tag.rawValue }).count == all.count)
        for (group, tag) in all {
            #expect(UInt8(tag.rawValue >> 8) == group.rawValue, "\(RecordTag.name(tag))")
            #expect(RecordTag.version(of: tag.rawValue) == tag.version)
            #expect(tag.version >= 1)
        }
    }

    @Test("W-12: the codes of every enumeration are the ones of the first release")
    func codes() {
        expect(Unit.Kind.self, "company 1, branch 2, department 3, team 4")
        expect(Person.Role.self, "rep 1, manager 2, executive 3, admin 4")
        expect(Person.Language.self, "en 1, zh 2")
        expect(Customer.Field.self, "type 1, industry 2, address 3, phone 4, website 5")
        expect(
            OpportunityField.self,
            "title 1, source 2, industry 3, product 4, region 5, channel 6, externalID 7")
        expect(
            Notification.Kind.self,
            """
            approvalRequested 1, approvalApproved 2, approvalRejected 3, approvalRecalled 4, \
            approvalCancelled 5, noteAdded 6, dealWon 7, dealLost 8, dealInvalid 9, \
            approvalRerouted 32, approvalEscalated 33, dealTransferred 34, \
            teamJoined 35, contactChanged 40, noteMention 41, \
            approvalDue 48, reminderClose 49, reminderOverdue 50, reminderCycle 51, \
            reminderDwell 52, reminderTask 53, targetBehind 54, dealSlipped 55, \
            dealMoved 56, taskDone 57, digest 58
            """)
        expect(Outcome.self, "open 1, won 2, lost 3, invalid 4")
        expect(ApprovalReassignment.Cause.self, "transfer 1, deactivation 2, reroute 3")
        expect(Contact.Field.self, "title 1, phone 2, email 3")
        expect(ContactPart.self, "decisionMaker 1, sponsor 2, influencer 3, user 4")
        expect(Lead.Field.self, "company 1, source 2, phone 3, email 4, industry 5")
        expect(Lead.Measure.self, "visits 1, downloads 2, enquiries 3, employees 4")
        expect(CalendarPeriod.Length.self, "year 1, quarter 2, month 3")
        expect(Activity.Result.self, "answered 1, noAnswer 2, refused 3")
        expect(ProcessDefinition.Kind.self, "linear 1, flexible 2")
        expect(Stage.Phase.self, "early 1, mid 2, late 3")
        expect(Stage.Journey.self, "awareness 1, consideration 2, decision 3, retention 4")
        expect(
            FeedbackField.ValueType.self,
            "text 1, number 2, money 3, date 4, choice 5, boolean 6, person 7, contact 8")
        expect(
            Requirement.self,
            """
            amount 1, close 2, source 3, industry 4, product 5, region 6, channel 7, \
            customerType 8, customerIndustry 9, customerAddress 10, customerPhone 11, \
            customerWebsite 12, contactDecisionMaker 13, contactSponsor 14, \
            contactInfluencer 15, contactUser 16
            """)
        expect(Gate.Approval.self, "none 1, superior 2")
        expect(Gate.NoSuperior.self, "refuse 1, designate 2, auto 3")
        expect(Gate.Deadline.self, "wait 1, approve 2, reject 3")
    }

    /// The released codes stand in the list; later ones may follow. Each leads back to its member.
    private func expect<Member: RecordCode>(_: Member.Type, _ released: String) {
        let members = Member.allCases.sorted { $0.code < $1.code }
        let listed = members.map { "\($0) \($0.code)" }.joined(separator: ", ")
        #expect(listed.hasPrefix(released), "\(Member.self)")
        #expect(Set(members.map(\.code)).count == members.count, "\(Member.self)")
        #expect(members.allSatisfy { $0.code >= 1 }, "\(Member.self)")
        for member in members { #expect(Member.byCode[Int(member.code)] == member) }
    }

    @Test("W-12: docs/RECORDS.md lists every type with its tag")
    func documented() throws {
        let document = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/RECORDS.md").standardized
        let lines = try String(contentsOf: document, encoding: .utf8).split(separator: "\n")
        for tag in RecordTag.all {
            let bytes = [UInt8(tag.rawValue >> 8), UInt8(tag.rawValue & 0xFF)]
            let start = "| `0x\(hexadecimal(bytes).uppercased())` | \(RecordTag.name(tag)) |"
            #expect(lines.count { $0.hasPrefix(start) } == 1, "\(start)")
        }
    }
}

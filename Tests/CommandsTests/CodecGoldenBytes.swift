/// Golden bytes in hexadecimal, by the labels of `GoldenRecords`.
enum GoldenBytes {
    /// As written by version 2 of the types whose layout changed since the first release.
    static let version2: [String: String] = [
        "inbox.digested": "100702c6cfd990c068ac02090135019208000004",
        "reminder.late": "040c02c6cfd990c068ac0209350192080000",
        "reminder.late named": "040c02c6cfd990c068ac020935019208000105 7669736974",
    ]

    /// As written by version 1 of every type. Never edit one: a new layout is a new schema version,
    /// and version 1 must still be read (W-12).
    static let version1: [String: String] = [
        "company.founded":
            """
        010001c6cfd990c068ac02000ce58d8ee4b89ce5bbbae5b7a5434e590d417369612f5368616e6768
        6169
        """,
        "unit.created": "010101c6cfd990c068ac0202044561737402010100",
        "unit.renamed": "020101c6cfd990c068ac0202044561737406e4b89ce58cba",
        "unit.moved": "030101c6cfd990c068ac020201c801",
        "unit.headChanged": "040101c6cfd990c068ac0202000109",
        "person.created":
            """
        010201c6cfd990c068ac0209066c692e6c656906e69d8ee99bb7020101020d417369612f5368616e
        67686169020109247363727970742478
        """,
        "person.renamed": "020201c6cfd990c068ac020906e69d8ee99bb7064c69204c6569",
        "person.unitChanged": "030201c6cfd990c068ac02090203",
        "person.superiorChanged": "040201c6cfd990c068ac0209010100",
        "person.roleChanged": "050201c6cfd990c068ac02090103",
        "person.zoneChanged": "060201c6cfd990c068ac0209035554430a417369612f546f6b796f",
        "person.languageChanged": "070201c6cfd990c068ac02090102",
        "person.passwordChanged": "080201c6cfd990c068ac020909247363727970742479",
        "process.drafted":
            """
        010301c6cfd990c068ac0201036269640342696402066368616e636506e69cbae4bc9ae807010101
        01013c0441736b2e010576697369740a53697465207669736974010109746563686e6963616c011c
        0002010a01046e656564044e656564050102036275790472656e7402020002a08d06040201050110
        0130000303656e6403456e64904e00000000000000010001000000000102015a010a01020109010a
        676f7665726e6d656e7401086275696c64696e670109657863617661746f72010570726963650207
        6e6f206e656564047370616d01280203656e64066368616e636500066368616e636503776f6e0101
        00010000000001
        """,
        "process.published": "020301c6cfd990c068ac02018201",
        "opportunity.created":
            """
        010401c6cfd990c068ac02920809e68c96e68e98e69cba5809010180c2d72f434e59434e59018ec8
        02030208726566657272616c0504656173740702783100
        """,
        "opportunity.changed": "020401c6cfd990c068ac029208060001066465616c6572",
        "opportunity.customerChanged": "030401c6cfd990c068ac029208587f",
        "opportunity.amountChanged": "040401c6cfd990c068ac0292080180c2d72f434e590101544842",
        "opportunity.currencyChanged": "050401c6cfd990c068ac0292084a50594b5744",
        "opportunity.closeChanged": "060401c6cfd990c068ac029208010100",
        "opportunity.taskDone":
            """
        080401c6cfd990c068ac029208066368616e636505766973697401076d696e7574657300
        """,
        "opportunity.taskUndone":
            """
        090401c6cfd990c068ac029208066368616e63650576697369740109746f6f206561726c79
        """,
        "opportunity.moved": "0a0401c6cfd990c068ac029208066368616e636503656e6401070102676f",
        "opportunity.won":
            """
        0b0401c6cfd990c068ac0292080107057072696365010ce4b889e4b880e9878de5b7a501046c6174
        650000
        """,
        "opportunity.lost":
            """
        0c0401c6cfd990c068ac029208057072696365010ce4b889e4b880e9878de5b7a501046c61746500
        00
        """,
        "opportunity.invalidated":
            """
        0d0401c6cfd990c068ac029208057072696365010ce4b889e4b880e9878de5b7a501046c61746500
        00
        """,
        "opportunity.noted": "0e0401c6cfd990c068ac029208030663616c6c656401020109",
        "opportunity.feedbackGiven text":
            """
        070401c6cfd990c068ac029208066368616e636505766973697400010104736f6f6e
        """,
        "opportunity.feedbackGiven number":
            """
        070401c6cfd990c068ac029208066368616e6365057669736974000102042d332e35
        """,
        "opportunity.feedbackGiven money":
            """
        070401c6cfd990c068ac029208066368616e636505766973697400010380c2d72f434e59
        """,
        "opportunity.feedbackGiven date":
            """
        070401c6cfd990c068ac029208066368616e63650576697369740001048ec802
        """,
        "opportunity.feedbackGiven choice":
            """
        070401c6cfd990c068ac029208066368616e63650576697369740001050472656e74
        """,
        "opportunity.feedbackGiven boolean":
            """
        070401c6cfd990c068ac029208066368616e636505766973697400010601
        """,
        "opportunity.feedbackGiven person":
            """
        070401c6cfd990c068ac029208066368616e636505766973697400010709
        """,
        "customer.created":
            """
        010501c6cfd990c068ac02580441636d6502010a656e74657270726973650509612e6578616d706c
        65
        """,
        "customer.renamed": "020501c6cfd990c068ac02580441636d6506e9a1b6e782b9",
        "customer.changed": "030501c6cfd990c068ac025804010331313000",
        "approval.requested stage":
            """
        010601c6cfd990c068ac02079208066368616e63650103656e640201c80101040180c2d72f434e59
        434e590106706c65617365
        """,
        "approval.requested won":
            """
        010601c6cfd990c068ac02079208066368616e636502057072696365010ce4b889e4b880e9878de5
        b7a501046c61746500000201c80101040180c2d72f434e59434e590106706c65617365
        """,
        "approval.levelApproved": "020601c6cfd990c068ac020702010100",
        "approval.approved": "030601c6cfd990c068ac020700010466696e65",
        "approval.approvedAutomatically": "040601c6cfd990c068ac0207",
        "approval.rejected": "050601c6cfd990c068ac020701010ce4bbb7e6a0bce5a4aae4bd8e",
        "approval.recalled": "060601c6cfd990c068ac020700",
        "approval.cancelled": "070601c6cfd990c068ac0207",
        "inbox.notified": "010701c6cfd990c068ac020903019208010701010000",
        "inbox.acknowledged": "020701c6cfd990c068ac02090301038001",
        "inbox.acknowledgedUpTo": "030701c6cfd990c068ac0209ac02",
        "inbox.delivered": "040701c6cfd990c068ac02098001",
        "person.deactivated": "200201c6cfd990c068ac0209",
        "person.activated": "210201c6cfd990c068ac0209",
        "person.delegated": "220201c6cfd990c068ac02090001c8010204800106",
        "opportunity.transferred": "200401c6cfd990c068ac02920809c801",
        "opportunity.teamJoined": "210401c6cfd990c068ac029208c80106e68a80e69caf",
        "opportunity.teamLeft": "220401c6cfd990c068ac029208c80106e68a80e69caf",
        "opportunity.overridden": "230401c6cfd990c068ac02920801610162026f6b",
        "opportunity.reopened": "240401c6cfd990c068ac029208030161026f6b0107",
        "approval.requested reopen":
            """
        010601c6cfd990c068ac020792080162030161026f6b00000200434e5900
        """,
        "approval.voided": "210601c6cfd990c068ac0207",
        "approval.reassigned": "200601c6cfd990c068ac02070201c801010902030103696c6c",
        "request.answered":
            """
        010801c6cfd990c068ac020903742d3108070605040302010402696402056f313034320372657603
        0308617070726f76616c0104746167730402016103e5a4a7
        """,
        "opportunity.feedbackGiven contact":
            "070401c6cfd990c068ac029208066368616e636505766973697400010803",
        "contact.created": "010901c6cfd990c068ac02035806e78e8be680bb01030b7740612e6578616d706c65",
        "contact.renamed": "020901c6cfd990c068ac020306e78e8be680bb0457616e67",
        "contact.changed": "030901c6cfd990c068ac02030100010343464f",
        "contact.left": "040901c6cfd990c068ac0203",
        "contact.returned": "050901c6cfd990c068ac0203",
        "contact.customerChanged": "060901c6cfd990c068ac0203587f",
        "opportunity.contactAdded": "400401c6cfd990c068ac029208030101",
        "opportunity.contactPartChanged": "410401c6cfd990c068ac02920803000102",
        "opportunity.contactRemoved": "420401c6cfd990c068ac0292080301040104",
        "inbox.notified contact": "010701c6cfd990c068ac020928019208000101000103030104",
        "lead.created": "010a01c6cfd990c068ac020909e8b5b5e58588e7949f090102046661697202010404d804",
        "lead.renamed": "020a01c6cfd990c068ac020909e8b5b5e58588e7949f045a68616f",
        "lead.changed": "030a01c6cfd990c068ac02090100010441636d65",
        "lead.measured": "040a01c6cfd990c068ac020902000106",
        "lead.ownerChanged": "050a01c6cfd990c068ac020909c801",
        "lead.discarded": "060a01c6cfd990c068ac0209047370616d",
        "lead.converted": "070a01c6cfd990c068ac020958039208",
        "activity.entered":
            """
        010b01c6cfd990c068ac02050192080463616c6c0901c6cfd990c068010102010a72696e67206167
        61696e
        """,
        "activity.entered lead": "010b01c6cfd990c068ac020502090576697369740900000000",
        "activity.done": "020b01c6cfd990c068ac02050101",
        "company.rateSet": "100001c6cfd990c068ac02005553448ec8020001c0bedad902",
        "opportunity.lost rate": "0c0401c6cfd990c068ac02920805707269636500000001c0bedad902",
        "unit.deactivated": "300101c6cfd990c068ac0202",
        "unit.merged": "310101c6cfd990c068ac0202030104",
        "opportunity.migrated":
            """
        600401c6cfd990c068ac029208030204066368616e636505737461727401066368616e6365057374
        617274
        """,
        "company.fieldPut": "110001c6cfd990c068ac02000200010473697a650453697a65020000",
        "opportunity.tagAdded": "610401c6cfd990c068ac02920803686f74",
        "opportunity.tagRemoved": "620401c6cfd990c068ac02920803686f74",
        "opportunity.competitorsChanged": "630401c6cfd990c068ac029208000206e4b889e4b8800441636d65",
        "opportunity.costChanged": "640401c6cfd990c068ac029208000180c2d72f434e59",
        "opportunity.customChanged": "650401c6cfd990c068ac0292080473697a650102013100",
        "customer.customChanged": "300501c6cfd990c068ac02580473697a65000102023132",
        "target.set":
            """
        010d01c6cfd990c068ac02030103d41f0208000109e68c96e68e98e69cba00000001
        0180c2d72f434e59
        """,
        "target.set count":
            """
        010d01c6cfd990c068ac02030209d41f0314010463616c6c000106e58d8ee4b89c01016401020201
        0228
        """,
        "target.checked": "020d01c6cfd990c068ac02030a",
        "person.preferenceSet": "400201c6cfd990c068ac0209070100",
        "company.calendarPut":
            """
        120001c6cfd990c068ac0200000102636e06e4b8ade59bbd010202060702b808a00b980cf010018e
        c8020190c802
        """,
        "company.timePassed": "200001c6cfd990c068ac0200",
        "company.historyDropped": "300001c6cfd990c068ac02008120c6cfd990c0680430306666",
        "approval.reminded": "300601c6cfd990c068ac0207",
        "approval.escalated": "310601c6cfd990c068ac02070109",
        "approval.adminsTold": "320601c6cfd990c068ac0207",
        "approval.expired": "330601c6cfd990c068ac020701",
        "inbox.digested": "100701c6cfd990c068ac020901350192080004",
        "reminder.deal": "010c01c6cfd990c068ac029208087f06010576697369740109",
        "reminder.activity": "020c01c6cfd990c068ac0205",
        "reminder.delegation": "030c01c6cfd990c068ac0209",
        "reminder.late": "040c01c6cfd990c068ac02093501920800",
    ]
}

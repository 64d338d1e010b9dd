import PipelineDomain

/// An enumeration that is written as a permanent number, so that renaming or reordering its cases
/// changes no byte (W-12). The numbers of all enumerations stand in this file and nowhere else.
///
/// A number is never changed and never given to another case, not even after its case is gone.
protocol RecordCode: RecordValue, CaseIterable, Hashable, Sendable {
    /// From 1 on: a zero is more often a mistake than a value.
    var code: UInt8 { get }
    /// Cases at the place of their code; `nil` where there is none.
    static var byCode: [Self?] { get }
}

extension RecordCode {
    static func tableByCode() -> [Self?] {
        var table: [Self?] = []
        for member in allCases {
            let place = Int(member.code)
            while table.count <= place { table.append(nil) }
            table[place] = member
        }
        return table
    }

    func encode(to encoder: inout RecordEncoder) { encoder.byte(code) }

    init(reading decoder: inout RecordDecoder) throws(RecordError) {
        let start = decoder.offset
        let code = try decoder.byte()
        guard let member = Self.member(code) else {
            throw RecordError(.unknownCode(of: "\(Self.self)", code: code), at: start)
        }
        self = member
    }

    /// `nil` where no case has the code.
    static func member(_ code: UInt8) -> Self? {
        let table = byCode
        return Int(code) < table.count ? table[Int(code)] : nil
    }
}

extension Unit.Kind: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .company: 1
        case .branch: 2
        case .department: 3
        case .team: 4
        }
    }
}

extension Person.Role: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .rep: 1
        case .manager: 2
        case .executive: 3
        case .admin: 4
        }
    }
}

extension CalendarPeriod.Length: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .year: 1
        case .quarter: 2
        case .month: 3
        }
    }
}

extension Person.Language: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .en: 1
        case .zh: 2
        }
    }
}

extension Customer.Field: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .type: 1
        case .industry: 2
        case .address: 3
        case .phone: 4
        case .website: 5
        }
    }
}

extension OpportunityField: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .title: 1
        case .source: 2
        case .industry: 3
        case .product: 4
        case .region: 5
        case .channel: 6
        case .externalID: 7
        case .feasibility: 8
        }
    }
}

extension WorkCalendar.Weekday: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .mon: 1
        case .tue: 2
        case .wed: 3
        case .thu: 4
        case .fri: 5
        case .sat: 6
        case .sun: 7
        }
    }
}

extension FieldNoun: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .opportunity: 1
        case .customer: 2
        }
    }
}

extension Notification.Kind: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .approvalRequested: 1
        case .approvalApproved: 2
        case .approvalRejected: 3
        case .approvalRecalled: 4
        case .approvalCancelled: 5
        case .noteAdded: 6
        case .dealWon: 7
        case .dealLost: 8
        case .dealInvalid: 9
        case .approvalRerouted: 32
        case .approvalEscalated: 33
        case .dealTransferred: 34
        case .teamJoined: 35
        case .contactChanged: 40
        case .noteMention: 41
        case .approvalDue: 48
        case .reminderClose: 49
        case .reminderOverdue: 50
        case .reminderCycle: 51
        case .reminderDwell: 52
        case .reminderTask: 53
        case .targetBehind: 54
        case .dealSlipped: 55
        case .dealMoved: 56
        case .taskDone: 57
        case .digest: 58
        }
    }
}

extension Outcome: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .open: 1
        case .won: 2
        case .lost: 3
        case .invalid: 4
        }
    }
}

extension Contact.Field: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .title: 1
        case .phone: 2
        case .email: 3
        }
    }
}

extension ApprovalReassignment.Cause: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .transfer: 1
        case .deactivation: 2
        case .reroute: 3
        }
    }
}

extension ContactPart: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .decisionMaker: 1
        case .sponsor: 2
        case .influencer: 3
        case .user: 4
        }
    }
}

extension Lead.Field: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .company: 1
        case .source: 2
        case .phone: 3
        case .email: 4
        case .industry: 5
        }
    }
}

extension Lead.Measure: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .visits: 1
        case .downloads: 2
        case .enquiries: 3
        case .employees: 4
        }
    }
}

extension Activity.Result: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .answered: 1
        case .noAnswer: 2
        case .refused: 3
        }
    }
}

// MARK: - Process definitions

extension ProcessDefinition.Kind: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .linear: 1
        case .flexible: 2
        }
    }
}

extension Stage.Phase: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .early: 1
        case .mid: 2
        case .late: 3
        }
    }
}

extension Stage.Journey: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .awareness: 1
        case .consideration: 2
        case .decision: 3
        case .retention: 4
        }
    }
}

extension FeedbackField.ValueType: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .text: 1
        case .number: 2
        case .money: 3
        case .date: 4
        case .choice: 5
        case .boolean: 6
        case .person: 7
        case .contact: 8
        }
    }
}

extension Requirement: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .amount: 1
        case .close: 2
        case .source: 3
        case .industry: 4
        case .product: 5
        case .region: 6
        case .channel: 7
        case .customerType: 8
        case .customerIndustry: 9
        case .customerAddress: 10
        case .customerPhone: 11
        case .customerWebsite: 12
        case .contactDecisionMaker: 13
        case .contactSponsor: 14
        case .contactInfluencer: 15
        case .contactUser: 16
        }
    }
}

extension Gate.Approval: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .none: 1
        case .superior: 2
        }
    }
}

extension Gate.NoSuperior: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .refuse: 1
        case .designate: 2
        case .auto: 3
        }
    }
}

extension Gate.Deadline: RecordCode {
    static let byCode = tableByCode()
    var code: UInt8 {
        switch self {
        case .wait: 1
        case .approve: 2
        case .reject: 3
        }
    }
}

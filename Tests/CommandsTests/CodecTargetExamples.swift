import PipelineDomain

@testable import PipelineCommands

extension EventMaker {
    mutating func targetEvent(_ tag: RecordTag.Target) -> TargetEvent {
        switch tag {
        case .set: .set(targetKey(), change { $0.maybe { $0.targetValue() } })
        case .checked: .checked(TargetCheck(number: number(0...5)) ?? TargetCheck.first)
        }
    }

    private mutating func targetKey() -> TargetKey {
        TargetKey(
            holder: flag() ? .unit(id()) : .person(id()), period: calendarPeriod(),
            activity: maybe { $0.text() }, product: maybe { $0.text() },
            region: maybe { $0.text() }, channel: maybe { $0.text() })
    }

    private mutating func calendarPeriod() -> CalendarPeriod {
        let length: CalendarPeriod.Length = member()
        let most =
            switch length {
            case .year: 1
            case .quarter: 4
            case .month: 12
            }
        return CalendarPeriod(
            year: number(1900...9998), length, number: number(1...most))
            ?? .month(of: Day(number: 0))
    }

    private mutating func targetValue() -> TargetValue {
        flag() ? .amount(money()) : .count(number(0...Bounds.measureMost))
    }
}

import ArgumentParser
import Foundation
import PipelineDomain
import PipelineServer

/// Makes a company as big as wanted: real commands, run through the ledger with a clock of their own
/// over the months before, into a log that the daemon starts on. The same arguments make the same
/// company, but for its keys and passwords.
@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Makes a big company to measure with, and the same as tables for PostgreSQL.")

    @Argument(help: "The directory to make, as `pipelined init` would.")
    var data: String

    @Option(help: "Deals entered in all.")
    var deals = 10_000

    @Option(help: "Records of the log for each deal, about.")
    var events = 10

    @Option(help: "Units, the root included; about a tenth of them departments.")
    var units = 100

    @Option(help: "People, the administrator included.")
    var persons = 500

    @Option(help: "Months of business, up to --until.")
    var months = 12

    @Option(help: "The last day of business, YYYY-MM-DD; yesterday, if not given.")
    var until: String?

    @Option(help: "Another seed makes another company.")
    var seed: UInt64 = 1

    @Option(
        help:
            "A file whose first line is the password of 'admin', 'director' (of the first branch) and 'rep'."
    )
    var passwordFile: String?

    @Option(help: "A directory for the same company as files for PostgreSQL's COPY.")
    var copy: String?

    func validate() throws {
        guard (1...100_000_000).contains(deals), (1...1000).contains(events),
            (20...100_000).contains(units), (units...1_000_000).contains(persons),
            (1...120).contains(months)
        else {
            throw ValidationError(
                "deals must be 1 to 100000000, events 1 to 1000, units 20 to 100000, persons at"
                    + " least as many as units, months 1 to 120")
        }
        guard until.map({ Day($0.utf8) != nil }) ?? true else {
            throw ValidationError("--until must be a date, YYYY-MM-DD")
        }
    }

    func run() throws {
        let began = Date()
        let yesterday = Day(number: Int32(Clock.now.milliseconds / Calendar.dayMilliseconds) - 1)
        let end = until.flatMap { Day($0.utf8) } ?? yesterday
        let password = try passwordFile.map {
            Array(try String(contentsOfFile: $0, encoding: .utf8).prefix { $0 != "\n" }.utf8)
        }
        let calendar = Calendar(end: end, months: months)
        var business = try Business(
            in: data, sink: try copy.map { try TableSink($0) }, password: password,
            calendar: calendar, dice: Dice(seed: seed))
        try business.organise(units: units, persons: persons)
        try business.trade(deals: deals, recordsPerDeal: events)
        let sequence = try business.finish()
        let seconds = Date().timeIntervalSince(began)
        print(
            "\(deals) deals, \(sequence) records, \(units) units, \(persons) people from"
                + " \(calendar.start) to \(calendar.end) in \(Int(seconds.rounded())) s")
    }
}

/// The months of business, in the company's zone.
struct Calendar {
    static let dayMilliseconds: Int64 = 86_400_000
    static let zone = "Asia/Shanghai"

    let start: Instant
    let end: Instant
    let months: Int

    /// Up to six in the evening of the day.
    init(end: Day, months: Int) {
        self.months = months
        let evening = Int64(end.number) * Self.dayMilliseconds + 10 * 3_600_000
        self.end = Instant(milliseconds: evening)
        start = Instant(milliseconds: evening - Int64(months) * 30 * Self.dayMilliseconds)
    }

    /// A part of the whole span, from 0 to 1.
    func instant(at part: Double) -> Instant {
        Instant(milliseconds: start.milliseconds + Int64(part * Double(span)))
    }

    var span: Int64 { end.milliseconds - start.milliseconds }
}

/// SplitMix64: the same numbers from the same seed, on every machine.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to `bound` − 1.
    mutating func number(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// From 0 to 1.
    mutating func part() -> Double { Double(next() >> 11) / Double(1 << 53) }

    mutating func comesUp(percent: Int) -> Bool { number(below: 100) < percent }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }
}

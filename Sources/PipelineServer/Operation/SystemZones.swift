import Foundation
import PipelineDomain
import Synchronization

/// The system's time zone database (D-37).
final class SystemZones: ZoneRules {
    private let known = Mutex<[String: TimeZone]>([:])

    func isKnown(_ zone: String) -> Bool { find(zone) != nil }

    func offsetSeconds(of zone: String, at instant: Instant) -> Int {
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
        return find(zone)?.secondsFromGMT(for: date) ?? 0
    }

    /// Only names of the database: Foundation would also take abbreviations such as `CST`, which
    /// name several zones.
    private func find(_ name: String) -> TimeZone? {
        known.withLock { known in
            if let zone = known[name] { return zone }
            guard name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) else {
                return nil
            }
            known[name] = zone
            return zone
        }
    }
}

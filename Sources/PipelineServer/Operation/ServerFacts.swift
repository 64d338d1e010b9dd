import Glibc

/// What does not change while the server runs, and what the operating system tells of it.
struct ServerFacts: Sendable {
    let runID: String
    let startedAt = Clock.monotonicMilliseconds
    let startedAtSeconds = Clock.microseconds / 1_000_000
    let port: Int
    let configFile: String
    let maxClients: Int
    let outputCap: Int
    let eventLoops: Int
    /// Where backups are made, each in a directory of its own.
    let backupDirectory: String
    let recovered: UInt64

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Resident memory now and at its peak, in bytes, from `/proc/self/status`.
    static var memory: (resident: Int, peak: Int) {
        var resident = 0
        var peak = 0
        guard let file = fopen("/proc/self/status", "re") else { return (0, 0) }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, let kibibytes = Int(words[1]) else { continue }
            if words[0] == "VmRSS:" { resident = kibibytes << 10 }
            if words[0] == "VmHWM:" { peak = kibibytes << 10 }
        }
        return (resident, peak)
    }

    static var totalMemory: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Processor time of the process, in seconds.
    static var processorTime: (system: Double, user: Double) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return (seconds(usage.ru_stime), seconds(usage.ru_utime))
    }

    static var operatingSystem: String {
        var name = utsname()
        uname(&name)
        func text<Tuple>(_ field: Tuple) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
    }
}

/// Certificates that a person has accepted by their fingerprint: `host:port sha256:<64 hex digits>`,
/// one a line (S-6).
struct Pins: Equatable {
    private(set) var fingerprints: [String: String] = [:]
    private var order: [String] = []

    init() {}

    init(parsing text: String, path: String) throws(Failure) {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2, let fingerprint = Self.normalised(words[1]) else {
                throw Failure(.usage, .badPinsLine, path, String(number))
            }
            self[String(first)] = fingerprint
        }
    }

    subscript(endpoint: String) -> String? {
        get { fingerprints[endpoint] }
        set {
            if fingerprints[endpoint] == nil { order.append(endpoint) }
            fingerprints[endpoint] = newValue
        }
    }

    var text: String {
        order.compactMap { endpoint in
            fingerprints[endpoint].map { "\(endpoint) sha256:\($0)\n" }
        }.joined()
    }

    /// As people compare it: `AB:CD:…`, the form of `openssl x509 -fingerprint -sha256`.
    static func spelled(_ fingerprint: String) -> String {
        var result = ""
        for (index, digit) in fingerprint.uppercased().enumerated() {
            if index > 0 && index.isMultiple(of: 2) { result += ":" }
            result.append(digit)
        }
        return result
    }

    /// 64 lower-case digits of `sha256:AB:CD…`; nil for anything else.
    private static func normalised(_ text: Substring) -> String? {
        let prefix = "sha256:"
        guard text.lowercased().hasPrefix(prefix) else { return nil }
        let digits = text.dropFirst(prefix.count).lowercased().filter { $0 != ":" }
        let isHexadecimal = digits.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66)
        }
        return digits.utf8.count == 64 && isHexadecimal ? digits : nil
    }

    static func load(_ path: String) throws(Failure) -> Pins {
        guard let text = try PrivateFile.read(path) else { return Pins() }
        return try Pins(parsing: text, path: path)
    }

    func save(_ path: String) throws(Failure) {
        try PrivateFile.write(text, to: path)
    }
}

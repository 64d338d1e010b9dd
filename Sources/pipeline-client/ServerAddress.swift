/// Where a server is, and who asks: `rediss://user@host:port`.
struct ServerAddress: Equatable, Sendable {
    static let defaultPort = 6699

    var host: String
    var port = defaultPort
    var user: String?
    /// Only from an environment variable or a file, never from the command line.
    var password: String?

    /// `host:port` as shown and as the key of pins; IPv6 in brackets.
    var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var url: String { "rediss://" + (user.map { Self.escaped($0) + "@" } ?? "") + endpoint }

    init(host: String, port: Int = defaultPort, user: String? = nil) {
        self.host = host
        self.port = port
        self.user = user
    }

    /// Throws `badURL` for another scheme, an empty host, a port out of 1...65535 or anything after it.
    init(url: String) throws(Failure) {
        let bad = Failure(.usage, .badURL, Self.masked(url))
        let scheme = "rediss://"
        guard url.lowercased().hasPrefix(scheme) else { throw bad }
        var rest = url.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at].split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            rest = rest[rest.index(after: at)...]
            guard let user = login.first.flatMap({ Self.unescaped($0) }) else { throw bad }
            self.user = user.isEmpty ? nil : user
            if login.count == 2 {
                guard let password = Self.unescaped(login[1]) else { throw bad }
                self.password = password
            }
        }
        let (host, port) = try Self.split(rest, bad)
        guard !host.isEmpty, !host.contains("/"), !host.contains(where: \.isWhitespace) else {
            throw bad
        }
        self.host = host
        self.port = port
    }

    private static func split(_ text: Substring, _ bad: Failure) throws(Failure) -> (String, Int) {
        var host = text
        var tail: Substring = ""
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { throw bad }
            host = text[text.index(after: text.startIndex)..<close]
            tail = text[text.index(after: close)...]
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            tail = text[colon...]
        }
        if tail.isEmpty { return (String(host), defaultPort) }
        guard tail.first == ":", let port = port(tail.dropFirst()) else { throw bad }
        return (String(host), port)
    }

    static func port(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let port = Int(text), (1...65_535).contains(port)
        else {
            return nil
        }
        return port
    }

    /// A mistyped URL is echoed without what may be a password.
    private static func masked(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@") else { return url }
        return "…" + url[at...]
    }

    /// `%40` and the like; nil when it is not UTF-8 or a `%` stands alone.
    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            if isPlain || [0x2D, 0x2E, 0x5F].contains(byte) {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}

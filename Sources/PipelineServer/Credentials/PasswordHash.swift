import COpenSSL

/// A password as it is stored: salt, cost and scrypt's output in a PHC string,
/// `$scrypt$ln=15,r=8,p=1$salt$hash` (O-2). The password itself is kept nowhere.
struct PasswordHash: Sendable, Equatable {
    var cost: ScryptCost
    var salt: [UInt8]
    var key: [UInt8]

    private static let saltBytes = 16
    private static let keyBytes = 32

    /// Takes about 0.1 s at the default cost.
    init(of password: [UInt8], cost: ScryptCost = .standard) throws(CredentialError) {
        var salt = [UInt8](repeating: 0, count: Self.saltBytes)
        guard RAND_bytes(&salt, Int32(salt.count)) == 1 else { throw .noRandomness }
        try self.init(of: password, cost: cost, salt: salt, keyBytes: Self.keyBytes)
    }

    init(
        of password: [UInt8], cost: ScryptCost, salt: [UInt8], keyBytes: Int
    ) throws(CredentialError) {
        self.cost = cost
        self.salt = salt
        key = try Scrypt.key(password: password, salt: salt, cost: cost, byteCount: keyBytes)
    }

    /// Whether the password is this one. Compares in constant time.
    func matches(_ password: [UInt8]) throws(CredentialError) -> Bool {
        let candidate = try Scrypt.key(
            password: password, salt: salt, cost: cost, byteCount: key.count)
        return CRYPTO_memcmp(candidate, key, key.count) == 0
    }

    // MARK: PHC

    /// Reads a PHC string; `nil` if it is of another kind, malformed, or asks for more work or
    /// memory than `ScryptCost` allows.
    init?(phc: String) {
        let parts = phc.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1].elementsEqual("scrypt".utf8),
            let cost = ScryptCost(phc: Array(parts[2])),
            let salt = Base64.decode(Array(parts[3])), (8...64).contains(salt.count),
            let key = Base64.decode(Array(parts[4])), (16...64).contains(key.count)
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    var phc: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)$\(Base64.encode(salt))$\(Base64.encode(key))"
    }
}

/// What scrypt is to spend: N = 2^logN rounds over blocks of 128·r bytes, p times.
struct ScryptCost: Sendable, Equatable {
    let logN: Int
    let r: Int
    let p: Int

    /// N = 2¹⁵, r = 8, p = 1: 32 MiB and about 0.1 s (O-2).
    static let standard = ScryptCost(logN: 15, r: 8, p: 1)

    private static let bytesMax = 256 << 20

    init(logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// `ln=15,r=8,p=1`; `nil` beyond N = 2²⁰, r = 32, p = 16 or 256 MiB.
    init?(phc: [UInt8]) {
        var values: [Int] = []
        let parts = phc.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        for (part, name) in zip(parts, ["ln=", "r=", "p="]) {
            let digits = part.dropFirst(name.utf8.count)
            guard part.starts(with: name.utf8), (1...2).contains(digits.count),
                let value = Int(String(decoding: digits, as: UTF8.self)), value > 0
            else { return nil }
            values.append(value)
        }
        guard values[0] <= 20, values[1] <= 32, values[2] <= 16,
            (128 * values[1]) << values[0] <= Self.bytesMax
        else { return nil }
        self.init(logN: values[0], r: values[1], p: values[2])
    }

    fileprivate var memoryBytes: Int { (128 * r) << logN + 128 * r * (p + 2) }
}

/// Why a password could not be worked on.
enum CredentialError: Error, Sendable {
    case noRandomness
    /// libcrypto refused the parameters or had no memory.
    case notDerived
}

enum Scrypt {
    /// RFC 7914's function.
    static func key(
        password: [UInt8], salt: [UInt8], cost: ScryptCost, byteCount: Int
    ) throws(CredentialError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: byteCount)
        let result = password.withUnsafeBufferPointer { password in
            password.withMemoryRebound(to: CChar.self) { password in
                EVP_PBE_scrypt(
                    password.baseAddress, password.count, salt, salt.count,
                    UInt64(1) << UInt64(cost.logN), UInt64(cost.r), UInt64(cost.p),
                    UInt64(cost.memoryBytes) * 2, &key, key.count)
            }
        }
        guard result == 1 else { throw .notDerived }
        return key
    }
}

/// Base64 without padding, as PHC strings have it.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> bits & 63)])
            }
            pending &= (1 << bits) - 1
        }
        if bits > 0 { text.append(alphabet[Int(pending << (6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for anything but the text that `encode` writes.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count <= 256, text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for letter in text {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
                pending &= (1 << bits) - 1
            }
        }
        return pending == 0 ? bytes : nil
    }
}

import COpenSSL
import Synchronization

/// Remembers which passwords were found right, so that the second connection of a login does not
/// cost 0.1 s of a core again. Holds no password: only keyed digests of them, under a key that is
/// drawn at the start and never leaves memory. A changed password has another PHC string, so what
/// is remembered of the old one is never asked for again.
final class RecentPasswords: Sendable {
    private let key: [UInt8]
    /// Digest of the right password by PHC string.
    private let digests = Mutex<[String: [UInt8]]>([:])

    private static let countMax = 10_000

    init() {
        var key = [UInt8](repeating: 0, count: 32)
        // Without a key nothing is remembered, and every password costs its full work.
        self.key = RAND_bytes(&key, Int32(key.count)) == 1 ? key : []
    }

    func holds(_ password: [UInt8], for phc: String) -> Bool {
        guard let known = digests.withLock({ $0[phc] }), let digest = digest(of: password) else {
            return false
        }
        return CRYPTO_memcmp(known, digest, digest.count) == 0
    }

    func add(_ password: [UInt8], for phc: String) {
        guard let digest = digest(of: password) else { return }
        digests.withLock {
            if $0.count >= Self.countMax { $0.removeAll() }
            $0[phc] = digest
        }
    }

    private func digest(of password: [UInt8]) -> [UInt8]? {
        guard !key.isEmpty else { return nil }
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let result = HMAC(
            EVP_sha256(), key, Int32(key.count), password, password.count, &digest, &count)
        return result != nil && count == digest.count ? digest : nil
    }
}

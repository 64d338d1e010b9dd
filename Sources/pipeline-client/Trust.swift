import COpenSSL
import Glibc
import NIOCore
import NIOSSL
import Synchronization

/// Whose certificate is believed.
enum Trust: Sendable, Equatable {
    /// Authorities of a PEM file (`--cacert`).
    case authority(String)
    /// The authorities of this machine.
    case system
    /// The one certificate with this SHA-256 fingerprint (lower-case hex).
    case pin(String)
}

/// A certificate as the server showed it.
struct PresentedCertificate: Sendable, Equatable {
    let fingerprint: String
    /// Seconds since 1970.
    let notBefore: Int
    let notAfter: Int

    init?(_ certificate: NIOSSLCertificate) {
        guard let bytes = try? certificate.toDERBytes() else { return nil }
        fingerprint = Self.fingerprint(bytes)
        notBefore = Int(certificate.notValidBefore)
        notAfter = Int(certificate.notValidAfter)
    }

    static func fingerprint(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Why it cannot be used today, whoever signed it.
    func refusal(_ endpoint: String, now: Int) -> Failure? {
        if now > notAfter { return Failure(.connect, .expired, endpoint, Instants.day(notAfter)) }
        if now < notBefore {
            return Failure(.connect, .notYetValid, endpoint, Instants.day(notBefore))
        }
        return nil
    }
}

/// The certificate seen in a handshake, kept for the message when the handshake fails.
final class Sighting: Sendable {
    private let certificate = Mutex<PresentedCertificate?>(nil)

    var presented: PresentedCertificate? { certificate.withLock { $0 } }

    func saw(_ leaf: NIOSSLCertificate) {
        let presented = PresentedCertificate(leaf)
        certificate.withLock { $0 = presented }
    }
}

/// TLS of one connection: 1.2 or 1.3, always verified.
struct Encryption: Sendable {
    private let context: NIOSSLContext
    private let host: String
    private let trust: Trust?

    /// `trust` nil only looks: every certificate is refused after it was seen.
    ///
    /// Throws `badAuthorityFile` when the PEM file cannot be used.
    init(host: String, trust: Trust?) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if case .authority(let path) = trust {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path),
                !certificates.isEmpty
            else { throw Failure(.usage, .badAuthorityFile, path) }
            configuration.trustRoots = .certificates(certificates)
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(.connect, .handshakeFailed, host, "\(error)")
        }
        self.host = host
        self.trust = trust
    }

    func handler(_ sighting: Sighting) throws -> NIOSSLClientHandler {
        // An address cannot be a server name in the handshake; it is compared with the
        // certificate's addresses all the same.
        let name = (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
        switch trust {
        case .authority, .system:
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        case .pin(let fingerprint):
            return try NIOSSLClientHandler(context: context, serverHostname: name) {
                (chain, promise) in
                chain.first.map(sighting.saw)
                let seen = sighting.presented
                let isGood =
                    seen?.fingerprint == fingerprint && seen?.refusal("", now: time(nil)) == nil
                promise.succeed(isGood ? .certificateVerified : .failed)
            }
        case nil:
            return try NIOSSLClientHandler(context: context, serverHostname: name) {
                (chain, promise: EventLoopPromise<NIOSSLVerificationResult>) in
                chain.first.map(sighting.saw)
                promise.succeed(.failed)
            }
        }
    }
}

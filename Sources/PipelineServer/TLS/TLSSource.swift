import Glibc
import NIOCore
import NIOSSL
import Synchronization

/// The server's certificate and key, read from files and read again on SIGHUP (O-3).
final class TLSSource: Sendable {
    private let current: Mutex<NIOSSLContext>

    init(_ settings: TLSSettings) throws(TLSError) { current = Mutex(try Self.load(settings)) }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Connections from now on get what the files hold now, be they others than before; on failure the
    /// old one stays.
    func reload(_ settings: TLSSettings) throws(TLSError) {
        let context = try Self.load(settings)
        current.withLock { $0 = context }
    }

    /// How long a client's farewell is waited for where it was answered something.
    private static let farewell = TimeAmount.seconds(1)

    private static func load(_ settings: TLSSettings) throws(TLSError) -> NIOSSLContext {
        for file in [settings.certificate, settings.key] where access(file, R_OK) != 0 {
            let problem = String(cString: strerror(errno))
            throw TLSError(
                settings: settings,
                reason: "\(file): \(problem). Name yours with --tls-cert and --tls-key; for trying"
                    + " things out, 'pipelined init --dev-tls' makes one with the company")
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificate)
            let key: NIOSSLPrivateKey
            if let passphrase = settings.passphrase {
                key = try NIOSSLPrivateKey(file: settings.key, format: .pem) { answer in
                    answer(passphrase.utf8)
                }
            } else {
                key = try NIOSSLPrivateKey(file: settings.key, format: .pem)
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.maximumTLSVersion = .tlsv13
            configuration.shutdownTimeout = farewell
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSError(settings: settings, reason: "\(error)")
        }
    }
}

/// Where certificate and key lie.
struct TLSSettings: Sendable, Equatable {
    var certificate: String
    var key: String
    /// Of an encrypted key file.
    var passphrase: String?
}

struct TLSError: Error, CustomStringConvertible {
    let settings: TLSSettings
    let reason: String

    var description: String {
        "certificate \(settings.certificate) with key \(settings.key) cannot be used: \(reason)"
    }
}

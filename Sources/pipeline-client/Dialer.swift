import Glibc
import NIOSSL
import PipelineProtocol

/// Asks a person whether to believe a certificate; nil where nobody can be asked.
typealias Consent = @Sendable (_ endpoint: String, _ fingerprint: String) async -> Bool

/// Opens connections that are encrypted, believed and authenticated.
struct Dialer: Sendable {
    let address: ServerAddress
    let user: String
    let password: String
    /// A PEM file that takes the place of the machine's authorities, and of any pin.
    let authority: String?
    let pinsPath: String
    var connectSeconds = 10.0
    var answerSeconds = 60.0
    var consent: Consent?
    /// Told once what was consented to is stored.
    var pinned: (@Sendable () -> Void)?

    /// Throws a failure with exit code 3 for the network, TLS and trust, 4 when the login is refused.
    func dial() async throws -> any Link {
        let pins = authority == nil ? try Pins.load(pinsPath) : Pins()
        if let authority { return try await open(.authority(authority)) }
        if let pinned = pins[address.endpoint] { return try await open(.pin(pinned)) }
        do {
            return try await open(.system)
        } catch let unknown as UnknownAuthority {
            let spelled = Pins.spelled(unknown.fingerprint)
            guard let consent else {
                throw Failure(.connect, .unknownAuthority, address.endpoint, spelled)
            }
            guard await consent(address.endpoint, spelled) else {
                throw Failure(.connect, .pinDeclined)
            }
            // Connect first: what is pinned is what was connected to.
            let connection = try await open(.pin(unknown.fingerprint))
            var pins = try Pins.load(pinsPath)
            pins[address.endpoint] = unknown.fingerprint
            try pins.save(pinsPath)
            pinned?()
            return connection
        }
    }

    private struct UnknownAuthority: Error {
        let fingerprint: String
    }

    private func open(_ trust: Trust) async throws -> any Link {
        let sighting = Sighting()
        let encryption = try Encryption(host: address.host, trust: trust)
        let connection = try await Connection.open(
            address, encryption, sighting, connectSeconds: connectSeconds,
            answerSeconds: answerSeconds)
        do {
            try await greet(connection)
            return connection
        } catch let error as NIOSSLError {
            connection.close()
            throw await explain(error, trust, sighting)
        } catch let error as NIOSSLExtraError {
            connection.close()
            throw error == .failedToValidateHostname
                ? Failure(.connect, .wrongHostName, address.endpoint)
                : Failure(.connect, .handshakeFailed, address.endpoint, "\(error)")
        } catch let error as ProtocolError {
            connection.close()
            throw Failure(.connect, .protocolBroken, address.endpoint, error.message)
        } catch {
            connection.close()
            throw error
        }
    }

    private func greet(_ connection: Connection) async throws {
        let hello = ["HELLO", "3", "AUTH", user, password, "SETNAME", "pipeline-client"]
        let reply = try await greeted(connection, hello)
        guard let line = reply.errorLine else { return }
        let exit = ExitCode(errorLine: line)
        throw Failure(exit == .auth ? .auth : .connect, .authRefused, line)
    }

    private func greeted(_ connection: Connection, _ hello: [String]) async throws -> Reply {
        do {
            return try await connection.send(hello, withinSeconds: connectSeconds)
        } catch let failure as Failure where failure.phrase == .answerTimeout {
            throw Failure(
                .connect, .connectTimeout, address.endpoint, failure.arguments.first ?? "")
        }
    }

    /// The handshake says only that verifying failed; a second look at the certificate tells why.
    private func explain(_ error: NIOSSLError, _ trust: Trust, _ sighting: Sighting) async
        -> any Error
    {
        let words = "\(error)"
        if words.contains("WRONG_VERSION_NUMBER") || words.contains("HTTP_REQUEST") {
            return Failure(.connect, .notTLS, address.endpoint)
        }
        var seen = sighting.presented
        if seen == nil, words.contains("CERTIFICATE_VERIFY_FAILED") { seen = await look() }
        guard let seen else { return Failure(.connect, .handshakeFailed, address.endpoint, words) }
        if case .pin(let pinned) = trust, seen.fingerprint != pinned {
            return Failure(
                .connect, .pinChanged, address.endpoint, Pins.spelled(pinned),
                Pins.spelled(seen.fingerprint), pinsPath)
        }
        if let refusal = seen.refusal(address.endpoint, now: time(nil)) { return refusal }
        if case .authority(let path) = trust {
            return Failure(.connect, .otherAuthority, address.endpoint, path)
        }
        return UnknownAuthority(fingerprint: seen.fingerprint)
    }

    /// Looks at the certificate without sending anything.
    private func look() async -> PresentedCertificate? {
        let sighting = Sighting()
        guard let encryption = try? Encryption(host: address.host, trust: nil),
            let connection = try? await Connection.open(
                address, encryption, sighting, connectSeconds: connectSeconds,
                answerSeconds: connectSeconds)
        else { return nil }
        _ = try? await connection.send(["PING"])
        connection.close()
        return sighting.presented
    }
}

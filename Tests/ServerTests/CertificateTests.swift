import Foundation
import NIOSSL
import Testing

@testable import PipelineServer

private let opensslPath = "/usr/bin/openssl"

@Suite("Development certificate")
struct CertificateTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "certificate-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ certificate: DevelopmentCertificate, to path: String) throws {
        for (name, bytes) in [
            ("ca", certificate.authorityPEM), ("cert", certificate.certificatePEM),
            ("key", certificate.keyPEM),
        ] { try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name).pem")) }
    }

    private func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: opensslPath)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(
        "O-2: valid under X509_STRICT for localhost, 127.0.0.1 and ::1",
        .enabled(if: FileManager.default.isExecutableFile(atPath: opensslPath)),
        arguments: [
            ["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"],
        ])
    func strict(_ name: [String]) throws {
        try inDirectory { path in
            try write(try DevelopmentCertificate(), to: path)
            let verified = try openssl(
                "verify", "-x509_strict", "-purpose", "sslserver", name[0], name[1], "-CAfile",
                "\(path)/ca.pem", "\(path)/cert.pem")
            #expect(verified.status == 0, "\(verified.output)")
            let stranger = try openssl(
                "verify", "-x509_strict", "-verify_hostname", "example.org", "-CAfile",
                "\(path)/ca.pem", "\(path)/cert.pem")
            #expect(stranger.status != 0)
        }
    }

    @Test("O-3: certificates are read again, and on failure the old ones stay")
    func reload() throws {
        try inDirectory { path in
            try write(try DevelopmentCertificate(), to: path)
            let settings = TLSSettings(certificate: "\(path)/cert.pem", key: "\(path)/key.pem")
            let source = try TLSSource(settings)
            let first = source.context
            try write(try DevelopmentCertificate(), to: path)
            try source.reload(settings)
            let second = source.context
            #expect(first !== second)
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: settings.key))
            #expect(throws: TLSError.self) { try source.reload(settings) }
            #expect(source.context === second)
            // From other files, where the configuration names others by now.
            try FileManager.default.createDirectory(
                atPath: "\(path)/new", withIntermediateDirectories: true)
            try write(try DevelopmentCertificate(), to: "\(path)/new")
            try source.reload(
                TLSSettings(certificate: "\(path)/new/cert.pem", key: "\(path)/new/key.pem"))
            #expect(source.context !== second)
        }
    }

    @Test("O-2: the parts are written to DIR/tls, the key for its owner's eyes only")
    func files() throws {
        try inDirectory { path in
            try Examples.found(path + "/data")
            for (name, mode) in [("ca", 0o644), ("cert", 0o644), ("key", 0o600)] {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: "\(path)/data/tls/\(name).pem")
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
            }
        }
    }
}

extension CertificateTests {
    @Test(
        "O-2, D-38: a company's name is kept in NFC and shows something; a login is no keyword",
        arguments: [
            ("  ", "admin", "--company must be"), ("a\u{85}", "admin", "--company must be"),
            ("Acme", "reqid", "is a keyword of the protocol"),
        ])
    func founding(name: String, login: String, problem: String) throws {
        try inDirectory { path in
            let refusal = #expect(throws: OperationError.self) {
                try Examples.found(path + "/data", name: name, login: login)
            }
            #expect(refusal?.description.contains(problem) == true)
            try Examples.found(path + "/data", name: "Cafe\u{301}")
            let company = try Company.open(path + "/data")
            #expect(Array(company.ledger.state.company.name.utf8) == Array("Caf\u{e9}".utf8))
        }
    }
}

extension Examples {
    static func found(
        _ data: String, name: String = "星河广告", login: String = "admin"
    ) throws {
        try Company.found(
            data,
            Company.Charter(
                name: name, adminLogin: login, adminPassword: Array("right-password".utf8),
                currency: "CNY", zone: "Asia/Shanghai"), devTLS: true)
    }
}

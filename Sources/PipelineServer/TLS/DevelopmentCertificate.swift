import COpenSSL

/// A certificate for this machine alone, for trying things out: a throw-away authority and one
/// certificate for localhost, 127.0.0.1 and ::1, valid under X509_STRICT (O-2).
///
/// The authority's key is never written: nothing else can be signed with it.
struct DevelopmentCertificate {
    let authorityPEM: [UInt8]
    let certificatePEM: [UInt8]
    let keyPEM: [UInt8]

    private static let authorityDays = 3650
    /// Clients refuse a certificate valid for more than 825 days.
    private static let certificateDays = 824

    init() throws(CertificateError) {
        let authorityKey = try Key()
        let serverKey = try Key()
        let authority = try Certificate(
            name: "pipelined development CA", days: Self.authorityDays, key: authorityKey)
        try authority.add(
            [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid:always"),
            ], issuer: authority)
        try authority.sign(with: authorityKey)
        let server = try Certificate(
            name: "localhost", days: Self.certificateDays, key: serverKey)
        try server.setIssuer(authority)
        try server.add(
            [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "serverAuth"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid:always"),
                (NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1"),
            ], issuer: authority)
        try server.sign(with: authorityKey)
        authorityPEM = try authority.pem()
        certificatePEM = try server.pem()
        keyPEM = try serverKey.pem()
    }
}

/// A step of making a certificate that libcrypto refused.
struct CertificateError: Error, CustomStringConvertible {
    let step: String

    var description: String { "libcrypto cannot \(step)" }
}

/// An EC P-256 key.
private final class Key {
    let pointer: OpaquePointer

    init() throws(CertificateError) {
        guard let key = pipelined_p256_key() else { throw CertificateError(step: "make a key") }
        pointer = key
    }

    deinit { EVP_PKEY_free(pointer) }

    func pem() throws(CertificateError) -> [UInt8] {
        try pemBytes { PEM_write_bio_PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
    }
}

private final class Certificate {
    let pointer: OpaquePointer

    init(name: String, days: Int, key: Key) throws(CertificateError) {
        guard let certificate = X509_new() else {
            throw CertificateError(step: "make a certificate")
        }
        pointer = certificate
        // Back-dated a little, for a client whose clock is behind.
        let subject = X509_get_subject_name(certificate)
        let isFilled =
            X509_set_version(certificate, 2) == 1 && Self.setSerial(certificate)
            && X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -3600, nil) != nil
            && X509_time_adj_ex(X509_getm_notAfter(certificate), Int32(days), 0, nil) != nil
            && X509_NAME_add_entry_by_NID(
                subject, NID_commonName, MBSTRING_UTF8, name, Int32(name.utf8.count), -1, 0) == 1
            && X509_set_issuer_name(certificate, subject) == 1
            && X509_set_pubkey(certificate, key.pointer) == 1
        guard isFilled else { throw CertificateError(step: "fill in a certificate") }
    }

    deinit { X509_free(pointer) }

    /// 127 random bits: positive and within the 20 bytes that RFC 5280 allows.
    private static func setSerial(_ certificate: OpaquePointer) -> Bool {
        guard let number = BN_new() else { return false }
        defer { BN_free(number) }
        return BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    func setIssuer(_ issuer: Certificate) throws(CertificateError) {
        let name = X509_get_subject_name(issuer.pointer)
        guard X509_set_issuer_name(pointer, name) == 1 else {
            throw CertificateError(step: "set the issuer")
        }
    }

    func add(_ extensions: [(Int32, String)], issuer: Certificate) throws(CertificateError) {
        for (kind, value) in extensions {
            var context = X509V3_CTX()
            X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
            guard let made = X509V3_EXT_nconf_nid(nil, &context, kind, value) else {
                throw CertificateError(step: "make the extension \(value)")
            }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(pointer, made, -1) == 1 else {
                throw CertificateError(step: "add the extension \(value)")
            }
        }
    }

    func sign(with key: Key) throws(CertificateError) {
        guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else {
            throw CertificateError(step: "sign a certificate")
        }
    }

    func pem() throws(CertificateError) -> [UInt8] {
        try pemBytes { PEM_write_bio_X509($0, pointer) }
    }
}

private func pemBytes(
    _ write: (OpaquePointer) -> Int32
) throws(CertificateError) -> [UInt8] {
    guard let buffer = BIO_new(BIO_s_mem()) else { throw CertificateError(step: "make a buffer") }
    defer { BIO_free(buffer) }
    guard write(buffer) == 1 else { throw CertificateError(step: "write PEM") }
    var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(buffer)))
    guard BIO_read(buffer, &bytes, Int32(bytes.count)) == bytes.count else {
        throw CertificateError(step: "read PEM back")
    }
    return bytes
}

import COpenSSL

/// A SHA-256 sum made piece by piece.
struct RunningDigest: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("libcrypto has no SHA-256") }
        self.context = context
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let isAdded = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isAdded, "libcrypto has no SHA-256")
    }

    /// The sum of what was added so far; more may be added afterwards.
    func sum() -> Digest {
        var sum = SIMD32<UInt8>()
        let copy = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(copy) }
        let isDone = withUnsafeMutableBytes(of: &sum) { buffer in
            EVP_MD_CTX_copy_ex(copy, context) == 1
                && EVP_DigestFinal_ex(
                    copy, buffer.bindMemory(to: UInt8.self).baseAddress, nil) == 1
        }
        precondition(isDone, "libcrypto has no SHA-256")
        return Digest(bytes: sum)
    }

    deinit { EVP_MD_CTX_free(context) }
}

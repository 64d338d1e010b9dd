import COpenSSL

/// Sixteen random bytes that tell the logs of two companies apart.
public struct ClusterID: Sendable, Hashable, CustomStringConvertible {
    public let bytes: SIMD16<UInt8>

    package init(bytes: SIMD16<UInt8>) {
        self.bytes = bytes
    }

    /// Drawn from libcrypto's generator; nil when it has no entropy.
    static func random() -> ClusterID? {
        var bytes = SIMD16<UInt8>()
        let drawn = withUnsafeMutableBytes(of: &bytes) { buffer in
            RAND_bytes(buffer.bindMemory(to: UInt8.self).baseAddress, Int32(buffer.count))
        }
        return drawn == 1 ? ClusterID(bytes: bytes) : nil
    }

    /// 32 hexadecimal digits.
    public var description: String { hexadecimal(bytes) }
}

/// A SHA-256 sum: a link of the chain that makes the log tamper-evident (W-3).
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    public let bytes: SIMD32<UInt8>

    /// What the first frame of a log is chained to.
    public static let zero = Digest(bytes: SIMD32<UInt8>(repeating: 0))

    init(bytes: SIMD32<UInt8>) {
        self.bytes = bytes
    }

    package init(of data: UnsafeRawBufferPointer) {
        var sum = SIMD32<UInt8>()
        let done = withUnsafeMutableBytes(of: &sum) { buffer in
            EVP_Digest(
                data.baseAddress, data.count, buffer.bindMemory(to: UInt8.self).baseAddress, nil,
                EVP_sha256(), nil)
        }
        precondition(done == 1, "libcrypto has no SHA-256")
        bytes = sum
    }

    /// 64 hexadecimal digits.
    public var description: String { hexadecimal(bytes) }
}

private func hexadecimal<Vector: SIMD>(_ vector: Vector) -> String where Vector.Scalar == UInt8 {
    var text = ""
    for index in vector.indices {
        let byte = vector[index]
        text += byte < 16 ? "0" : ""
        text += String(byte, radix: 16)
    }
    return text
}

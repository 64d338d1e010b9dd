internal import CZlib

/// zlib's one-shot calls, for the blocks of the archive.
enum Deflate {
    /// zlib's own default: higher levels take several times as long for one byte in a hundred.
    private static let level: Int32 = 6

    /// The bytes in zlib's format (RFC 1950).
    static func packed(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let bound = Int(compressBound(uLong(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            var length = uLongf(bound)
            let code = compress2(
                target.baseAddress, &length, bytes.bindMemory(to: Bytef.self).baseAddress,
                uLong(bytes.count), level)
            precondition(code == Z_OK, "zlib has no memory")
            count = Int(length)
        }
    }

    /// Whether the packed bytes are whole and fill `target` exactly.
    static func unpack(
        _ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var length = uLongf(target.count)
        var used = uLong(packed.count)
        let code = uncompress2(
            target.bindMemory(to: Bytef.self).baseAddress, &length,
            packed.bindMemory(to: Bytef.self).baseAddress, &used)
        return code == Z_OK && Int(length) == target.count && Int(used) == packed.count
    }
}

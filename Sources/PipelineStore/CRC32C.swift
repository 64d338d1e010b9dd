internal import CCRC32C

/// CRC-32C (Castagnoli), the checksum of frames, marks, the format file and snapshots' sections.
///
/// By the processor's own instruction where it has one; else eight bytes a step through eight tables.
package enum CRC32C {
    private static let polynomial: UInt32 = 0x82F6_3B78

    /// Eight tables of 256 entries in a row, written once and never freed.
    private nonisolated(unsafe) static let tables: UnsafePointer<UInt32> = {
        let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 {
                value = value & 1 == 1 ? (value >> 1) ^ polynomial : value >> 1
            }
            tables[index] = value
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
        }
        return UnsafePointer(tables)
    }()

    private static let isInProcessor = pipelined_has_crc32c()

    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard isInProcessor else { return checksumByTables(bytes) }
        return pipelined_crc32c(0xFFFF_FFFF, bytes.baseAddress, bytes.count) ^ 0xFFFF_FFFF
    }

    package static func checksumByTables(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let tables = tables
        var value: UInt32 = 0xFFFF_FFFF
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
            let low = UInt32(truncatingIfNeeded: word) ^ value
            let high = UInt32(truncatingIfNeeded: word >> 32)
            value = tables[7 &* 256 &+ Int(low & 0xFF)]
            value ^= tables[6 &* 256 &+ Int((low >> 8) & 0xFF)]
            value ^= tables[5 &* 256 &+ Int((low >> 16) & 0xFF)]
            value ^= tables[4 &* 256 &+ Int(low >> 24)]
            value ^= tables[3 &* 256 &+ Int(high & 0xFF)]
            value ^= tables[2 &* 256 &+ Int((high >> 8) & 0xFF)]
            value ^= tables[256 &+ Int((high >> 16) & 0xFF)]
            value ^= tables[Int(high >> 24)]
            offset &+= 8
        }
        while offset < bytes.count {
            value = (value >> 8) ^ tables[Int((value ^ UInt32(bytes[offset])) & 0xFF)]
            offset &+= 1
        }
        return value ^ 0xFFFF_FFFF
    }
}

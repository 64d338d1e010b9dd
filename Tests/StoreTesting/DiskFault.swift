/// What a call does instead of its work.
package enum DiskFault: Equatable {
    /// Fails with this `errno`. A failed sync has dropped what it should have written.
    case error(Int32)
    /// A write or read moves about half of the bytes.
    case short
    /// This call and every later one fails, until the power is cut.
    case crash
    /// A write is said to have been made and was not; a sync is said to be over and was not begun.
    case lost
    /// A write goes to another place of the same file, so many blocks of 4 KiB behind its own.
    case misdirected(blocks: Int)
    /// One bit of what is written or read is another one.
    case flipped(bit: Int)
}

extension DiskFault {
    /// Whether the disk lies: a call that succeeds has not done what it says.
    package var isSilent: Bool {
        switch self {
        case .error, .short, .crash: false
        case .lost, .misdirected, .flipped: true
        }
    }

    /// The bytes with the bit flipped, if that is the fault.
    func applied(to bytes: [UInt8]) -> [UInt8] {
        guard case .flipped(let bit) = self, !bytes.isEmpty else { return bytes }
        var flipped = bytes
        flipped[bit / 8 % bytes.count] ^= 1 << UInt8(bit % 8)
        return flipped
    }
}

/// The bytes of a log of two frames; all that is not given is zero.
enum Golden {
    typealias Piece = (offset: Int, hex: String)

    static let segment: [Piece] = [
        (0, "5050454652414d31 0100 7000 0e000000"),
        (16, "02000000 00000000 0100000000000000"),
        (32, "0100000000000000 e803000000000000"),
        (48, "000102030405060708090a0b0c0d0e0f"),
        (96, "0000000000000000 61032bd1 f52afe1c"),
        (112, "03000000 6f6e65 03000000 74776f"),
        (4096, "5050454652414d31 0100 7000 09000000"),
        (4112, "01000000 00000000 0300000000000000"),
        (4128, "0100000000000000 e803000000000000"),
        (4144, "000102030405060708090a0b0c0d0e0f"),
        (4160, "0200000000000000 e777084908847290"),
        (4176, "135c4d8de584dd46d47fd731df035491"),
        (4192, "5dea6ade6c1cd472 515b22c8 91a34ed6"),
        (4208, "05000000 7468726565"),
    ]
    static let format: [Piece] = [
        (0, "505045464f524d31 0100 0000 00400000"),
        (16, "000102030405060708090a0b0c0d0e0f"),
        (4092, "2666a26b"),
    ]
    static let marks: [Piece] = [
        (0, "5050454d41524b31 0100 000000000000"),
        (16, "0200000000000000 0000000000000000"),
        (32, "0100000000000000 0100000000000000"),
        (48, "0000000000000000 0001020304050607"),
        (64, "08090a0b0c0d0e0f 0000000000000000"),
        (4092, "fcf317f4"),
        (4096, "5050454d41524b31 0100 000000000000"),
        (4112, "0300000000000000 0300000000000000"),
        (4128, "0100000000000000 0100000000000000"),
        (4144, "0020000000000000 0001020304050607"),
        (4160, "08090a0b0c0d0e0f 12738057716a6de2"),
        (4176, "5fd072b60ce3728751d43661205dbf0b"),
        (4192, "41e5e449712a27a3"),
        (8188, "43f5aeba"),
    ]

    static func file(_ pieces: [Piece], count: Int) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: count)
        for piece in pieces {
            var digits = piece.hex.filter { !$0.isWhitespace }[...]
            var offset = piece.offset
            while let byte = UInt8(digits.prefix(2), radix: 16) {
                file[offset] = byte
                offset += 1
                digits = digits.dropFirst(2)
            }
        }
        return file
    }

    /// What is not zero in a file, in the form of the pieces above.
    static func describe(_ bytes: [UInt8]) -> String {
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let line = bytes[start..<min(start + 16, bytes.count)]
            guard line.contains(where: { $0 != 0 }) else { continue }
            let hex = line.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            lines.append("(\(start), \"\(hex)\"),")
        }
        return lines.joined(separator: "\n")
    }
}

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

    /// An archived segment of four frames with two records each, `StoreFixture.filled`, by version.
    static let archived: [(version: Int, hex: String)] = [
        (
            1,
            """
            50504541524348310100000000000000000102030405060708090a0b0c0d0e0f
            5050454652414d31010070005800000002000000000000000100000000000000
            0100000000000000e803000000000000000102030405060708090a0b0c0d0e0f
            0000000000000000000000000000000000000000000000000000000000000000
            000000000000000032250feaccea4bb42800000020272e353c434a51585f666d
            747b828990979ea5acb3bac1c8cfd6dde4ebf2f900070e151c232a3128000000
            3f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9e0e7eef5fc030a1118
            1f262d343b4249505050454652414d3101007000580000000200000000000000
            03000000000000000100000000000000e8030000000000000001020304050607
            08090a0b0c0d0e0f020000000000000068dac1607cb93f020a74b8f12bc5694d
            00b9f0aed1daba29a4fe7d593d757e95ea8730176b442aea280000005e656c73
            7a81888f969da4abb2b9c0c7ced5dce3eaf1f8ff060d141b222930373e454c53
            5a61686f280000007d848b9299a0a7aeb5bcc3cad1d8dfe6edf4fb020910171e
            252c333a41484f565d646b727980878e5050454652414d310100700058000000
            020000000000000005000000000000000100000000000000e803000000000000
            000102030405060708090a0b0c0d0e0f0400000000000000644729e1e2d5d0b4
            98e28fea679288924e2a2729d97450de904580b1e26000c220e5b55e3028f687
            280000009ca3aab1b8bfc6cdd4dbe2e9f0f7fe050c131a21282f363d444b5259
            60676e757c838a91989fa6ad28000000bbc2c9d0d7dee5ecf3fa01080f161d24
            2b323940474e555c636a71787f868d949ba2a9b0b7bec5cc5050454652414d31
            0100700058000000020000000000000007000000000000000100000000000000
            e803000000000000000102030405060708090a0b0c0d0e0f0600000000000000
            743ceb7aeb44c4e55e65b465da3632e96e4357ce90cd4cce31ccf46c8de505e6
            b869ed003d25cae828000000dae1e8eff6fd040b121920272e353c434a51585f
            666d747b828990979ea5acb3bac1c8cfd6dde4eb28000000f900070e151c232a
            31383f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9e0e7eef5fc030a
            """
        ),
        (
            2,
            """
            50504541524348310200000000000000000102030405060708090a0b0c0d0e0f
            01000000000000000100000000000000f90100002003000085c793bb00000000
            d061f7eb789c0b0870750b72f4356464286088606060606280004634fa05334c
            80899985958d9d83938b9b87978f9f814860a4caffeacc2bef2d1a40b682ba9e
            a98db35760447c5a6e497553e784e9f396aed9bcebe089f3d7ee3e79fde92703
            3b9fa88cb2962148adbd9b6f4874526641795d6bcfe4590b57acdfb6f7c8e94b
            371f3c7ff7f50f3397a084bc9aae89b5936740000e7fc09d4dc01f30f519b70e
            26d4ecb467e22ad9f151fb68a62fc3ce0feb2ededaa5b9e45f6da46d69ddd457
            ed06e2d92e5aaf406e8b4bcd29ae6aece89f3677c9ea4d3b0f1c3f77f5cee357
            1f7ffc67e3159156d23430b773f5098e4accc807a9ad6de99e3473c1f2755bf7
            1c3e75f1c6fd676fbffc66e214109753d531b672f4f00f8b4dc92eaa6c68efc3
            e50f5622fdc102154e71d77cf8e8ea852d331ef5bf4a9fd431c94f4b5df36649
            c0bd09ae0d1b1f25301c5278ba35ce40e35b3bc86d7316afdab863ffb1b3576e
            3f7af9e1fb3f561e6129450d7d335b17efa0c884f4bcd29ae6ae8933e62f5b0b
            52bbfbd0c90bd7ef3d7df3f9172307bf98ac8ab691a583bb5f684c725661457d
            5bef94d98b566ed8beefe8195cfe6027d21f6c50e1129bd755af5d8e3c8d4bdd
            927acbcce8659e73f8b909677dce199ef992d3fb94f5d98eccb70cb6aaa75e80
            dc76ebe18bf7dffeb2700b49e24f6120b5f04466813f850100747ff5de
            """
        ),
    ]

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { !$0.isWhitespace }
        return file([(0, digits)], count: digits.utf8.count / 2)
    }

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

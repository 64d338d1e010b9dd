/// Lines of the server that are printable ASCII by the protocol (P-5), for people: what was escaped in
/// them is text again.
enum ServerText {
    /// Runs of `\xHH` that are UTF-8 become what they stand for; all else stays.
    static func readable(_ line: String) -> String {
        guard line.contains("\\x") else { return line }
        var result: [UInt8] = []
        var run: [UInt8] = []
        var rest = Array(line.utf8)[...]
        func close() {
            if let text = String(validating: run, as: UTF8.self) {
                result += text.utf8
            } else {
                for byte in run { result += escaped(byte) }
            }
            run = []
        }
        while let byte = rest.first {
            if let high = escapedByte(rest) {
                run.append(high)
                rest = rest.dropFirst(4)
                continue
            }
            close()
            result.append(byte)
            rest = rest.dropFirst()
        }
        close()
        return String(decoding: result, as: UTF8.self)
    }

    /// The byte above ASCII that is escaped here.
    private static func escapedByte(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard bytes.count >= 4, bytes.first == UInt8(ascii: "\\"),
            bytes[bytes.startIndex + 1] == UInt8(ascii: "x")
        else { return nil }
        let digits = String(decoding: bytes.dropFirst(2).prefix(2), as: UTF8.self)
        return UInt8(digits, radix: 16).flatMap { $0 >= 0x80 ? $0 : nil }
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        Array(("\\x" + String(byte, radix: 16)).utf8)
    }
}

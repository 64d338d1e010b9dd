import PipelineProtocol
import Testing

@testable import PipelineCommands

struct CompanyTests {
    @Test("P-9: every command of the table is exercised here")
    func examples() {
        for command in CommandTable.commands {
            switch command.access {
            case .query: #expect(LedgerCompany.queries[command.name] != nil, "\(command.name)")
            case .write: #expect(LedgerCompany.writes[command.name] != nil, "\(command.name)")
            case .dryRun, .connection: continue
            }
        }
    }

    @Test("§2: every write answers id, rev and seq, and its records are the log's last")
    func writesAnswer() {
        for (name, write) in LedgerCompany.writes {
            let company = write.company()
            let before = company.ledger.lastSequence
            let reply = company.run(write.words, as: write.login)
            #expect(reply["id"]?.text != nil, "\(name): \(reply)")
            #expect(reply["rev"]?.integer != nil, "\(name)")
            #expect(reply["seq"]?.integer == Int64(company.ledger.lastSequence), "\(name)")
            #expect(company.ledger.lastSequence > before, "\(name)")
            #expect(company.log.count == Int(company.ledger.lastSequence), "\(name)")
            #expect(company.wrote, "\(name)")
        }
    }

    @Test("P-2: a reply has one shape; RESP2 flattens maps and sets and spells booleans as numbers")
    func versions() {
        let company = LedgerCompany.furnished()
        company.submit()
        for line in LedgerCompany.queries.values.joined() {
            for login in ["ann", "boss", "eve"] {
                let new = company.run(line, as: login, .resp3)
                let old = company.run(line, as: login, .resp2)
                #expect(flat(new) == old, "\(line) as \(login)")
                #expect(Self.types(of: company.bytes(line, as: login)).isSubset(of: "+-:$*_#%~"))
            }
        }
    }

    /// The reply as RESP2 has it.
    private func flat(_ reply: Reply) -> Reply {
        switch reply {
        case .map(let pairs): .array(pairs.flatMap { [flat($0.key), flat($0.value)] })
        case .set(let elements), .array(let elements): .array(elements.map(flat))
        case .boolean(let value): .integer(value ? 1 : 0)
        default: reply
        }
    }

    /// The first byte of every value in a reply.
    private static func types(of bytes: [UInt8]) -> Set<Character> {
        var types: Set<Character> = []
        var index = 0
        while index < bytes.count, let end = bytes[index...].firstIndex(of: 0x0D) {
            let type = Character(UnicodeScalar(bytes[index]))
            types.insert(type)
            let line = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            index = end + 2
            if type == "$", let length = Int(line), length >= 0 { index += length + 2 }
        }
        return types
    }
}

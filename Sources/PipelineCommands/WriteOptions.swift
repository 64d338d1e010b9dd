import PipelineDomain
import PipelineProtocol

/// What every write may say beside its own arguments: `REQID` and `IFREV` (P-6, D-30).
struct WriteOptions {
    let token: String?
    let expectedRevision: UInt32?
    /// Tells the command from another one under the same token; secrets are left out of it.
    let fingerprint: UInt64
    /// By the names of the arguments.
    let secrets: [String: String]

    init(_ invocation: Invocation, _ binding: Binding) throws(Refusal) {
        var token: String?
        var revision: UInt32?
        var secrets: [String: String] = [:]
        do throws(ArgumentError) {
            let syntax = invocation.command.syntax
            if let word = syntax.requestID.flatMap({ binding[$0]?.first }) {
                token = try Self.token(invocation.request[word])
            }
            if let word = syntax.ifRevision.flatMap({ binding[$0]?.first }) {
                let type = ValueType.integer("rev", in: 0...Int(UInt32.max))
                revision = UInt32(
                    try type.read(invocation.request, word, Command.ifRevision.name))
            }
            for position in syntax.passwords {
                guard let word = binding[position]?.first, let secret = invocation.secrets[word]
                else { continue }
                secrets[invocation.command.arguments[position].name] = secret
            }
        } catch {
            throw .argument(error)
        }
        self.token = token
        expectedRevision = revision
        self.secrets = secrets
        fingerprint = token == nil ? 0 : Self.fingerprint(of: invocation, binding)
    }

    private static func token(_ bytes: ArraySlice<UInt8>) throws(ArgumentError) -> String {
        guard (1...Bounds.requestTokenCharacters).contains(bytes.count),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .value(
                argument: "REQID",
                problem: "must be 1 to \(Bounds.requestTokenCharacters) printable ASCII characters")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// FNV-1a over the words, each with its length: stable across restarts and versions.
    private static func fingerprint(of invocation: Invocation, _ binding: Binding) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let secret = Set(
            invocation.command.arguments.enumerated().compactMap { position, spec in
                spec.isPassword ? binding[position]?.first : nil
            })
        invocation.command.name.utf8.forEach(mix)
        for word in 1..<max(1, invocation.request.count) where !secret.contains(word) {
            let bytes = invocation.request[word]
            withUnsafeBytes(of: UInt32(clamping: bytes.count).littleEndian) { $0.forEach(mix) }
            bytes.forEach(mix)
        }
        return hash
    }
}

extension Decision {
    /// The answer of a write that was carried out (§2).
    func answer(_ state: State, sequence: UInt64) -> Answer {
        Answer(
            [
                Answer.Field("id", .text(subject.id)),
                Answer.Field("rev", .integer(Int64(state.revision(of: subject)))),
                Answer.Field("seq", .integer(Int64(sequence))),
            ] + answer)
    }

    /// What a dry run answers: no `seq`, and a new id as null.
    func dryAnswer(_ state: State) -> Answer {
        Answer(
            [
                Answer.Field("id", createsSubject ? .null : .text(subject.id)),
                Answer.Field("rev", .integer(Int64(state.revision(of: subject)))),
            ]
                + answer.map {
                    createdFields.contains($0.name) ? Answer.Field($0.name, .null) : $0
                })
    }
}

extension Answer {
    func write(to reply: inout ReplyWriter) {
        reply.map(fields.count)
        for field in fields {
            reply.bulk(field.name)
            switch field.value {
            case .null: reply.null()
            case .text(let text): reply.bulk(text)
            case .integer(let value): reply.integer(value)
            case .texts(let texts):
                reply.array(texts.count)
                for text in texts { reply.bulk(text) }
            }
        }
    }
}

import PipelineDomain
import PipelineProtocol

/// What every write may say beside its own arguments: `REQID` and `IFREV` (P-6, D-30).
struct WriteOptions {
    let token: String?
    let expectedRevision: UInt32?
    /// Tells the command from another one under the same token; secrets are left out of it.
    let fingerprint: UInt64
    /// Whether every new password is shown to be the one that was set already.
    let passwordsAreKnown: Bool
    /// By the names of the arguments.
    let secrets: [String: String]

    init(_ invocation: Invocation, _ binding: Binding) throws(Refusal) {
        var token: String?
        var revision: UInt32?
        var secrets: [String: String] = [:]
        var passwordsAreKnown = true
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
                guard let word = binding[position]?.first else { continue }
                let argument = invocation.command.arguments[position]
                if let secret = invocation.secrets[word] { secrets[argument.name] = secret }
                if !argument.isProof, !invocation.knownPasswords.contains(word) {
                    passwordsAreKnown = false
                }
            }
        } catch {
            throw .argument(error)
        }
        self.token = token
        expectedRevision = revision
        self.secrets = secrets
        self.passwordsAreKnown = passwordsAreKnown
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

    /// Over what was bound, argument by argument as they are declared, each value in its one spelling
    /// and begun by a byte that is in no text: the order and the case of keywords and the zeros of an
    /// id make no other command.
    private static func fingerprint(of invocation: Invocation, _ binding: Binding) -> UInt64 {
        var digest = Fingerprint(invocation.command.name)
        for (position, argument) in invocation.command.syntax.arguments.enumerated() {
            guard let words = binding[position] else { continue }
            digest.mix(argument.digest)
            for word in words where !argument.isPassword {
                digest.mix(UInt8.max)
                argument.spelling.forEach(invocation.request[word]) { digest.mix($0) }
            }
        }
        return digest.value
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
            case .boolean(let value): reply.boolean(value)
            case .texts(let texts):
                reply.array(texts.count)
                for text in texts { reply.bulk(text) }
            }
        }
    }
}

public import PipelineProtocol

/// The words of a command without its secrets, for whoever looks on (O-4, P-4).
extension Command {
    private static let redacted = Array("(redacted)".utf8)

    public func redacted(_ request: Request) -> [[UInt8]] {
        let secrets = secrets(in: request)
        return (0..<request.count).map {
            secrets.contains($0) ? Self.redacted : Array(request[$0])
        }
    }

    /// Where secrets stand, or may stand: of what takes passwords and is not well-formed, everywhere.
    private func secrets(in request: Request) -> Set<Int> {
        switch access {
        case .connection(.auth): return Set(1..<max(1, request.count))
        case .connection(.hello):
            return Self.secretsOfHello(request)
        case .connection, .query: return []
        case .dryRun:
            guard let inner = CommandTable.find(request[1]) else {
                return Set(1..<max(1, request.count))
            }
            return Set(inner.secrets(in: request.dropFirst()).map { $0 + 1 })
        case .write:
            guard !syntax.passwords.isEmpty else { return [] }
            guard (try? Binding(request, to: self)) != nil else {
                return Set(1..<max(1, request.count))
            }
            return Set(passwordArguments(in: request).map(\.index))
        }
    }

    /// The login and the password behind AUTH; where the options cannot be told apart, all the rest.
    private static func secretsOfHello(_ request: Request) -> Set<Int> {
        var secrets: Set<Int> = []
        var index = 2
        while index < request.count {
            if request.matches(index, "AUTH") {
                secrets.formUnion([index + 1, index + 2])
                index += 3
            } else if request.matches(index, "SETNAME") {
                index += 2
            } else {
                return secrets.union(index..<request.count)
            }
        }
        return secrets
    }

    /// Whether only administrators may run it, as Redis's flag says; such commands are not monitored.
    public func isForAdmins(_ request: Request) -> Bool {
        let subcommand = subcommands.first { request.matches(1, $0.name) }
        return (subcommand?.flags ?? flags).contains(.admin)
    }
}

import PipelineProtocol

/// One connection as `CLIENT LIST` shows it, in Redis 7.0's fields (7.2's for the library).
struct ClientDescription: Sendable {
    var id: UInt64
    var address: String
    var localAddress: String
    var name: String
    var ageSeconds: Int64
    var idleSeconds: Int64
    /// Channels and patterns subscribed to.
    var channels: Int
    var patterns: Int
    /// Commands queued since `MULTI`; `nil` outside of one.
    var queued: Int?
    var inputBytes: Int
    var outputBytes: Int
    /// The last command with its subcommand, such as `client|list`.
    var command: String
    var user: String
    var version: ProtocolVersion
    var libraryName: String
    var libraryVersion: String

    /// The line, without its ending.
    var line: String {
        let flags = (channels + patterns > 0 ? "P" : "") + (queued != nil ? "x" : "")
        return "id=\(id) addr=\(address) laddr=\(localAddress) fd=-1 name=\(name)"
            + " age=\(ageSeconds) idle=\(idleSeconds) flags=\(flags.isEmpty ? "N" : flags) db=0"
            + " sub=\(channels) psub=\(patterns) ssub=0 multi=\(queued ?? -1)"
            + " qbuf=\(inputBytes) qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0"
            + " obl=\(outputBytes) oll=0 omem=0 tot-mem=\(inputBytes + outputBytes)"
            + " events=r cmd=\(command) user=\(user) redir=-1 resp=\(version.rawValue)"
            + " lib-name=\(libraryName) lib-ver=\(libraryVersion)"
    }
}

/// Which connections `CLIENT LIST` and `CLIENT KILL` mean.
struct ClientFilter: Sendable {
    enum Kind: Sendable { case normal, pubsub, other }

    var ids: [UInt64]?
    var kind: Kind?
    var user: String?
    var address: String?
    var localAddress: String?
    var skipsAsker = true

    func selects(_ client: ClientDescription, asker: UInt64) -> Bool {
        if skipsAsker, client.id == asker { return false }
        if let ids, !ids.contains(client.id) { return false }
        if let user, client.user != user { return false }
        if let address, client.address != address { return false }
        if let localAddress, client.localAddress != localAddress { return false }
        switch kind {
        case nil: return true
        case .normal: return client.channels + client.patterns == 0
        case .pubsub: return client.channels + client.patterns > 0
        case .other: return false
        }
    }
}

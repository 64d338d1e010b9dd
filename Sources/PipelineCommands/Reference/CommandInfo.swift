import PipelineProtocol

/// `COMMAND INFO`: rows of ten elements, as in Redis 7.0.
extension CommandTable {
    /// One row for each name, null for an unknown one; all commands without a name.
    static func writeRows(_ request: Request, into reply: inout ReplyWriter) {
        guard request.count > 2 else { return writeRows(of: commands, into: &reply) }
        reply.array(request.count - 2)
        for word in 2..<request.count {
            if let entry = Entry(request[word]) {
                writeRow(of: entry, into: &reply)
            } else {
                reply.null()
            }
        }
    }

    static func writeRows(of commands: [Command], into reply: inout ReplyWriter) {
        reply.array(commands.count)
        for command in commands { writeRow(of: .command(command), into: &reply) }
    }

    private static func writeRow(of entry: Entry, into reply: inout ReplyWriter) {
        let (arity, flags, subcommands) =
            switch entry {
            case .command(let command): (command.arity, command.flags, command.subcommands)
            case .subcommand(let subcommand, _): (subcommand.arity, subcommand.flags, [])
            }
        reply.array(10)
        reply.bulk(entry.name)
        reply.integer(arity)
        writeWords(flags.map(\.rawValue), into: &reply)
        // First key, last key, step: nothing of ours is a key.
        for _ in 0..<3 { reply.integer(0) }
        writeWords(entry.categories.map { "@\($0.rawValue)" }, into: &reply)
        let tips = entry.tips
        reply.set(tips.count)
        for tip in tips { reply.bulk(tip) }
        // Key specifications.
        reply.set(0)
        // As Redis has it: an empty set where there are none.
        guard !subcommands.isEmpty else { return reply.set(0) }
        reply.array(subcommands.count)
        if case .command(let command) = entry {
            for subcommand in subcommands {
                writeRow(of: .subcommand(subcommand, of: command), into: &reply)
            }
        }
    }

    /// A set of simple strings.
    static func writeWords(_ words: [String], into reply: inout ReplyWriter) {
        reply.set(words.count)
        for word in words { reply.simple(word) }
    }
}

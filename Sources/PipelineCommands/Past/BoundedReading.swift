import PipelineDomain

/// Which of many records an answer begins with.
enum Reading: Sendable {
    /// The first ones; whoever wants more goes on behind the last.
    case first
    /// The newest ones.
    case newest
}

extension Call {
    /// Answers off the lock with the wanted ones among the records, ascending: as many as a list may
    /// have and as go into `Bounds.answerBytes`, but at least one. They are read in portions, so that
    /// neither the answer nor what it is made from grows without bound.
    func later(
        _ reading: Reading, of sequences: [UInt64], most: Int = Bounds.listMost,
        where isWanted: @escaping @Sendable (Recorded) -> Bool = { _ in true },
        _ write: @escaping @Sendable (Call, [Recorded]) throws(Rejection) -> Void
    ) {
        let sequences = kept(sequences)
        later(through: sequences.last ?? 0) { source throws(RecordError) in
            var found: [Recorded] = []
            var bytes = 0
            var done = 0
            reading: while done < sequences.count {
                let count = min(Self.portion, sequences.count - done)
                let portion =
                    switch reading {
                    case .first: sequences[done..<done + count]
                    case .newest: sequences[(sequences.count - done - count)...].prefix(count)
                    }
                done += count
                let records = try source.records(Array(portion))
                for record in reading == .first ? records : records.reversed() {
                    let recorded = try RecordCodec.decode(record.bytes, sequence: record.sequence)
                    guard isWanted(recorded) else { continue }
                    bytes += record.bytes.count
                    guard found.isEmpty || bytes <= Bounds.answerBytes else { break reading }
                    found.append(recorded)
                    guard found.count < most else { break reading }
                }
            }
            if reading == .newest { found.reverse() }
            return { [found] (call) throws(Rejection) in try write(call, found) }
        }
    }

    /// Records read at a time; each may have a megabyte.
    private static let portion = 16
}

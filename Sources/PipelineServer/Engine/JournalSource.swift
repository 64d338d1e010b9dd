import PipelineCommands
import PipelineStore

/// The log as deferred replies read it; an error of the log is final (W-7).
struct JournalSource: RecordSource {
    let journal: any Journal

    func records(_ sequences: [UInt64]) -> [(sequence: UInt64, bytes: [UInt8])] {
        do throws(StoreError) {
            return try journal.read(sequences)
        } catch {
            Fault.end(.durability, "the log cannot be read: \(error)")
        }
    }

    func walk(
        _ sequences: ClosedRange<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) {
        do throws(StoreError) {
            try journal.walk(sequences, visit)
        } catch {
            Fault.end(.durability, "the log cannot be read: \(error)")
        }
    }
}

import DequeModule
import NIOCore
import NIOPosix
import Synchronization

/// Threads for work off the event loops, done in turns: what is asked for in one name waits in a line
/// of its own, and the lines are served one after the other. However much one asks for, others wait for
/// what is under way and for one piece of each line before them, and never for a whole line.
final class FairPool<Line: Hashable & Sendable>: Sendable {
    private typealias Work = @Sendable (_ isActive: Bool) -> Void

    private let threads: NIOThreadPool
    private let lines = Mutex(Lines<Line, Work>())

    init(threads count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    /// Waits for the work under way; what still waits fails.
    func shutDown() { try? threads.syncShutdownGracefully() }

    /// Fails only when the pool is being shut down.
    ///
    /// - Parameter most: How much may wait in all; a line that nobody waits in is open even then.
    /// - Returns: `nil` where too much waits.
    func run<Value: Sendable>(
        in line: Line, on loop: any EventLoop, waitingMost most: Int = .max,
        _ body: @escaping @Sendable () -> Value
    ) -> EventLoopFuture<Value>? {
        let promise = loop.makePromise(of: Value.self)
        let isTaken = lines.withLock { lines in
            guard lines.count < most || lines.isEmpty(line) else { return false }
            lines.add(
                { isActive in
                    if isActive {
                        promise.succeed(body())
                    } else {
                        promise.fail(CancellationError())
                    }
                }, to: line)
            return true
        }
        guard isTaken else {
            promise.fail(CancellationError())
            return nil
        }
        threads.submit { state in
            let work = self.lines.withLock { $0.next() }
            work?(state == .active)
        }
        return promise.futureResult
    }
}

/// What waits, in one line for each name, and whose turn it is.
struct Lines<Name: Hashable, Element> {
    private var lines: [Name: Deque<Element>] = [:]
    /// Names in whose lines something waits, each once.
    private var turns: Deque<Name> = []
    /// How much waits in all lines together.
    private(set) var count = 0

    func isEmpty(_ name: Name) -> Bool { lines[name] == nil }

    mutating func add(_ element: Element, to name: Name) {
        if isEmpty(name) { turns.append(name) }
        lines[name, default: []].append(element)
        count += 1
    }

    /// The first of the line whose turn it is; that line goes behind the others.
    mutating func next() -> Element? {
        guard let name = turns.popFirst(), let element = lines[name]?.popFirst() else { return nil }
        count -= 1
        if lines[name]?.isEmpty == true { lines[name] = nil } else { turns.append(name) }
        return element
    }
}

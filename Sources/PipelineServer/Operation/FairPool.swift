import DequeModule
import NIOCore
import Synchronization

/// Threads for work off the event loops, done in turns: what is asked for in one name waits in a line
/// of its own, and the lines are served one after the other. However much one asks for, others wait for
/// what is under way and for one piece of each line before them, and never for a whole line.
final class FairPool<Line: Hashable & Sendable>: Sendable {
    private typealias Work = @Sendable (_ isActive: Bool) -> Void

    private struct Waiting {
        var lines = Lines<Line, Work>()
        var isEnding = false
    }

    private let waiting = Mutex(Waiting())
    private let count: Int
    /// Signalled once for each piece of work, and for each thread in the end.
    private let ready = WakeSignal()
    private let ended = WakeSignal()

    /// - Parameter isPatient: whether others go first where all processors are busy, for a while.
    init(_ name: String, threads count: Int, isPatient: Bool = false) {
        self.count = count
        for number in 1...count {
            NamedThread.start("\(name)-\(number)", isPatient: isPatient) { [self] in work() }
        }
    }

    private func work() {
        while true {
            ready.wait()
            // More were signalled than are left: the rest was called off.
            guard let next = waiting.withLock({ $0.lines.next() }) else { break }
            Patience.during { next(true) }
        }
        ended.signal()
    }

    /// Waits for the work under way; what still waits fails.
    func shutDown() {
        let calledOff = waiting.withLock { waiting in
            waiting.isEnding = true
            var all: [Work] = []
            while let next = waiting.lines.next() { all.append(next) }
            return all
        }
        for work in calledOff { work(false) }
        for _ in 0..<count { ready.signal() }
        for _ in 0..<count { ended.wait() }
    }

    /// Fails only when the pool is being shut down.
    ///
    /// - Parameter most: How much may wait in all; a line that nobody waits in is open even then.
    /// - Returns: `nil` where too much waits.
    func run<Value: Sendable>(
        in line: Line, on loop: any EventLoop, waitingMost most: Int = .max,
        _ body: @escaping @Sendable () -> Value
    ) -> EventLoopFuture<Value>? {
        let promise = loop.makePromise(of: Value.self)
        let work: Work = { isActive in
            if isActive {
                promise.succeed(body())
            } else {
                promise.fail(CancellationError())
            }
        }
        let isTaken = waiting.withLock { waiting -> Bool? in
            guard !waiting.isEnding else { return nil }
            guard waiting.lines.count < most || waiting.lines.isEmpty(line) else { return false }
            waiting.lines.add(work, to: line)
            return true
        }
        switch isTaken {
        case true: ready.signal()
        case false:
            work(false)
            return nil
        default: work(false)
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

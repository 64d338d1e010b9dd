/// Lets others go first: whoever runs what takes long says how, since here nobody knows of threads (E-1).
public typealias Pause = @Sendable () -> Void

/// The same elements, with a pause before the first and now and then between the others.
public struct Pausing<Base: Sequence>: Sequence {
    /// Looking at so many rows takes some ten microseconds.
    private static var elementsBetween: Int { 256 }

    private let base: Base
    private let pause: Pause

    public init(_ base: Base, _ pause: @escaping Pause) {
        self.base = base
        self.pause = pause
    }

    public struct Iterator: IteratorProtocol {
        private var base: Base.Iterator
        private let pause: Pause
        /// Many short lists, one after the other, take long as well.
        private var left = 0

        fileprivate init(_ base: Base.Iterator, _ pause: @escaping Pause) {
            self.base = base
            self.pause = pause
        }

        public mutating func next() -> Base.Element? {
            if left == 0 {
                pause()
                left = Pausing.elementsBetween
            }
            left -= 1
            return base.next()
        }
    }

    public var underestimatedCount: Int { base.underestimatedCount }

    public func makeIterator() -> Iterator { Iterator(base.makeIterator(), pause) }
}

extension ReportBasis {
    /// For a loop over many rows.
    func pausing<Elements: Sequence>(_ elements: Elements) -> Pausing<Elements> {
        Pausing(elements, pause)
    }
}

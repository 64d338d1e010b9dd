/// A set of ids kept ascending. New ids are usually the largest, so inserting is an append.
public struct OrderedIDs<Kind: IdentifierKind>: RandomAccessCollection, Sendable {
    @usableFromInline var ids: ContiguousArray<Identifier<Kind>> = []

    @inlinable public init() {}

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { ids.count }
    @inlinable public subscript(position: Int) -> Identifier<Kind> { ids[position] }

    /// Whether the id is in the set; by bisection.
    @inlinable public func contains(_ id: Identifier<Kind>) -> Bool {
        let index = firstIndex(notBelow: id)
        return index < ids.count && ids[index] == id
    }

    mutating func insert(_ id: Identifier<Kind>) {
        if let last = ids.last, last < id {
            ids.append(id)
            return
        }
        let index = firstIndex(notBelow: id)
        guard index == ids.count || ids[index] != id else { return }
        ids.insert(id, at: index)
    }

    mutating func remove(_ id: Identifier<Kind>) {
        let index = firstIndex(notBelow: id)
        guard index < ids.count, ids[index] == id else { return }
        ids.remove(at: index)
    }

    @inlinable func firstIndex(notBelow id: Identifier<Kind>) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

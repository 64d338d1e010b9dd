import Testing

/// Who stands under whom among five people: a rooted tree, by the parent of each node.
struct RootedTree: Sendable, CustomTestStringConvertible {
    /// `parents[0]` is `nil`; every other parent comes before its child.
    let parents: [Int?]

    var testDescription: String { parents.map { $0.map(String.init) ?? "-" }.joined() }

    /// Node by node upwards, nearest first.
    func above(_ node: Int) -> [Int] {
        var found: [Int] = []
        var next = parents[node]
        while let node = next {
            found.append(node)
            next = parents[node]
        }
        return found
    }

    /// One of each shape.
    static let all: [RootedTree] = {
        var trees: [RootedTree] = []
        var shapes: Set<String> = []
        for second in 0..<1 {
            for third in 0..<2 {
                for fourth in 0..<3 {
                    for fifth in 0..<4 {
                        let tree = RootedTree(parents: [nil, second, third, fourth, fifth])
                        if shapes.insert(tree.shape(of: 0)).inserted { trees.append(tree) }
                    }
                }
            }
        }
        return trees
    }()

    /// The nodes, of those that can change places without anybody's standing changing only the first:
    /// in a star one leaf is like the other.
    var places: [Int] {
        var seen: Set<String> = []
        return parents.indices.filter { seen.insert(shape(of: 0, marking: $0)).inserted }
    }

    /// The same for trees that differ in names only.
    private func shape(of node: Int, marking marked: Int? = nil) -> String {
        let children = parents.indices.filter { parents[$0] == node }
            .map { shape(of: $0, marking: marked) }.sorted()
        return (node == marked ? "[" : "(") + children.joined() + ")"
    }
}

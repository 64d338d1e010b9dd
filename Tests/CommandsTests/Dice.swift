/// The same numbers for the same seed, everywhere.
struct Dice {
    var seed: UInt64

    mutating func roll(_ sides: Int) -> Int {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((seed >> 33) % UInt64(sides))
    }
}

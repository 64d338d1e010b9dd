// swift-tools-version: 6.3
import PackageDescription

/// Every module of ours is built in Swift 6 mode and without a single warning.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

let package = Package(
    name: "pipelined",
    products: [
        .executable(name: "pipelined", targets: ["pipelined"]),
        .executable(name: "pipeline-client", targets: ["pipeline-client"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCRC32C"),
        .systemLibrary(name: "CThread"),
        .target(name: "PipelineProtocol", swiftSettings: strict),
        .target(
            name: "PipelineDomain",
            dependencies: [.product(name: "HashTreeCollections", package: "swift-collections")],
            swiftSettings: strict),
        .target(
            name: "PipelineStore", dependencies: ["COpenSSL", "CZlib", "CCRC32C"],
            swiftSettings: strict),
        .target(
            name: "PipelineCommands", dependencies: ["PipelineProtocol", "PipelineDomain"],
            swiftSettings: strict),
        .target(
            name: "PipelineServer",
            dependencies: [
                "PipelineCommands", "PipelineStore", "COpenSSL", "CThread",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: strict),
        .executableTarget(
            name: "pipelined",
            dependencies: [
                "PipelineServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "pipeline-client", dependencies: ["PipelineProtocol", "COpenSSL"] + nio,
            swiftSettings: strict),
        // A company of any size to measure with; nothing of it is installed.
        .executableTarget(
            name: "company",
            dependencies: [
                "PipelineServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            path: "Benchmarks/company",
            swiftSettings: strict),
        .testTarget(
            name: "ProtocolTests", dependencies: ["PipelineProtocol"], swiftSettings: strict),
        .testTarget(name: "DomainTests", dependencies: ["PipelineDomain"], swiftSettings: strict),
        // The virtual disk, for the tests of the store and for those of the daemon.
        .target(
            name: "StoreTesting", dependencies: ["PipelineStore"], path: "Tests/StoreTesting",
            swiftSettings: strict),
        .testTarget(
            name: "StoreTests", dependencies: ["PipelineStore", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandsTests", dependencies: ["PipelineCommands"], swiftSettings: strict),
        .testTarget(
            name: "ServerTests", dependencies: ["PipelineServer", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "ClientTests", dependencies: ["pipeline-client"], swiftSettings: strict),
    ]
)

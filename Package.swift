// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// A Swift target of ours: every one has the same settings.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
  -> Target
{
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swift)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestKit"], exclude: exclude, swiftSettings: swift)
}

let package = Package(
  name: "kalepool",
  products: [
    .executable(name: "kalepool", targets: ["kalepool"]),
    .executable(name: "kalepool-agent", targets: ["kalepool-agent"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
  ],
  targets: [
    // C libraries, each confined to one importer.
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .target(name: "CPoolProtos", dependencies: ["CProtobufC"]),
    .target(name: "CKeccak"),
    .target(name: "CAffinity"),
    .target(name: "CProcess"),

    // Edges.
    module("Bytes"),
    module("Sodium", ["Bytes", "CSodium"]),
    module("Runtime", ["CProcess", log]),

    // No I/O.
    module("Keccak", ["Bytes", "CKeccak"]),
    module("KaleRules", ["Bytes", "Keccak"]),
    module("SplitRules"),
    module("JSON"),
    .target(
      name: "StellarXDR", dependencies: ["JSON", "Bytes", "Sodium"], exclude: ["Schema/generate"],
      swiftSettings: swift),
    module("SecureChannel", ["Bytes", "Sodium"]),
    module("FramedRPC", ["Bytes"]),
    module("Pool", ["Bytes", "KaleRules", "SplitRules"]),
    module("Simulation", ["Pool", "KaleRules", "SplitRules", "Bytes"]),

    // Adapters.
    module("Postgres", ["CPQ", "Bytes", "Runtime", log]),
    module("Store", ["Postgres", "Pool", "Bytes", "KaleRules", "Sodium", log]),
    module(
      "StellarClient",
      ["StellarXDR", "KaleRules", "JSON", "CCurl", "Bytes", "Sodium", "Runtime", log]),
    module("Custody", ["Sodium", "StellarXDR", "Bytes"]),
    module("PoolProtocol", ["CPoolProtos", "CProtobufC", "FramedRPC", "Bytes"]),
    module("RPCTransport", ["FramedRPC", "SecureChannel", "Sodium", "Bytes", nio, nioPosix, log]),
    module(
      "RPCBench",
      [
        "RPCTransport", "PoolProtocol", "FramedRPC", "SecureChannel", "Sodium", "Bytes", "Runtime",
        log,
      ]),
    module("StoreBench", ["Store", "Postgres", "Pool", "KaleRules", "Bytes", log]),
    module("HashEngine", ["CKeccak", "CAffinity", "Bytes", "Runtime"]),

    // Roles.
    module(
      "Devnet",
      [
        "KaleRules", "SplitRules", "StellarXDR", "Sodium", "Bytes", hummingbird, nio, lifecycle,
        log,
      ]),
    module(
      "Strategy",
      [
        "Devnet", "Pool", "HashEngine", "StellarClient", "StellarXDR", "KaleRules", "Sodium",
        "Bytes",
      ]),
    module(
      "Bridge", ["JSON", "Sodium", "Bytes", hummingbird, nio, lifecycle, log],
      resources: [.embedInCode("Web")]),
    module(
      "Coordinator",
      [
        "Pool", "Store", "Postgres", "StellarClient", "StellarXDR", "Custody", "PoolProtocol",
        "FramedRPC", "RPCTransport", "SecureChannel", "Bridge", "KaleRules", "SplitRules", "Sodium",
        "Bytes", "Keccak", "Runtime", lifecycle, signals, log,
      ]),
    module(
      "Agent",
      [
        "HashEngine", "PoolProtocol", "FramedRPC", "RPCTransport", "SecureChannel", "Sodium",
        "Bytes", "Keccak", "Runtime", log,
      ]),

    // Executables.
    .executableTarget(
      name: "kalepool",
      dependencies: [
        "Coordinator", "Devnet", "Bridge", "Store", "Postgres", "StellarClient", "StellarXDR",
        "SecureChannel", "RPCTransport", "RPCBench", "StoreBench", "Custody", "Pool", "Simulation",
        "Strategy", "PoolProtocol", "JSON", "KaleRules", "Keccak", "Sodium", "Bytes", "Runtime",
        arguments, lifecycle, signals, log,
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "kalepool-agent",
      dependencies: [
        "Agent", "HashEngine", "SecureChannel", "Sodium", "Bytes", "Runtime", arguments, log,
      ],
      swiftSettings: swift),

    // Tests.
    .target(
      name: "TestKit", dependencies: ["Bytes"], path: "Tests/TestKit", swiftSettings: swift),
    .target(name: "CTestProtos", dependencies: ["CProtobufC"], path: "Tests/CTestProtos"),
    tests("BytesTests", ["Bytes"]),
    tests("SodiumTests", ["Sodium", "Bytes"]),
    tests("RuntimeTests", ["Runtime"]),
    tests("KeccakTests", ["Keccak", "CKeccak", "Bytes"]),
    tests("KaleRulesTests", ["KaleRules", "Keccak", "Bytes"]),
    tests("SplitRulesTests", ["SplitRules", "Bytes"]),
    tests("JSONTests", ["JSON"]),
    tests("StellarXDRTests", ["StellarXDR", "JSON", "Sodium", "Bytes"], exclude: ["Samples"]),
    tests("SecureChannelTests", ["SecureChannel", "Sodium", "Bytes"]),
    tests("FramedRPCTests", ["FramedRPC", "Bytes"]),
    tests(
      "PoolProtocolTests",
      ["PoolProtocol", "FramedRPC", "CPoolProtos", "CTestProtos", "CProtobufC", "Bytes"]),
    tests(
      "RPCTransportTests",
      [
        "RPCTransport", "RPCBench", "PoolProtocol", "FramedRPC", "SecureChannel", "Sodium", "Bytes",
        log, nio, nioPosix, .product(name: "NIOEmbedded", package: "swift-nio"),
      ]),
    tests(
      "AgentTests",
      [
        "Agent", "HashEngine", "PoolProtocol", "FramedRPC", "RPCTransport", "SecureChannel",
        "Keccak", "Bytes", log,
      ]),
    tests("SimulationTests", ["Simulation", "Pool", "KaleRules", "Bytes"]),
    tests("StrategyTests", ["Strategy"]),
    tests("PoolTests", ["Pool", "KaleRules", "SplitRules", "Bytes"]),
    tests("PostgresTests", ["Postgres", "Bytes"]),
    tests(
      "StoreTests",
      ["Store", "StoreBench", "Postgres", "Pool", "KaleRules", "Sodium", "Bytes", log]),
    tests("CustodyTests", ["Custody", "StellarXDR", "Sodium", "Bytes"]),
    tests("HashEngineTests", ["HashEngine", "Keccak", "Bytes"]),
    tests(
      "DevnetTests", ["Devnet", "StellarXDR", "KaleRules", "SplitRules", "Sodium", "Bytes", log]),
    tests(
      "StellarClientTests",
      ["StellarClient", "Devnet", "StellarXDR", "KaleRules", "JSON", "Sodium", "Bytes", log]),
    tests("BridgeTests", ["Bridge", "Sodium", "Bytes", log]),
    tests(
      "CoordinatorTests",
      [
        "Coordinator", "Bridge", "Devnet", "Store", "Postgres", "Custody", "StellarClient",
        "StellarXDR", "SecureChannel", "FramedRPC", "RPCTransport", "PoolProtocol", "Pool",
        "KaleRules", "SplitRules", "JSON", "Sodium", "Bytes", log,
      ]),
    tests(
      "EndToEndTests",
      [
        "Custody", "SecureChannel", "StellarClient", "StellarXDR", "Postgres", "Sodium", "Bytes",
        "Runtime", log,
      ]),
  ]
)

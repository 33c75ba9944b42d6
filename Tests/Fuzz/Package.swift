// swift-tools-version: 6.2
// The fuzzers: a package of its own, because every module is compiled with coverage. `./run` builds
// it; nothing else does. The modules are the product's, by the links beside this file.
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Product/\(name)", swiftSettings: swift)
}

func library(_ name: String, _ pkgConfig: String) -> Target {
  .systemLibrary(name: name, path: "Product/\(name)", pkgConfig: pkgConfig)
}

let package = Package(
  name: "fuzz",
  dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
  targets: [
    library("CSodium", "libsodium"),
    library("CCurl", "libcurl"),
    library("CProtobufC", "libprotobuf-c"),
    .target(name: "CPoolProtos", dependencies: ["CProtobufC"], path: "Product/CPoolProtos"),
    .target(name: "CTestProtos", dependencies: ["CProtobufC"], path: "CTestProtos"),
    .target(name: "CKeccak", path: "Product/CKeccak"),
    module("Bytes"),
    module("Sodium", ["Bytes", "CSodium"]),
    .target(name: "CProcess", path: "Product/CProcess"),
    module("Runtime", ["CProcess", log]),
    module("Keccak", ["Bytes", "CKeccak"]),
    module("KaleRules", ["Bytes", "Keccak"]),
    module("SecureChannel", ["Bytes", "Sodium"]),
    module("FramedRPC", ["Bytes"]),
    module("PoolProtocol", ["CPoolProtos", "CProtobufC", "FramedRPC", "Bytes"]),
    module("JSON"),
    .target(
      name: "StellarXDR", dependencies: ["JSON", "Bytes", "Sodium"], path: "Product/StellarXDR",
      exclude: ["Schema/generate"], swiftSettings: swift),
    module(
      "StellarClient",
      ["StellarXDR", "KaleRules", "JSON", "CCurl", "Bytes", "Sodium", "Runtime", log]),
    // Of servers the readers of requests alone: no HTTP, no ledger.
    .target(
      name: "DevnetRequests", dependencies: ["Bytes", "StellarXDR"], path: "Product/Devnet/RPC",
      sources: [
        "JSON.swift", "RPCFailure.swift", "RPCParameters.swift", "XDRFormat.swift", "Cursor.swift",
        "EventQuery.swift",
      ], swiftSettings: swift),
    .target(
      name: "BridgeRequests", dependencies: ["JSON"], path: "Product/Bridge",
      sources: [
        "HTTP/RequestFields.swift", "BridgeError.swift", "BridgeError+Code.swift", "Limits.swift",
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Bytes", "Sodium", "SecureChannel", "FramedRPC", "PoolProtocol", "CTestProtos",
        "CProtobufC", "JSON", "StellarXDR", "StellarClient", "DevnetRequests", "BridgeRequests",
      ],
      path: "Targets", swiftSettings: swift),
  ]
)

// swift-tools-version: 6.2
// The simulation alone, so that a changed copy builds in seconds. Sources are links or copies of
// the project's own; see ../run.
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}

let package = Package(
  name: "kalepool",
  targets: [
    .target(name: "CKeccak"),
    module("Bytes"),
    module("Keccak", ["Bytes", "CKeccak"]),
    module("KaleRules", ["Bytes", "Keccak"]),
    module("SplitRules"),
    module("Pool", ["Bytes", "KaleRules", "SplitRules"]),
    module("Simulation", ["Pool", "KaleRules", "SplitRules", "Bytes"]),
    .executableTarget(name: "simulate", dependencies: ["Simulation"], swiftSettings: swift),
  ])

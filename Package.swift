// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors, and every unsafe expression is marked, in every target of ours.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The classes of the server and its engine are each confined to one queue. That no access to a property overlaps another
/// is checked while a debug build runs, as all tests do; in a release build the checks would cost a tenth of a debit.
/// Copies of optionals and large structs are made in place, and not through the runtime's description of their type, which
/// took some eighty instructions even for an array that is `nil`.
/// Nothing that the library WalletClient is made of may have such a flag: packages that use it couldn't be built.
let engine: [SwiftSetting] =
  strict + [
    .unsafeFlags(
      ["-enforce-exclusivity=unchecked", "-Xfrontend", "-disable-type-layout"], .when(configuration: .release))
  ]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "walletd",
  products: [
    .library(name: "WalletClient", targets: ["WalletClient"]),
    .executable(name: "walletd", targets: ["walletd"]),
    .executable(name: "walletctl", targets: ["walletctl"]),
    .executable(name: "walletbench", targets: ["walletbench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CTOML"),
    .target(name: "CTLS", dependencies: ["COpenSSL"]),
    .target(name: "CWalletProto", dependencies: ["CProtobufC"]),

    // A target may depend only on targets above it.
    .target(name: "WalletCore", swiftSettings: strict),
    .target(
      name: "WalletWire", dependencies: ["WalletCore", "CWalletProto", "CProtobufC", "CDeflate"], swiftSettings: strict),
    .target(name: "WalletTLS", dependencies: ["CTLS"], swiftSettings: strict),
    .target(name: "WalletSystem", dependencies: ["WalletTLS", "CLinux"], swiftSettings: engine),
    .target(
      name: "WalletStore", dependencies: ["WalletCore", "WalletSystem", "CSQLite", "COpenSSL", "CLinux"],
      swiftSettings: engine),
    .target(name: "WalletServer", dependencies: ["WalletCore", "WalletWire", "WalletSystem"], swiftSettings: engine),
    .target(
      name: "WalletAdmin",
      dependencies: [
        "WalletServer", "WalletCore", "WalletWire", "WalletSystem", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "WalletClient", dependencies: ["WalletCore", "WalletWire", "WalletTLS", "CWalletProto", "CProtobufC"],
      swiftSettings: strict),
    .target(
      name: "WalletBenchKit",
      dependencies: [
        "WalletCore", "WalletWire", "WalletSystem", "WalletTLS", "CLinux",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: strict),

    .target(name: "WalletConfiguration", dependencies: ["CTOML"], swiftSettings: strict),

    .executableTarget(
      name: "walletd",
      dependencies: [
        "WalletAdmin", "WalletServer", "WalletStore", "WalletSystem", "WalletTLS", "WalletWire", "WalletCore",
        "WalletConfiguration", "CLinux", argumentParser, .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "walletctl",
      dependencies: ["WalletClient", "WalletWire", "WalletCore", "WalletTLS", "COpenSSL", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "walletbench", dependencies: ["WalletBenchKit", "WalletSystem", "WalletTLS", argumentParser],
      swiftSettings: strict),

    .testTarget(
      name: "WalletBenchTests",
      dependencies: ["WalletBenchKit", "WalletWire", "WalletSystem", "WalletCore", "TestSupport"],
      swiftSettings: strict),

    .testTarget(name: "WalletCoreTests", dependencies: ["WalletCore", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "WalletWireTests",
      dependencies: ["WalletWire", "WalletCore", "CWalletProto", "CProtobufC", "TestSupport", "FaultSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "WalletStoreTests",
      dependencies: [
        "WalletStore", "WalletCore", "WalletSystem", "CSQLite", "HistoryChecker", "TestSupport", "FaultSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "WalletServerTests",
      dependencies: [
        "WalletServer", "WalletWire", "WalletCore", "WalletSystem", "ServerSimulation", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "WalletdTests", dependencies: ["walletd", "WalletServer", "WalletCore", "WalletWire"], swiftSettings: strict
    ),
    .testTarget(
      name: "WalletAdminTests",
      dependencies: ["WalletAdmin", "WalletServer", "WalletCore", "WalletWire", "WalletSystem"], swiftSettings: strict),
    .testTarget(
      name: "WalletTLSTests",
      dependencies: ["WalletTLS", "WalletSystem", "WalletServer", "ServerSimulation", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "WalletConfigurationTests",
      dependencies: ["WalletConfiguration", "WalletServer", "WalletStore", "WalletCore", "walletd"],
      swiftSettings: strict),
    .testTarget(
      name: "WalletSystemTests", dependencies: ["WalletSystem", "CLinux", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "WalletClientTests", dependencies: ["WalletClient", "WalletWire"], swiftSettings: strict),
    .testTarget(
      name: "WalletCtlTests", dependencies: ["walletctl", "WalletClient", "WalletWire"], swiftSettings: strict),
    .target(name: "HistoryChecker", path: "Tests/HistoryChecker", swiftSettings: strict),
    .testTarget(
      name: "HistoryCheckerTests", dependencies: ["HistoryChecker", "TestSupport"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["HistoryChecker", "WalletWire", "WalletTLS", "CSQLite", "CLinux"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .target(name: "CFaultDisk", dependencies: ["CSQLite"], path: "Tests/CFaultDisk"),
    .target(name: "CFaultMemory", dependencies: ["CSQLite", "CProtobufC"], path: "Tests/CFaultMemory"),
    .target(
      name: "FaultSupport", dependencies: ["WalletSystem", "CFaultDisk", "CFaultMemory"], path: "Tests/FaultSupport",
      swiftSettings: strict),
    .target(
      name: "ServerSimulation", dependencies: ["WalletServer", "WalletSystem"], path: "Tests/ServerSimulation",
      swiftSettings: strict),
    .target(name: "CMemoryDisk", dependencies: ["CSQLite"], path: "Tests/CMemoryDisk"),
    .target(
      name: "Simulation",
      dependencies: [
        "HistoryChecker", "ServerSimulation", "WalletServer", "WalletStore", "WalletWire", "WalletCore", "WalletSystem",
        "TestSupport", "COpenSSL", "CMemoryDisk",
      ],
      path: "Tests/Simulation", swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["Simulation", "HistoryChecker", argumentParser], path: "Tests/Simulate",
      swiftSettings: strict),
    .executableTarget(
      name: "check-history", dependencies: ["HistoryChecker", "TestSupport", argumentParser],
      path: "Tests/CheckHistory",
      swiftSettings: strict),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "ServerSimulation", "WalletAdmin", "WalletConfiguration", "WalletServer", "WalletStore", "WalletWire",
        "WalletCore", "WalletSystem", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      path: "Tests/FuzzTargets", swiftSettings: strict),
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzTargets", "CLibFuzzer"], path: "Tests/Fuzz/Program", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "HistoryChecker", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ModelTests",
      dependencies: [
        "Simulation", "ServerSimulation", "WalletServer", "WalletStore", "WalletWire", "WalletCore", "WalletSystem",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FaultTests", dependencies: ["HistoryChecker", "TestSupport", "WalletClient", "WalletWire"],
      exclude: ["Recorder"], swiftSettings: strict),
    .testTarget(
      name: "AttackTests", dependencies: ["TestSupport", "WalletWire", "WalletSystem"], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests", dependencies: ["TestSupport", "WalletClient", "WalletWire", "WalletTLS"],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)

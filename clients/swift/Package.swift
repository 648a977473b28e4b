// swift-tools-version: 6.2
import PackageDescription

let client: Target.Dependency = .product(name: "WalletClient", package: "walletd")

/// A sample is one file.
func sample(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: [client], path: "samples", sources: ["\(name).swift"])
}

let package = Package(
  name: "walletd-swift-samples",
  // The package of the repository, by the name that users have for it.
  dependencies: [.package(name: "walletd", path: "../..")],
  targets: [
    sample("basic"), sample("retry"), sample("esim_order"), sample("batch"), sample("secure"), sample("watch"),
    .executableTarget(name: "load", dependencies: [client], path: "tools/load"),
  ]
)

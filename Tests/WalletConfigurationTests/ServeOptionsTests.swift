import ArgumentParser
import Testing
import WalletConfiguration
import WalletCore
import WalletServer
import WalletStore

@testable import walletd

/// What holds of every option of `serve`, whoever adds one.
@Suite struct ServeOptionsTests {
  private static let table = try? OptionTable(help: Serve._dumpHelp())

  private func configuration(_ file: String, environment: [String: String] = [:]) throws -> Configuration {
    Configuration(
      table: try #require(Self.table), arguments: ["--config", "f"], environment: environment
    ) { (_) throws(ConfigurationProblem) in file }
  }

  @Test func theParsersDescriptionHasTheOptions() throws {
    let table = try #require(Self.table)
    #expect(table["listen"]?.kind == .value)
    #expect(table["insecure"]?.kind == .flag(negation: nil))
    #expect(table["max-connections"]?.defaultValue == "10000")
    #expect(table["generation-rows"]?.isHidden == true)
    #expect(table["help"] == nil)
  }

  @Test func everyOptionWithADefaultMayBeSaidInAFileAndInTheEnvironment() throws {
    for option in try #require(Self.table).options where !option.isHidden {
      guard let value = option.defaultValue else { continue }
      let isNumber = Int64(value) != nil
      let inFile = try configuration("\(option.name) = \(isNumber ? value : "'\(value)'")")
      let inEnvironment = try configuration("", environment: [option.environmentName: value])
      for configuration in [inFile, inEnvironment] {
        #expect(configuration.problems.isEmpty)
        #expect(configuration.arguments.contains("--\(option.name)=\(value)"))
        _ = try Serve.parse(configuration.arguments)
      }
    }
  }

  @Test func everySwitchMayBeSaidInAFile() throws {
    for option in try #require(Self.table).options where !option.isHidden {
      guard case .flag = option.kind else { continue }
      let configuration = try configuration("\(option.name) = true")
      #expect(configuration.problems.isEmpty)
      #expect(configuration.arguments.contains("--\(option.name)"))
    }
  }

  /// Options whose values are numbers.
  private static let numbers =
    (table?.options.filter { $0.defaultValue.map { Int64($0) != nil } ?? false }.map(\.name) ?? [])
    + ["principal-share", "rate-burst", "generation-rows"]

  @Test func everyNumberHasBounds() throws {
    #expect(Self.numbers.count > 30)
    for name in Self.numbers {
      for value in [-1, Int64.max] {
        #expect { try Serve.parse(["--\(name)=\(value)"]) } throws: {
          Serve.message(for: $0).contains("--\(name) must be")
        }
      }
    }
  }

  /// The range of one option may rest on others, which may be anything.
  @Test func whateverNumbersAreAcceptedMakeLimitsThatAgree() throws {
    let values: [Int64] = [0, 1, 65_537, 4 << 20, 20_000_000, 64 << 20, 1 << 30, 1 << 40]
    let alone = Self.numbers.flatMap { name in [0, 20_000_000, 1 << 30].map { ["--\(name)=\($0)"] } }
    var numbers = Numbers()
    let together = (0..<50).map { _ in
      Self.numbers.shuffled(using: &numbers).prefix(4).map { "--\($0)=\(values.randomElement(using: &numbers) ?? 0)" }
    }
    var acceptedCount = 0
    for arguments in alone + together {
      guard let serve = try? Serve.parse(arguments) else { continue }
      acceptedCount += 1
      for isLocal in [false, true] {
        let limits = serve.serverLimits(isLocal: isLocal)
        // Traps when they don't.
        limits.validate()
        let budget = MemoryBudget(limits.memory + serve.storeSettings.memory(gatherMax: limits.gatherMax))
        #expect(budget.bytes > 0, "\(arguments)")
      }
    }
    #expect(acceptedCount > 10)
  }

  /// The same in every run.
  private struct Numbers: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test func noSecretIsTakenByArgument() throws {
    for option in try #require(Self.table).options {
      let isSecret = ["key", "token", "secret", "password"].contains { option.name.hasSuffix($0) }
      #expect(!isSecret || option.valueName == "file", "--\(option.name) must take a file")
    }
  }
}

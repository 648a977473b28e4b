import ArgumentParser
import Testing
import WalletConfiguration

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

  @Test func noSecretIsTakenByArgument() throws {
    for option in try #require(Self.table).options {
      let isSecret = ["key", "token", "secret", "password"].contains { option.name.hasSuffix($0) }
      #expect(!isSecret || option.valueName == "file", "--\(option.name) must take a file")
    }
  }
}

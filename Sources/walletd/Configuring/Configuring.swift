import ArgumentParser
import FoundationEssentials
import Glibc
import Synchronization
import WalletConfiguration
import WalletSystem

/// `serve` takes what its command line leaves open from the environment and from a file.
enum Configuring {
  /// What this process runs with, once it is known: complaints name the place where a setting was said.
  private static let current = Mutex<Configuration?>(nil)

  static func configuration(_ arguments: [String]) -> Configuration {
    do {
      return Configuration(
        table: try OptionTable(help: Serve._dumpHelp()), arguments: arguments,
        environment: ProcessInfo.processInfo.environment, readFile: readFile)
    } catch {
      preconditionFailure("the argument parser describes its options in a way that isn't known: \(error)")
    }
  }

  private static func readFile(_ path: String) throws(ConfigurationProblem) -> String {
    let found: [UInt8]?
    do throws(SystemError) {
      found = try SystemFiles().contents(of: path, countMax: ConfigurationFile.bytesMax)
    } catch {
      let rule = error.number == ENOENT ? "there is no such file" : "it can't be read: \(error)"
      throw ConfigurationProblem(place: path, message: "\(rule) (--config)")
    }
    guard let bytes = found else { throw ConfigurationFile.tooLong(path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationProblem(place: path, message: "it isn't UTF-8 text (--config)")
    }
    return text
  }

  /// Parses and runs `serve`, or says everything that is wrong with its settings.
  static func serve(_ arguments: [String]) {
    let configuration = configuration(arguments)
    current.withLock { $0 = configuration }
    guard configuration.problems.isEmpty else { end(configuration.problems) }
    do {
      var command = try Walletd.parseAsRoot([Serve._commandName] + configuration.arguments)
      try command.run()
    } catch {
      if let problem = configuration.attribute(Serve.message(for: error)) { end([problem]) }
      Walletd.exit(withError: error)
    }
  }

  /// The place of a setting that a message names by its option, when it wasn't the command line.
  static func attribute(_ message: String) -> ConfigurationProblem? {
    current.withLock { $0?.attribute(message) }
  }

  private static func end(_ problems: [ConfigurationProblem]) -> Never {
    for problem in problems { Console.say("\(problem)") }
    Console.end(.configuration, problems.count == 1 ? "1 setting is wrong" : "\(problems.count) settings are wrong")
  }

  // MARK: check-config

  /// Prints every setting with its origin, and all that is wrong.
  static func check(_ arguments: [String]) -> Never {
    var configuration = configuration(arguments)
    let all = configuration
    current.withLock { $0 = all }
    var problems = configuration.problems
    // The parser stops at the first error: what it complains of is taken out until it is content.
    while let message = complaint(configuration) {
      guard let problem = configuration.attribute(message) else {
        print(table(all))
        for problem in problems { Console.say("\(problem)") }
        Console.end(.usage, message)
      }
      problems.append(problem)
      guard configuration.discard(message) else { break }
    }
    print(table(all))
    guard problems.isEmpty else { end(problems) }
    Console.end(.done, "the configuration is sound")
  }

  /// What the parser, or `serve` itself, has against the settings.
  private static func complaint(_ configuration: Configuration) -> String? {
    do {
      let command = try Walletd.parseAsRoot([Serve._commandName] + configuration.arguments)
      guard let serve = command as? Serve else { return nil }
      try serve.check()
      return nil
    } catch {
      return Serve.message(for: error)
    }
  }

  private static func table(_ configuration: Configuration) -> String {
    let rows = configuration.settings.map { setting in
      (
        name: setting.option.name,
        value: setting.values.isEmpty ? "(none)" : setting.values.joined(separator: ", ").printable,
        place: origin(setting).printable
      )
    }
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let valueWidth = rows.map(\.value.count).filter { $0 <= 40 }.max() ?? 0
    return rows.map { row in
      "\(padded(row.name, nameWidth))  \(padded(row.value, valueWidth))  \(row.place)"
    }.joined(separator: "\n")
  }

  private static func origin(_ setting: Configuration.Setting) -> String {
    switch setting.origin {
    case .commandLine: "command line"
    case .environment(let variable): "environment, \(variable)"
    case .file(let place): place
    case .fallback: "default"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

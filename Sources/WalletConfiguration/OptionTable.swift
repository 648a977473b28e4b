internal import FoundationEssentials

/// One option of a command: what may be said by flag, in the environment and in a file.
package struct OptionDescription: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// A switch, with the name that turns it off where it has one.
    case flag(negation: String?)
    case value
  }

  /// The long name, which is the key in a file.
  package var name: String
  package var kind: Kind
  package var isRepeating = false
  /// What the command line's help calls the value.
  package var valueName: String?
  package var defaultValue: String?
  /// Left out of help: for tests.
  package var isHidden = false

  package var environmentName: String {
    OptionTable.environmentPrefix + String(name.map { $0 == "-" ? "_" : $0 }).uppercased()
  }

  /// Whether the default says that values are numbers; `nil` where there is no default to tell.
  var isNumber: Bool? { defaultValue.map { Double($0) != nil } }

  var isFlag: Bool { kind != .value }
}

/// The options of a command, as its argument parser describes them: there is no second list to keep in step.
package struct OptionTable: Sendable {
  package static let environmentPrefix = "WALLETD_"
  /// The option that names the file; it can't be set in the file.
  package static let fileOption = "config"
  private static let withoutMeaning: Set = ["help", "help-hidden", "version"]

  /// In the order of the help.
  package let options: [OptionDescription]
  private let places: [String: Int]
  private let shortNames: [String: String]

  /// - Parameter help: What ArgumentParser dumps of a command's help, JSON.
  package init(help: String) throws {
    let arguments = try JSONDecoder().decode(Dump.self, from: Data(help.utf8)).command.arguments ?? []
    let longNames = Set(arguments.compactMap(\.longName))
    var options: [OptionDescription] = []
    var shortNames: [String: String] = [:]
    for argument in arguments {
      guard let name = argument.longName, argument.kind != "positional", !Self.withoutMeaning.contains(name) else {
        continue
      }
      if argument.kind == "flag", name.hasPrefix("no-"), longNames.contains(String(name.dropFirst(3))) { continue }
      for short in argument.names ?? [] where short.kind == "short" { shortNames[short.name] = name }
      options.append(
        OptionDescription(
          name: name,
          kind: argument.kind == "flag"
            ? .flag(negation: longNames.contains("no-\(name)") ? "no-\(name)" : nil) : .value,
          isRepeating: argument.isRepeating, valueName: argument.valueName, defaultValue: argument.defaultValue,
          isHidden: !argument.shouldDisplay))
    }
    self.init(options, shortNames: shortNames)
  }

  init(_ options: [OptionDescription], shortNames: [String: String] = [:]) {
    self.options = options
    self.shortNames = shortNames
    places = Dictionary(uniqueKeysWithValues: options.enumerated().map { ($1.name, $0) })
  }

  package subscript(_ name: String) -> OptionDescription? { places[name].map { options[$0] } }

  /// The option that a token of the command line names, and what the token says of a flag.
  func option(named token: Substring) -> (option: OptionDescription, isOn: Bool)? {
    if token.hasPrefix("--") {
      let name = String(token.dropFirst(2))
      if let option = self[name] { return (option, true) }
      if name.hasPrefix("no-"), let option = self[String(name.dropFirst(3))] { return (option, false) }
      return nil
    }
    guard token.hasPrefix("-"), let name = shortNames[String(token.dropFirst())] else { return nil }
    return self[name].map { ($0, true) }
  }

  /// The keys that a file may have.
  var keys: [String] { options.lazy.filter { !$0.isHidden && $0.name != Self.fileOption }.map(\.name) }
}

/// The part of ArgumentParser's dump that is needed here.
private struct Dump: Decodable {
  struct Command: Decodable {
    var arguments: [Argument]?
  }

  struct Argument: Decodable {
    var kind: String
    var shouldDisplay: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?

    var longName: String? { names?.first { $0.kind == "long" }?.name }
  }

  struct Name: Decodable {
    var kind: String
    var name: String
  }

  var command: Command
}

/// What a command runs with: flags first, then the environment, then a file, then defaults.
package struct Configuration: Sendable {
  package struct Setting: Equatable, Sendable {
    package enum Origin: Equatable, Sendable {
      case commandLine
      case environment(String)
      /// A file, with the line where it is known.
      case file(String)
      case fallback
    }

    package var option: OptionDescription
    /// Of a flag "true" or "false".
    package var values: [String]
    package var origin: Origin
  }

  package static let problemsMax = 100

  /// One for each option that is shown in help, in its order.
  package private(set) var settings: [Setting]
  package let problems: [ConfigurationProblem]
  private let given: [String]

  /// - Parameters:
  ///   - arguments: The command line after the command's name.
  ///   - readFile: Gives the text of the file that is named, or says why it can't be read.
  package init(
    table: OptionTable, arguments: [String], environment: [String: String],
    readFile: (String) throws(ConfigurationProblem) -> String
  ) {
    let credentials = Credentials(environment: environment)
    let commandLine = CommandLineOptions(arguments, table: table, credentials: credentials)
    given = commandLine.arguments
    var problems = commandLine.problems
    var found: [String: Setting] = [:]

    let path = commandLine.values[OptionTable.fileOption]?.last ?? Self.filePath(table, environment)
    if let path {
      do throws(ConfigurationProblem) {
        let file = try ConfigurationFile(path: path, text: try readFile(path))
        Self.take(file, table, into: &found, &problems)
      } catch {
        problems.append(error)
      }
    }
    Self.take(environment, table, into: &found, &problems)
    for (name, setting) in found.sorted(by: { $0.key < $1.key }) {
      for (index, value) in setting.values.enumerated() {
        do throws(Credentials.Failure) {
          found[name]?.values[index] = try credentials.resolve(value)
        } catch {
          problems.append(ConfigurationProblem(place: setting.place, message: "\(name): \(error.message)"))
        }
      }
    }
    settings = table.options.compactMap { option in
      if let values = commandLine.values[option.name] {
        return Setting(option: option, values: values, origin: .commandLine)
      }
      if let setting = found[option.name] { return setting }
      if option.isHidden { return nil }
      let values = option.isFlag ? ["false"] : option.defaultValue.map { [$0] } ?? []
      return Setting(option: option, values: values, origin: .fallback)
    }
    self.problems = problems.map(\.printable)
  }

  private static func filePath(_ table: OptionTable, _ environment: [String: String]) -> String? {
    table[OptionTable.fileOption].flatMap { environment[$0.environmentName] }.flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: For the argument parser

  /// The command line that says all of it.
  package var arguments: [String] {
    var arguments: [String] = []
    for setting in settings where setting.origin != .commandLine && setting.origin != .fallback {
      let name = setting.option.name
      switch setting.option.kind {
      case .value:
        for value in setting.values {
          // A mark that combines with what is before it would hide the "=" from the parser.
          arguments += "=\(value)".first == "=" ? ["--\(name)=\(value)"] : ["--\(name)", value]
        }
      case .flag(let negation):
        if setting.values == ["true"] {
          arguments.append("--\(name)")
        } else if let negation {
          arguments.append("--\(negation)")
        }
      }
    }
    return arguments + given
  }

  /// What the parser or the command itself complains of, told where it was said; `nil` when the command line is to blame.
  package func attribute(_ message: String) -> ConfigurationProblem? {
    culprit(message).map { setting in
      let name = setting.option.name
      var text = message
      if let valueName = setting.option.valueName {
        text = text.replacing("--\(name) <\(valueName)>", with: name)
      }
      text = text.replacing("--\(name)", with: name)
      return ConfigurationProblem(place: setting.place, message: text)
    }
  }

  /// Takes back what a message complains of, so that what else is wrong can be found; false when nothing was to blame.
  package mutating func discard(_ message: String) -> Bool {
    guard let setting = culprit(message) else { return false }
    settings.removeAll { $0.option.name == setting.option.name }
    return true
  }

  /// The setting that a message names first.
  private func culprit(_ message: String) -> Setting? {
    let mentioned = settings.compactMap { setting in
      Self.place(of: "--\(setting.option.name)", in: message).map { (place: $0, setting: setting) }
    }
    guard let first = mentioned.min(by: { $0.place < $1.place }) else { return nil }
    switch first.setting.origin {
    case .environment, .file: return first.setting
    case .commandLine, .fallback: return nil
    }
  }

  /// Where a message has an option that isn't the beginning of a longer one.
  private static func place(of option: String, in message: String) -> String.Index? {
    message.ranges(of: option).first { range in
      guard range.upperBound < message.endIndex else { return true }
      let next = message[range.upperBound]
      return !next.isLetter && !next.isNumber && next != "-"
    }?.lowerBound
  }
}

extension Configuration.Setting {
  package var place: String {
    switch origin {
    case .commandLine: "--\(option.name)"
    case .environment(let variable): variable
    case .file(let place): place
    case .fallback: "default"
    }
  }
}

extension Configuration {
  private static func take(
    _ file: ConfigurationFile, _ table: OptionTable, into found: inout [String: Setting],
    _ problems: inout [ConfigurationProblem]
  ) {
    for entry in file.entries {
      let place = file.place(entry)
      // Nobody reads more of them, and each takes its time.
      guard problems.count < problemsMax else {
        problems.append(ConfigurationProblem(place: place, message: "more than \(problemsMax) settings are wrong"))
        return
      }
      guard let option = table[entry.key], !option.isHidden, option.name != OptionTable.fileOption else {
        problems.append(ConfigurationProblem(place: place, message: unknown(entry, table)))
        continue
      }
      do throws(ConfigurationFile.Value.Rule) {
        let values = try entry.value.arguments(for: option)
        found[option.name] = Setting(option: option, values: values, origin: .file(place))
      } catch {
        problems.append(ConfigurationProblem(place: place, message: "\(option.name) \(error.text)"))
      }
    }
  }

  private static func unknown(_ entry: ConfigurationFile.Entry, _ table: OptionTable) -> String {
    if entry.key == OptionTable.fileOption { return "\(entry.key): a file can't name another" }
    if entry.value == .table {
      return "[\(entry.key)]: there are no sections; every setting stands at the top, such as max-connections = 1024"
    }
    let advice = Suggestion.nearest(to: entry.key, in: table.keys).map { "; did you mean \($0)?" } ?? ""
    return "\(entry.key): there is no such setting\(advice)"
  }

  private static func take(
    _ environment: [String: String], _ table: OptionTable, into found: inout [String: Setting],
    _ problems: inout [ConfigurationProblem]
  ) {
    let names = table.options.filter { !$0.isHidden }.map(\.environmentName)
    for option in table.options where !option.isHidden && option.name != OptionTable.fileOption {
      let variable = option.environmentName
      guard let text = environment[variable], !text.isEmpty else { continue }
      switch option.kind {
      case .value:
        let values = option.isRepeating ? text.split(separator: ",").map(String.init) : [text]
        found[option.name] = Setting(option: option, values: values, origin: .environment(variable))
      case .flag:
        guard let isOn = ["true": true, "1": true, "false": false, "0": false][text] else {
          problems.append(ConfigurationProblem(place: variable, message: "must be true or false, not \"\(text)\""))
          continue
        }
        found[option.name] = Setting(option: option, values: [String(isOn)], origin: .environment(variable))
      }
    }
    // Other programs have variables with this prefix too; only what looks like a slip is refused.
    for variable in environment.keys.sorted()
    where variable.hasPrefix(OptionTable.environmentPrefix) && !names.contains(variable) {
      if let near = Suggestion.nearest(to: variable, in: names),
        Suggestion.distance(Array(variable.utf8), Array(near.utf8)) <= 2
      {
        problems.append(
          ConfigurationProblem(place: variable, message: "there is no such setting; did you mean \(near)?"))
      }
    }
  }
}

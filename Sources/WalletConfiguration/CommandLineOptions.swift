/// What a command line itself says, read only as far as to know which options it sets: the argument parser judges it.
struct CommandLineOptions: Sendable {
  /// Values by option; of a flag "true" or "false".
  private(set) var values: [String: [String]] = [:]
  /// The same tokens, with credentials replaced by their files.
  private(set) var arguments: [String] = []
  private(set) var problems: [ConfigurationProblem] = []

  init(_ tokens: [String], table: OptionTable, credentials: Credentials) {
    var rest = tokens[...]
    while let token = rest.popFirst() {
      if token == "--" {
        arguments += [token] + rest
        return
      }
      let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let (option, isOn) = parts.first.flatMap({ table.option(named: $0) }) else {
        arguments.append(token)
        continue
      }
      if option.isFlag {
        values[option.name] = [String(isOn)]
        arguments.append(token)
      } else if parts.count == 2 {
        let value = resolve(String(parts[1]), option, credentials)
        values[option.name, default: []].append(value)
        arguments.append("\(parts[0])=\(value)")
      } else {
        arguments.append(token)
        guard let next = rest.popFirst() else { return }
        let value = resolve(next, option, credentials)
        values[option.name, default: []].append(value)
        arguments.append(value)
      }
    }
  }

  private mutating func resolve(
    _ value: String, _ option: OptionDescription, _ credentials: Credentials
  ) -> String {
    do throws(Credentials.Failure) {
      return try credentials.resolve(value)
    } catch {
      problems.append(ConfigurationProblem(place: "--\(option.name)", message: error.message))
      return value
    }
  }
}

import WalletConfiguration

extension FuzzTarget {
  /// A file of settings, an environment and a command line, parted by bytes of 0; the latter two have a setting on each line.
  ///
  /// Every problem says where it is and what. Without one, each setting comes from the first of the three that has it, the
  /// command line that says all of it says the same, and so does a file in other words.
  package static let configuration = FuzzTarget("configuration", bytesMax: 2048, seeds: { _ in Settings.seeds }) {
    bytes in
    var input = Input(bytes)
    let file = input.upToZero()
    let environment = Settings.environment(input.upToZero())
    let arguments = Settings.lines(Array(input.rest))
    let configuration = Settings.configuration(file: file, environment, arguments)
    let repeated = Settings.configuration(file: file, environment, arguments)
    try demand(
      repeated.settings == configuration.settings && repeated.problems == configuration.problems,
      "read twice it is something else: \(configuration) \(repeated)")
    for problem in configuration.problems { try Settings.check(problem, file: file, environment) }
    let names = configuration.settings.map(\.option.name)
    try demand(Set(names).count == names.count, "a setting twice: \(names)")
    for setting in configuration.settings { try Settings.check(setting, environment) }
    guard configuration.problems.isEmpty, !configuration.settings.contains(where: Settings.isCredential) else { return }
    try Settings.checkCommandLine(configuration)
    let rewritten = Settings.file(configuration)
    // Text of several lines may be too long for one.
    let lines = rewritten.utf8.split(separator: 0x0A)
    guard lines.allSatisfy({ $0.count <= ConfigurationFile.lineBytesMax }) else { return }
    let inOtherWords = Settings.configuration(file: Array(rewritten.utf8), environment, arguments)
    try demand(inOtherWords.problems.isEmpty, "\(inOtherWords.problems) in \(rewritten)")
    try demand(
      configuration.settings.map(\.values) == inOtherWords.settings.map(\.values)
        && configuration.arguments.count == inOtherWords.arguments.count,
      "other settings from \(rewritten)")
  }
}

private enum Settings {
  private static let path = "/etc/walletd/walletd.toml"

  /// Options of every kind, as ArgumentParser would tell of them.
  static let table: OptionTable = {
    func value(_ name: String, _ fallback: String? = nil, repeats: Bool = false, shows: Bool = true) -> String {
      let given = fallback.map { ",\"defaultValue\":\"\($0)\"" } ?? ""
      return "{\"kind\":\"option\",\"shouldDisplay\":\(shows),\"isRepeating\":\(repeats),"
        + "\"names\":[{\"kind\":\"long\",\"name\":\"\(name)\"}],\"valueName\":\"\(name)\"\(given)}"
    }
    func flag(_ name: String) -> String {
      "{\"kind\":\"flag\",\"shouldDisplay\":true,\"isRepeating\":false,\"names\":[{\"kind\":\"long\",\"name\":\"\(name)\"}]}"
    }
    let options = [
      value("config"), value("data", "./data"), value("listen", repeats: true), value("max-queued", "65536"),
      value("pace", "0.5"), value("tls-key"), value("hidden", shows: false), flag("insecure"), flag("color"),
      flag("no-color"),
    ]
    guard let table = try? OptionTable(help: "{\"command\":{\"arguments\":[\(options.joined(separator: ","))]}}") else {
      preconditionFailure("the options can't be read")
    }
    return table
  }()

  static func configuration(file: [UInt8], _ environment: [String: String], _ arguments: [String]) -> Configuration {
    Configuration(table: table, arguments: ["--config", path] + arguments, environment: environment) {
      (_) throws(ConfigurationProblem) in
      guard let text = String(validating: file, as: UTF8.self) else {
        throw ConfigurationProblem(place: path, message: "it isn't UTF-8")
      }
      return text
    }
  }

  // MARK: What must hold

  /// A problem is one line, which names a line of the file, a variable that is there or an option.
  static func check(
    _ problem: ConfigurationProblem, file: [UInt8], _ environment: [String: String]
  ) throws {
    let place = problem.place
    if let line = place.hasPrefix("\(path):") ? Int(place.dropFirst(path.count + 1)) : nil {
      let lines = file.count { $0 == UInt8(ascii: "\n") } + 1
      try demand((1...lines).contains(line), "\(problem) in a file of \(lines) lines")
    } else {
      try demand(
        place == path || environment[place] != nil || place.hasPrefix("--") && table[String(place.dropFirst(2))] != nil,
        "\(problem) is nowhere")
    }
    let scalars = problem.message.unicodeScalars
    try demand(
      !scalars.isEmpty && scalars.allSatisfy { $0.properties.generalCategory != .control }, "\(problem) isn't a line")
  }

  static func check(_ setting: Configuration.Setting, _ environment: [String: String]) throws {
    let isNumber = setting.option.defaultValue.map { Double($0) != nil } ?? false
    switch setting.origin {
    case .environment(let variable):
      try demand(environment[variable]?.isEmpty == false, "\(setting) isn't from the environment")
    case .file:
      try demand(!setting.option.isHidden, "\(setting) is hidden")
      try demand(setting.values.allSatisfy { !isNumber || Double($0) != nil }, "\(setting) isn't a number")
      try demand(setting.values.allSatisfy { !$0.utf8.contains(0) }, "\(setting) has a zero byte")
    case .commandLine, .fallback: break
    }
    if setting.option.kind != .value {
      try demand(setting.values == ["true"] || setting.values == ["false"], "a switch that is \(setting.values)")
    }
    try demand(setting.option.isRepeating || setting.origin == .commandLine || setting.values.count <= 1, "\(setting)")
  }

  /// What the argument parser is told says everything that isn't a default.
  static func checkCommandLine(_ configuration: Configuration) throws {
    let told = self.configuration(file: [], [:], configuration.arguments)
    try demand(told.problems.isEmpty, "\(told.problems) in \(configuration.arguments)")
    for setting in configuration.settings where setting.origin != .fallback && setting.option.name != "config" {
      // A switch that has no name for off is off by default.
      if setting.option.kind == .flag(negation: nil), setting.values == ["false"] { continue }
      if setting.values.isEmpty { continue }
      let again = told.settings.first { $0.option == setting.option }
      try demand(again?.values == setting.values, "\(setting) becomes \(configuration.arguments)")
    }
  }

  /// It would be looked for a second time.
  static func isCredential(_ setting: Configuration.Setting) -> Bool {
    setting.values.contains { $0.hasPrefix("credential:") }
  }

  // MARK: The input's parts

  static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix("--config") }
  }

  static func environment(_ bytes: [UInt8]) -> [String: String] {
    var environment: [String: String] = [:]
    for line in bytes.split(separator: 0x0A) {
      let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { continue }
      environment[String(decoding: parts[0], as: UTF8.self)] = String(decoding: parts[1], as: UTF8.self)
    }
    return environment
  }

  /// What the file has said, as text in quotes on lines of its own, and switches as they are.
  static func file(_ configuration: Configuration) -> String {
    var text = ""
    for setting in configuration.settings {
      guard case .file = setting.origin else { continue }
      let values = setting.option.kind == .value ? setting.values.map(quoted) : setting.values
      text +=
        "\(setting.option.name) = \(setting.option.isRepeating ? "[\(values.joined(separator: ",\n"))]" : values[0])\n"
    }
    return text
  }

  private static func quoted(_ value: String) -> String {
    "\"" + value.unicodeScalars.map(quoted).joined() + "\""
  }

  private static func quoted(_ scalar: Unicode.Scalar) -> String {
    if scalar.properties.generalCategory != .control, scalar != "\"", scalar != "\\" { return String(scalar) }
    let digits = String(scalar.value, radix: 16)
    return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  static let seeds: [String: [UInt8]] = [
    "all": """
    # a comment
    data = '/f'
    listen = [ "127.0.0.1:1", 'unix:/run/w' ]
    max-queued = 1_000
    pace = 2.5e0
    insecure = true
    color = false
    tls-key = "credential:key"
    \0WALLETD_DATA=/e\nWALLETD_INSECURE=1\nCREDENTIALS_DIRECTORY=/run/c\nWALLETD_LISTEN=a:1,b:2\0--pace=3\n--no-color\n--\nx
    """, "section": "[serve]\ndata = 1\n", "date": "data = 1979-05-27T07:32:00Z\n",
    "multiline": "data = '''\na\nb'''\n\"max-queued\" = 0x10\ntls-key = \"\\u00e9\"\0\0",
    "nested": "listen = [[\"a\"], {b = 1}]\nmax.queued = inf\n", "slip": "max-qeued = 1\0WALLETD_DTAA=/x\n\0--data\n/y",
    "broken": "data = \"",
  ].mapValues { Array($0.utf8) }
}

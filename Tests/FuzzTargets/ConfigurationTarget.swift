import WalletConfiguration

extension FuzzTarget {
  /// A file of settings, an environment and a command line, parted by bytes of 0; the latter two have a setting on each line.
  ///
  /// Every problem says where it is and what. Without one, each setting comes from the first of the three that has it, and a
  /// file that says the same in other words makes the same settings.
  package static let configuration = FuzzTarget("configuration", bytesMax: 2048, seeds: { _ in Settings.seeds }) {
    bytes in
    var input = Input(bytes)
    let file = String(decoding: input.upToZero(), as: UTF8.self)
    let environment = Settings.environment(input.upToZero())
    let arguments = Settings.lines(Array(input.rest))
    let configuration = Settings.configuration(file: file, environment, arguments)
    for problem in configuration.problems {
      try demand(!problem.place.isEmpty && !problem.message.isEmpty, "a problem that says nothing: \(problem)")
    }
    let names = configuration.settings.map(\.option.name)
    try demand(Set(names).count == names.count, "a setting twice: \(names)")
    for setting in configuration.settings {
      if case .environment(let variable) = setting.origin {
        try demand(environment[variable]?.isEmpty == false, "\(setting) isn't from the environment")
      }
      if setting.option.kind != .value {
        try demand(setting.values == ["true"] || setting.values == ["false"], "a switch that is \(setting.values)")
      }
    }
    guard configuration.problems.isEmpty, !configuration.settings.contains(where: Settings.isCredential) else { return }
    let again = Settings.configuration(file: Settings.file(configuration), environment, arguments)
    try demand(again.problems.isEmpty, "\(again.problems) in \(Settings.file(configuration))")
    try demand(
      zip(configuration.settings, again.settings).allSatisfy { $0.option == $1.option && $0.values == $1.values }
        && configuration.arguments.count == again.arguments.count,
      "other settings from \(Settings.file(configuration))")
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

  static func configuration(file: String, _ environment: [String: String], _ arguments: [String]) -> Configuration {
    Configuration(table: table, arguments: ["--config", path] + arguments, environment: environment) { (_) in file }
  }

  /// It would be looked for a second time.
  static func isCredential(_ setting: Configuration.Setting) -> Bool {
    setting.values.contains { $0.hasPrefix("credential:") }
  }

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

  /// What the file has said, as text in quotes, and switches as they are.
  static func file(_ configuration: Configuration) -> String {
    var text = ""
    for setting in configuration.settings {
      guard case .file = setting.origin else { continue }
      let values = setting.option.kind == .value ? setting.values.map(quoted) : setting.values
      text +=
        "\(setting.option.name) = \(setting.option.isRepeating ? "[\(values.joined(separator: ","))]" : values[0])\n"
    }
    return text
  }

  private static func quoted(_ value: String) -> String {
    "\"" + value.unicodeScalars.map { "\\U" + padded(String($0.value, radix: 16)) }.joined() + "\""
  }

  private static func padded(_ digits: String) -> String { String(repeating: "0", count: 8 - digits.count) + digits }

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

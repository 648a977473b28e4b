import Testing

@testable import WalletConfiguration

@Suite struct ConfigurationTests {
  static let table = OptionTable(
    [
      OptionDescription(name: "config", kind: .value, valueName: "file"),
      OptionDescription(name: "data", kind: .value, defaultValue: "./data"),
      OptionDescription(name: "listen", kind: .value, isRepeating: true, valueName: "host:port"),
      OptionDescription(name: "max-queued", kind: .value, valueName: "max-queued", defaultValue: "65536"),
      OptionDescription(name: "max-queued-bytes", kind: .value, defaultValue: "1024"),
      OptionDescription(name: "pace", kind: .value, defaultValue: "0.5"),
      OptionDescription(name: "insecure", kind: .flag(negation: nil)),
      OptionDescription(name: "color", kind: .flag(negation: "no-color")),
      OptionDescription(name: "tls-key", kind: .value, valueName: "file"),
      OptionDescription(name: "generation-rows", kind: .value, isHidden: true),
    ], shortNames: ["q": "max-queued"])

  private func make(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
  ) -> Configuration {
    let option = file == nil ? [] : ["--config", "/etc/w.toml"]
    return Configuration(table: Self.table, arguments: option + arguments, environment: environment) {
      path throws(ConfigurationProblem) in
      guard path == "/etc/w.toml", let file else { throw ConfigurationProblem(place: path, message: "no such file") }
      return file
    }
  }

  private func values(_ configuration: Configuration, _ name: String) -> [String]? {
    configuration.settings.first { $0.option.name == name }?.values
  }

  private func origin(_ configuration: Configuration, _ name: String) -> Configuration.Setting.Origin? {
    configuration.settings.first { $0.option.name == name }?.origin
  }

  @Test func theCommandLineGoesBeforeTheEnvironmentBeforeTheFileBeforeDefaults() {
    let file = "# a comment\ndata = '/f'\n\nmax-queued = 1\ninsecure = true\nmax-queued-bytes = 7\n"
    let environment = ["WALLETD_MAX_QUEUED": "2", "WALLETD_DATA": "/e"]
    let all = make(["--data=/c"], environment: environment, file: file)
    #expect(all.problems.isEmpty)
    #expect(values(all, "data") == ["/c"])
    #expect(origin(all, "data") == .commandLine)
    #expect(values(all, "max-queued") == ["2"])
    #expect(origin(all, "max-queued") == .environment("WALLETD_MAX_QUEUED"))
    #expect(values(all, "max-queued-bytes") == ["7"])
    #expect(origin(all, "max-queued-bytes") == .file("/etc/w.toml:6"))
    #expect(origin(all, "insecure") == .file("/etc/w.toml:5"))
    #expect(origin(all, "listen") == .fallback)
    #expect(
      all.arguments == [
        "--max-queued=2", "--max-queued-bytes=7", "--insecure", "--config", "/etc/w.toml", "--data=/c",
      ])
  }

  @Test func aFlagOfTheCommandLineIsKnownInEveryForm() {
    for arguments in [["--max-queued", "3"], ["--max-queued=3"], ["-q", "3"]] {
      let configuration = make(arguments, environment: ["WALLETD_MAX_QUEUED": "2"])
      #expect(values(configuration, "max-queued") == ["3"])
      #expect(configuration.arguments == arguments)
    }
    #expect(values(make(["--no-color"], environment: ["WALLETD_COLOR": "true"]), "color") == ["false"])
    #expect(
      make(["--", "--data", "x"], environment: ["WALLETD_DATA": "/e"]).arguments == ["--data=/e", "--", "--data", "x"])
  }

  @Test func whatMayBeRepeatedIsAListInTheFileAndPartedByCommasInTheEnvironment() {
    let file = "listen = [\n  '127.0.0.1:1',\n  \"unix:/run/w\",\n]\n"
    #expect(values(make(file: file), "listen") == ["127.0.0.1:1", "unix:/run/w"])
    #expect(values(make(environment: ["WALLETD_LISTEN": "a:1,b:2"]), "listen") == ["a:1", "b:2"])
    #expect(make(environment: ["WALLETD_LISTEN": "a:1,b:2"]).arguments == ["--listen=a:1", "--listen=b:2"])
    // What one place says takes the place of all that another says.
    #expect(values(make(["--listen", "c:3", "--listen", "d:4"], file: file), "listen") == ["c:3", "d:4"])
    #expect(values(make(file: "listen = 'a:1'"), "listen") == ["a:1"])
  }

  @Test func aNumberMayBeWhole() {
    #expect(values(make(file: "pace = 2"), "pace") == ["2"])
    #expect(values(make(file: "pace = 0.25"), "pace") == ["0.25"])
    // A mode of files is told in quotes.
    #expect(values(make(file: "max-queued = '0660'"), "max-queued") == ["0660"])
  }

  @Test func aSwitchIsTurnedOffByItsOwnName() {
    #expect(make(file: "color = false").arguments == ["--no-color", "--config", "/etc/w.toml"])
    #expect(make(file: "insecure = false").arguments == ["--config", "/etc/w.toml"])
    #expect(make(environment: ["WALLETD_INSECURE": "1"]).arguments == ["--insecure"])
    // The environment's word holds against the file's.
    #expect(values(make(environment: ["WALLETD_INSECURE": "false"], file: "insecure = true"), "insecure") == ["false"])
  }

  @Test func theFileMayBeNamedByTheEnvironment() {
    let configuration = Configuration(
      table: Self.table, arguments: [], environment: ["WALLETD_CONFIG": "/x"]
    ) { (path) throws(ConfigurationProblem) in "data = '\(path)'" }
    #expect(values(configuration, "data") == ["/x"])
  }

  @Test(arguments: [
    ("max-qeued = 1", "/etc/w.toml:1: max-qeued: there is no such setting; did you mean max-queued?"),
    ("\nmax_queued = 1", "/etc/w.toml:2: max_queued: there is no such setting; did you mean max-queued?"),
    ("colour-of-the-sea = 1", "/etc/w.toml:1: colour-of-the-sea: there is no such setting"),
    ("generation-rows = 100", "/etc/w.toml:1: generation-rows: there is no such setting"),
    ("config = '/other'", "/etc/w.toml:1: config: a file can't name another"),
    (
      "[tls]\nkey = 'x'",
      "/etc/w.toml:1: [tls]: there are no sections; every setting stands at the top, such as max-connections = 1024"
    ),
    ("max-queued = 'all'", "/etc/w.toml:1: max-queued takes a number, not \"all\""),
    ("max-queued = true", "/etc/w.toml:1: max-queued takes a number, not true"),
    ("max-queued = [1]", "/etc/w.toml:1: max-queued takes one value, not a list"),
    ("max-queued = 2026-01-01", "/etc/w.toml:1: max-queued takes a number or text, not a date"),
    ("data = 5", "/etc/w.toml:1: data takes text: write \"5\""),
    ("tls-key = false", "/etc/w.toml:1: tls-key takes text: write \"false\""),
    ("insecure = 'yes'", "/etc/w.toml:1: insecure is a switch: true or false, not \"yes\""),
    ("insecure = 1", "/etc/w.toml:1: insecure is a switch: true or false, not 1"),
    ("listen = [['a:1']]", "/etc/w.toml:1: listen takes a number or text, not a list"),
    (
      "tls-key = 'credential:key'",
      "/etc/w.toml:1: tls-key: credential:key: CREDENTIALS_DIRECTORY isn't set; the unit needs LoadCredential=key:/path/of/the/file"
    ),
    ("data = '\u{0}'", "/etc/w.toml: the file has a zero byte"),
  ])
  func aFileThatIsWrongIsToldWithItsLineAndTheRule(file: String, problem: String) {
    #expect(make(file: file).problems.map(\.description) == [problem])
  }

  @Test(arguments: [
    ("data = ", 1), ("a = 1\ndata = '1'\ndata = '2'\n", 3), ("= 5", 1), ("\n\ndata '/x'", 3), ("[!]", 1),
    ("a = 1\r\n\t[[ .b]]", 2), ("[é]", 1), ("a = 1979-05-27Tx", 1), ("\na = [1979-05-27 x]", 2),
    ("a = 1979-05-27tt", 1), ("a = 1999-05-23 2]", 1), ("\n\nlisten = [\n  }\n]\n", 4), ("a = [[[[[1]]]]]", 1),
  ])
  func whatIsNotTOMLIsToldWithItsLine(file: String, line: Int) {
    let problems = make(file: file).problems.map(\.description)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("/etc/w.toml:\(line): not TOML: ") == true, "\(problems)")
  }

  @Test func everyProblemIsToldAtOnce() {
    let configuration = make(
      environment: ["WALLETD_INSECURE": "maybe", "WALLETD_MAX_QEUED": "1", "WALLETD_SEED": "1", "HOME": "/"],
      file: "dta = '/x'\nmax-queued = 'x'\nmax-queued-bytes = 9")
    #expect(
      configuration.problems.map(\.description) == [
        "/etc/w.toml:1: dta: there is no such setting; did you mean data?",
        "/etc/w.toml:2: max-queued takes a number, not \"x\"",
        "WALLETD_INSECURE: must be true or false, not \"maybe\"",
        "WALLETD_MAX_QEUED: there is no such setting; did you mean WALLETD_MAX_QUEUED?",
      ])
    #expect(values(configuration, "max-queued-bytes") == ["9"])
  }

  @Test func aValueMayBeginWithAMarkThatCombines() {
    #expect(make(file: "data = \"\\u0301x\"").arguments == ["--data", "\u{301}x", "--config", "/etc/w.toml"])
  }

  @Test func aFileOfNothingButProblemsIsGivenUp() {
    let file = (1...90_000).map { "k\($0) = 1\n" }.joined()
    let problems = make(file: file).problems
    #expect(problems.count == Configuration.problemsMax + 1)
    #expect(problems.last?.description == "/etc/w.toml:101: more than 100 settings are wrong")
  }

  @Test func aFileThatIsMissingIsAProblem() {
    #expect(make(["--config", "/nowhere"]).problems.map(\.description) == ["/nowhere: no such file"])
  }

  @Test func aFileThatIsTooLongIsNotParsed() {
    let long = make(file: String(repeating: "#", count: ConfigurationFile.bytesMax + 1))
    #expect(long.problems.map(\.message) == ["the file is longer than 1048576 bytes"])
  }

  @Test func aLineThatIsTooLongIsNotParsed() {
    let name = String(repeating: "a.", count: ConfigurationFile.lineBytesMax / 2)
    let long = make(file: "data = '/x'\n\(name)b = 1")
    #expect(
      long.problems.map(\.description) == [
        "/etc/w.toml:2: the line is longer than 1024 bytes; a list may go over several lines"
      ])
    let comment = "#" + String(repeating: "-", count: ConfigurationFile.lineBytesMax)
    #expect(make(file: "\(comment)\ndata = '/x'").problems.isEmpty)
  }

  /// Each name is a table in the one before, and the parser takes them apart by recursion.
  @Test func theDeepestFileThatIsParsedFitsTheStack() {
    let name = String(repeating: "a.", count: ConfigurationFile.lineBytesMax / 2 - 4) + "a"
    let problems = make(file: "[\(name)]\n\(name)=[\n[\n{\(name)=1}]]").problems.map(\.description)
    #expect(
      problems == [
        "/etc/w.toml:1: [a]: there are no sections; every setting stands at the top, such as max-connections = 1024"
      ])
  }

  @Test func aNameThatMovesTheCursorIsPrintedAsItsNumber() {
    #expect(
      make(file: "\"\\u001b[2J\\n\" = 1").problems.map(\.message) == [
        "\\u{1b}[2J\\u{a}: there is no such setting"
      ])
    #expect(
      make(file: "data = \"/x\\u0000\"").problems.map(\.description) == [
        "/etc/w.toml:1: data takes text without a zero byte"
      ])
  }

  @Test func aLineIsKnownWhateverIsAroundItsName() {
    // In text of several lines the name stands before its setting.
    let file = "tls-key = \"\"\"\nmax-queued = 1\n\"\"\"\n  \"max-queued\"   = 7\n'pa' = 1"
    let configuration = make(file: file)
    #expect(origin(configuration, "max-queued") == .file("/etc/w.toml:4"))
    #expect(configuration.problems.map(\.place) == ["/etc/w.toml:5"])
  }

  @Test func aCredentialIsTheFileThatTheServiceManagerMade() {
    let environment = ["CREDENTIALS_DIRECTORY": "/run/credentials/walletd.service"]
    let path = "/run/credentials/walletd.service/key.pem"
    #expect(values(make(environment: environment, file: "tls-key = 'credential:key.pem'"), "tls-key") == [path])
    for form in [["--tls-key", "credential:key.pem"], ["--tls-key=credential:key.pem"]] {
      let configuration = make(form, environment: environment)
      #expect(values(configuration, "tls-key") == [path])
      #expect(configuration.arguments.joined(separator: "=") == "--tls-key=\(path)")
    }
    for name in ["", "..", "a/b"] {
      #expect(make(["--tls-key", "credential:\(name)"], environment: environment).problems.count == 1)
    }
  }

  @Test func whatTheParserRefusesIsToldWhereItWasSaid() {
    var configuration = make(
      ["--data", "/c"], environment: ["WALLETD_MAX_QUEUED": "many"], file: "max-queued-bytes = 1")
    let invalid = "The value 'many' is invalid for '--max-queued <max-queued>'"
    #expect(
      configuration.attribute(invalid)?.description
        == "WALLETD_MAX_QUEUED: The value 'many' is invalid for 'max-queued'")
    #expect(
      configuration.attribute("--max-queued-bytes must be 2 to 9, not 1")?.description
        == "/etc/w.toml:1: max-queued-bytes must be 2 to 9, not 1")
    // The one that is named first is to blame, and the command line for itself.
    #expect(configuration.attribute("--data and --max-queued don't agree") == nil)
    #expect(configuration.attribute("nobody is named") == nil)
    let mayGo = configuration.discard(invalid)
    #expect(mayGo)
    #expect(configuration.arguments == ["--max-queued-bytes=1", "--config", "/etc/w.toml", "--data", "/c"])
    let mayGoAgain = configuration.discard(invalid)
    #expect(!mayGoAgain)
  }
}

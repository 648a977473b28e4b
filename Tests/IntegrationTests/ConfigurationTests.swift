import Foundation
import TestSupport
import Testing

/// Settings as an operator meets them: a file, variables, and what `walletd` says of them.
@Suite struct ConfigurationTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("config") }

  private func file(_ text: String) throws -> String {
    let path = "\(folder.path)/walletd.toml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func check(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Programs.Ending {
    var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    program.deleteLastPathComponent()
    let output = "\(folder.path)/\(UUID().uuidString)"
    let run = try Programs.run(
      "/usr/bin/env",
      environment.map { "\($0.key)=\($0.value)" } + [program.appending(path: "walletd").path, "check-config"]
        + arguments,
      output: output)
    return Programs.Ending(
      status: run.status, output: try String(contentsOfFile: output, encoding: .utf8), errors: run.errors)
  }

  private func words(_ line: String, of output: String) -> [String]? {
    output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }.first { $0.first == line }
  }

  /// The limits that HELLO_ACK announces, as varints.
  @Test func aFileAndTheEnvironmentDecideHowTheServerServes() throws {
    let config = try file("max-in-flight = 12345\nmax-request-bytes = 65432\n")
    let ordinary = try ServerProcess.serve("\(folder.path)/ordinary")
    let server = try ServerProcess.serve(
      "\(folder.path)/data", arguments: ["--config", config], environment: ["WALLETD_MAX_REQUEST_BYTES": "123456"])
    let (usual, greeting) = (
      try TestClient(port: ordinary.port).greeting, try TestClient(port: server.port).greeting
    )
    for varint: [UInt8] in [[0xB9, 0x60], [0xC0, 0xC4, 0x07]] {
      #expect(greeting.firstRange(of: varint) != nil)
      #expect(usual.firstRange(of: varint) == nil)
    }
    #expect(try server.terminate() == .exited(0))
  }

  @Test func checkConfigTellsEachValueAndItsOrigin() throws {
    let config = try file("# Money.\nmax-connections = 2048\nmin-free = 1\n")
    let ending = try check(["--config", config, "--data", "/x"], ["WALLETD_MIN_FREE": "2"])
    #expect(ending.status == 0)
    #expect(ending.errors == "walletd: the configuration is sound\n")
    #expect(words("data", of: ending.output) == ["data", "/x", "command", "line"])
    #expect(words("max-connections", of: ending.output) == ["max-connections", "2048", "\(config):2"])
    #expect(words("min-free", of: ending.output) == ["min-free", "2", "environment,", "WALLETD_MIN_FREE"])
    #expect(words("max-queued", of: ending.output)?.last == "default")
    #expect(!ending.output.contains("generation-rows"))
  }

  @Test func checkConfigShowsControlCharactersAsText() throws {
    let config = try file(#"data = "/x\u001b[2J\u0085y""# + "\n")
    let ending = try check(["--config", config])
    #expect(ending.status == 0)
    #expect(words("data", of: ending.output) == ["data", #"/x\u{1b}[2J\u{85}y"#, "\(config):1"])
  }

  /// A file without end is read no further than to where it is too long.
  @Test(arguments: [
    ("/dev/zero", "the file is longer than 1048576 bytes"), ("/nowhere", "there is no such file (--config)"),
    ("/", "it can't be read: read /: Is a directory (--config)"),
  ])
  func aFileThatIsNone(_ path: String, _ rule: String) throws {
    let ending = try check(["--config", path])
    #expect(ending.status == 78)
    #expect(ending.errors == "walletd: \(path): \(rule)\nwalletd: 1 setting is wrong\n")
  }

  @Test func checkConfigTellsAllThatIsWrong() throws {
    let config = try file("max-conections = 2048\nmax-gather = 0\nhello-timeout = 0\nlisten = \"0.0.0.0:0\"\n")
    let ending = try check(["--config", config], ["WALLETD_MAX_STREAMS": "many"])
    #expect(ending.status == 78)
    #expect(
      Set(ending.errors.split(separator: "\n").map(String.init)) == [
        "walletd: \(config):1: max-conections: there is no such setting; did you mean max-connections?",
        "walletd: \(config):2: max-gather must be 1 to 65536, not 0",
        "walletd: \(config):3: hello-timeout must be 1 to 3600000, not 0",
        "walletd: \(config):4: listen 0.0.0.0:0: anybody on the way could read along, tokens too, since there is no "
          + "TLS (--tls-cert, --tls-key). Listen on loopback, or say --insecure",
        "walletd: WALLETD_MAX_STREAMS: The value 'many' is invalid for 'max-streams'",
        "walletd: 5 settings are wrong",
      ])
  }

  @Test(arguments: [
    (
      "max-conections = 1", 78,
      "walletd.toml:1: max-conections: there is no such setting; did you mean max-connections?"
    ),
    ("max-gather = 0", 78, "walletd.toml:1: max-gather must be 1 to 65536, not 0"),
    ("max-gather = 'x'", 78, "walletd.toml:1: max-gather takes a number, not \"x\""),
    ("listen =", 78, "walletd.toml:1: not TOML: "),
  ])
  func theServerDoesNotStartOnAFileThatIsWrong(text: String, code: Int32, message: String) throws {
    let config = try file(text)
    let run = try ServerProcess.runToEnd("\(folder.path)/data", arguments: ["--config", config])
    #expect(run.ending == .exited(code))
    #expect(run.lines.contains { $0.contains(message) }, "\(run.lines)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/data"))
  }

  @Test func theCommandLineIsToBlameForItself() throws {
    let config = try file("max-gather = 5\n")
    let run = try ServerProcess.runToEnd(
      "\(folder.path)/data", arguments: ["--config", config, "--max-gather", "0"])
    #expect(run.ending == .exited(64))
    #expect(run.lines.contains { $0.contains("--max-gather must be 1 to 65536, not 0") })
    #expect(
      try ServerProcess.runToEnd("\(folder.path)/data", arguments: ["--config", "/nowhere"]).ending == .exited(78))
  }
}

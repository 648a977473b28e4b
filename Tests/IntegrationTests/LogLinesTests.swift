import Foundation
import TestSupport
import Testing
import WalletClient

/// What a real server writes to its log.
@Suite("The log")
struct LogLinesTests {
  private static let secret = "wlt_0123456789abcdef0123456789abcdef"

  private func lines(_ folder: ScratchFolder, _ server: ServerProcess) throws -> [[String: Any]] {
    try server.lines.map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(value as? [String: Any], "\(line)")
    }
  }

  @Test("every line is JSON where that is wanted, failed calls among them, and none has a token")
  func json() throws {
    let folder = try ScratchFolder("log")
    let server = try ServerProcess.launch(
      "\(folder.path)/data", arguments: ["--log-format", "json", "--admin", "127.0.0.1:0"])
    let port = try Self.adminPort(server)
    let http = try HTTP(port: port)
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let answer = try http.call(
      "Debit",
      #"{"wallet":{"ownerId":"nobody","currency":"USD"},"amount":"5","idempotencyKey":"debit-001","reason":"r"}"#,
      ["traceparent: \(trace)", "authorization: Bearer \(Self.secret)"])
    #expect([401, 404].contains(answer.status))
    _ = try http.call("Debit", #"{"idempotencyKey":"\#(Self.secret)"}"#, ["authorization: Basic \(Self.secret)"])
    #expect(try server.terminate() == .exited(0))

    let lines = try lines(folder, server)
    for line in lines {
      #expect(line["time"] is String && line["level"] is String && line["message"] is String)
    }
    #expect(lines.contains { ($0["message"] as? String)?.hasPrefix("listening on 127.0.0.1:") == true })
    #expect((lines.last?["message"] as? String)?.hasPrefix("stopped at seq ") == true)
    #expect(!server.lines.contains { $0.contains(Self.secret) })
    if answer.status == 404 {
      let call = try #require(lines.first { $0["code"] as? String == "WALLET_NOT_FOUND" })
      #expect(call["level"] as? String == "info")
      #expect(call["verb"] as? String == "Debit")
      #expect(call["principal"] as? String == "local")
      #expect(call["peer"] as? String == "127.0.0.1")
      #expect(call["wallet"] as? String == "nobody/USD/main")
      #expect(call["correlation_id"] as? String == trace)
      #expect(call["trace_id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
    }
  }

  private static func adminPort(_ server: ServerProcess) throws -> UInt16 {
    let prefix = "admin port on http://127.0.0.1:"
    let deadline = Date.now.addingTimeInterval(ServerProcess.startTimeoutSeconds)
    while Date.now < deadline {
      let all = server.lines.joined()
      // The line that comes last is there when the port is.
      if all.contains("listening on"), let found = all.range(of: prefix) {
        return UInt16(all[found.upperBound...].prefix { $0.isNumber }) ?? 0
      }
      Threads.sleep(milliseconds: 5)
    }
    throw TestFailure("no admin port: \(server.lines)")
  }

  @Test("--log-level warning leaves what is in order out, and tells what isn't")
  func level() throws {
    let folder = try ScratchFolder("log")
    let first = try ServerProcess.serve("\(folder.path)/first", arguments: ["--admin", "127.0.0.1:0"])
    for level in ["info", "warning"] {
      // The port of the first one is in use, which the second one finds out after it has said what it holds.
      let (ending, lines) = try ServerProcess.runToEnd(
        "\(folder.path)/second", arguments: ["--admin", "127.0.0.1:\(try first.adminPort)", "--log-level", level])
      #expect(ending == .exited(69))
      #expect((lines.count == 1) == (level == "warning"), "\(lines)")
      #expect(lines.last?.contains("it is in use") == true)
    }
  }

  @Test("a setting that isn't one is told by its name")
  func settings() throws {
    let folder = try ScratchFolder("log")
    for (arguments, part) in [
      (["--log-format", "xml"], "--log-format"), (["--log-level", "loud"], "--log-level"),
      (["--slow-millis", "0"], "--slow-millis must be 1 to 3600000"),
    ] {
      let (ending, lines) = try ServerProcess.runToEnd("\(folder.path)/data", arguments: arguments)
      #expect(ending == .exited(64))
      #expect(lines.contains { $0.contains(part) }, "\(lines)")
    }
  }
}

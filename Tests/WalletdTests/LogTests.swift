import Foundation
import Logging
import Testing
import WalletCore
import WalletWire

@testable import WalletServer
@testable import walletd

@Suite("Lines of the log")
struct LogTests {
  @Test("JSON has time, level, message, then the fields, each on one line whatever is in them")
  func json() throws {
    let line = LineHandler.json(
      .warning, "a \"b\"\nc", [(name: "peer", value: "x\u{1B}[2J")], time: 1_795_888_577_197_552)
    #expect(
      line == #"{"time":"2026-11-28T17:56:17.197552Z","level":"warning","message":"a \"b\"\nc","peer":"x\u001b[2J"}"#)
    #expect(try JSONParser.parse(line)["message"] == .string("a \"b\"\nc"))
  }

  @Test("text is the line as it was, with fields behind it and nothing that a terminal obeys")
  func text() {
    #expect(LineHandler.text("listening on 127.0.0.1:7431", []) == "walletd: listening on 127.0.0.1:7431")
    #expect(
      LineHandler.text("a\nb", [(name: "code", value: "OK"), (name: "wallet", value: "a b=c"), (name: "x", value: "")])
        == #"walletd: a\u{a}b code=OK wallet="a b=c" x="""#)
    #expect(LineHandler.text("\u{9B}2J\u{7F}", []) == #"walletd: \u{9b}2J\u{7f}"#)
  }

  @Test("a failed call is told with its figures, its wallet and its trace")
  func failed() {
    var record = CallRecord(
      severity: .info, failure: .invalidArgument("amount", "must be positive"), principal: "shop", client: "c",
      peer: "::1")
    record.verb = "Debit"
    record.microseconds = 12_045
    record.wallet = .name(WalletName(owner: "alice", currency: "USD", name: "main"))
    record.correlationID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    record.leftOut = 3
    let line = CallLine(record, leftOut: 4)
    #expect(line.message == "Debit: INVALID_ARGUMENT: amount: must be positive")
    #expect(line.level == .info)
    #expect(
      line.fields.mapValues { "\($0)" } == [
        "verb": "Debit", "code": "INVALID_ARGUMENT", "principal": "shop", "client": "c", "peer": "::1",
        "wallet": "alice/USD/main", "duration_ms": "12.045",
        "correlation_id": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "left_out": "7",
      ])
  }

  @Test("lines are JSON where standard error is the very socket that systemd's journal reads")
  func journal() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    #expect(FileManager.default.createFile(atPath: folder, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try #require(FileHandle(forWritingAtPath: folder))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder)
    let device = try #require(attributes[.systemNumber] as? NSNumber)
    let inode = try #require(attributes[.systemFileNumber] as? NSNumber)
    let stream = "\(device):\(inode)"
    #expect(LogFormat.journalTakes(stream, standardError: file.fileDescriptor))
    #expect(!LogFormat.journalTakes("\(stream)1", standardError: file.fileDescriptor))
    #expect(!LogFormat.journalTakes(nil, standardError: file.fileDescriptor))
    #expect(!LogFormat.journalTakes(stream, standardError: -1))
  }

  @Test("a slow call and a connection have what they have")
  func others() {
    var slow = CallRecord(severity: .warning, failure: nil, principal: "p", client: "", peer: "local")
    slow.verb = "GetBalance"
    slow.microseconds = 312_999
    slow.wallet = .id(7, currency: "")
    #expect(CallLine(slow, leftOut: 0).message == "GetBalance took 312 ms")
    #expect(CallLine(slow, leftOut: 0).fields["wallet"] == "7")
    let connection = CallRecord(
      severity: .warning, failure: Failure(.unauthenticated, .message("no token")), principal: "", client: "",
      peer: "::1")
    #expect(CallLine(connection, leftOut: 0).message == "connection: UNAUTHENTICATED: no token")
    #expect(CallLine(connection, leftOut: 0).fields["duration_ms"] == nil)
  }
}

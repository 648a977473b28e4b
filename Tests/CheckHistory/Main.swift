import ArgumentParser
import HistoryChecker
import TestSupport

/// Proves that a history is one of a strictly serialisable ledger, or says why it isn't.
@main
struct CheckHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-history",
    abstract: "Checks what clients were told against each other and against a ledger.",
    discussion: """
      A history is JSON lines, as docs/SIMULATION.md has them, or the lines of `walletbench --ack-log`. Exit code 0: it is that
      of a strictly serialisable ledger; 1: it isn't, and why.
      """)

  @Argument(help: "A file of JSON lines.")
  var history: String?

  @Option(name: .customLong("ack-log"), help: "A file that `walletbench --ack-log` has written.")
  var ackLog: String?

  @Option(help: "The data folder of the ledger, whose server has ended in order.")
  var data: String?

  func validate() throws {
    guard (history == nil) != (ackLog == nil) else { throw ValidationError("give either a history or --ack-log") }
    if ackLog != nil, data == nil { throw ValidationError("--ack-log needs --data: nothing can be told from it alone") }
  }

  func run() throws {
    var checked = History()
    if let history { checked = try HistoryFile.read(history) }
    if let ackLog { checked = try HistoryFile.readAcknowledgements(ackLog) }
    if let data { try checked.addRows(of: SQLiteFile("\(data)/ledger.db")) }
    let anomalies = Checker.anomalies(of: checked)
    for anomaly in anomalies.prefix(20) { print(anomaly) }
    print("\(checked.calls.count) calls, \(checked.rows.count) rows: \(anomalies.count) anomalies")
    if !anomalies.isEmpty { throw ExitCode(1) }
  }
}

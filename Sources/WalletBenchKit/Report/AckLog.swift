import WalletCore

/// One line for each acknowledged mutation of the load, `key commit_seq wallet version balance`, so that a server that was
/// killed can be compared with what it had promised. Lines are written before anything else is sent to the server, and
/// synced after each look at the sockets.
final class AckLog {
  private let file: OutputFile
  private var lines: [UInt8] = []
  private var isUnsynced = false

  init(path: String) throws(BenchFailure) { file = try OutputFile(path: path) }

  func add(_ operation: Operation, _ reply: Reply) {
    let key = UUIDv7.text(high: operation.key.high, low: operation.key.low)
    let line = "\(key) \(reply.commitSeq) \(operation.walletID) \(reply.version) \(reply.balance)\n"
    lines.append(contentsOf: line.utf8)
  }

  func write() throws(BenchFailure) {
    if lines.isEmpty { return }
    try file.write(lines)
    lines.removeAll(keepingCapacity: true)
    isUnsynced = true
  }

  func sync() throws(BenchFailure) {
    guard isUnsynced else { return }
    try file.sync()
    isUnsynced = false
  }
}

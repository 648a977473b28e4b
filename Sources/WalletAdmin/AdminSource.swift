package import WalletCore
package import WalletServer
package import WalletSystem

/// The server as its operator sees it, at one moment.
package struct AdminStatus: Sendable {
  package var server: ServerMeasurements
  package var ledger: LedgerMeasurements
  package var notices: OperationsBoard.Notices
  package var process: ProcessUsage
  /// Microseconds since 1970.
  package var now: Int64

  package init(
    server: ServerMeasurements, ledger: LedgerMeasurements, notices: OperationsBoard.Notices, process: ProcessUsage,
    now: Int64
  ) {
    self.server = server
    self.ledger = ledger
    self.notices = notices
    self.process = process
    self.now = now
  }

  /// Why no mutation should be sent here now; `nil` when it should.
  var notReadyBecause: String? {
    if server.isDraining { return "the server is shutting down" }
    return ledger.unavailableBecause
  }
}

/// What the admin port asks of the server. Answers come on any thread, and not at all while a queue is stuck.
package protocol AdminSource: Sendable {
  /// Answered by the event loop.
  func ping(_ done: @escaping @Sendable () -> Void)
  /// Answered by the event loop and the ledger's queue.
  func status(_ done: @escaping @Sendable (AdminStatus) -> Void)
  /// Serves one more connection.
  ///
  /// - Parameters:
  ///   - descriptor: Of a stream socket; taken over.
  ///   - peer: The address that it counts as.
  func adopt(_ descriptor: Int32, peer: String)
}

import Foundation
import HistoryChecker
import TestSupport

/// What all clients of a test measure their calls by.
enum HistoryClock {
  static var now: Int64 { Int64(clamping: DispatchTime.now().uptimeNanoseconds) }
}

extension History.Call {
  /// An attempt without an answer, so far.
  init(_ attempt: Attempt, start: Int64) {
    self.init(start: start, verb: attempt.amount == 0 ? "open" : attempt.amount > 0 ? "credit" : "debit")
    (key, amount) = (attempt.key, attempt.amount)
  }

  /// - Parameter reply: As it came from the wire.
  mutating func answered(_ reply: TestReply, end: Int64) throws(TestFailure) {
    self.end = end
    if reply.isOK {
      let mutation = try reply.mutation()
      outcome = .done
      (seq, commitSeq, isReplayed) = (mutation.transaction.id, mutation.commitSeq, mutation.isReplayed)
      (wallet, version, balance) = (mutation.transaction.walletID, mutation.version, mutation.balance)
      return
    }
    let error = try reply.error()
    // Of what this load asks for, only that is refused for good.
    guard error.reason == TestError.insufficientFunds else {
      outcome = reply.isNotExecuted ? .failed : .unknown
      if outcome == .unknown { self.end = nil }
      return
    }
    outcome = .refused
    (seq, commitSeq, isReplayed) = (error.commitSeq, error.commitSeq, error.isReplayed)
  }
}

/// A client that reads balances until its connection ends, one after the other.
struct BalanceReader: Sendable {
  var port: UInt16
  var wallets: [Int64]

  /// - Returns: What it was told.
  func run(seed: UInt64) throws -> [History.Call] {
    var generator = SeededGenerator(seed: seed)
    var calls: [History.Call] = []
    // The server may be gone before this connects.
    guard let client = try? TestClient(port: port) else { return [] }
    while true {
      let wallet = wallets[Int.random(in: 0..<wallets.count, using: &generator)]
      var call = History.Call(start: HistoryClock.now, verb: "balance")
      _ = try client.send([.balance(wallet)])
      var event = try client.receive()
      if case .goAway = event { event = try client.receive() }
      guard case .reply(let reply) = event, reply.isOK else { return calls }
      let message = try reply.message()
      (call.end, call.outcome, call.wallet) = (HistoryClock.now, .read, wallet)
      (call.balance, call.version) = (message.integer(2), message.integer(5))
      (call.seq, call.commitSeq) = (message.integer(9), message.integer(9))
      calls.append(call)
    }
  }
}

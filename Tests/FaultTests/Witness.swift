import Dispatch
import HistoryChecker
import Synchronization
import TestSupport
import Testing

/// Writes down what the clients of a test asked for and what they were told, with the times of both. In the end that must be
/// the history of a strictly serialisable ledger.
final class Witness: Sendable {
  private let calls = Mutex<[History.Call]>([])
  private let clients = Mutex(0)

  /// Nanoseconds of a clock that all clients share.
  static var now: Int64 { Int64(clamping: DispatchTime.now().uptimeNanoseconds) }

  /// A number for one more client.
  func newClient() -> Int {
    clients.withLock { clients in
      clients += 1
      return clients
    }
  }

  func note(_ call: History.Call) { calls.withLock { $0.append(call) } }

  /// Nobody will answer any more.
  func noteUnanswered(_ attempt: Attempt, sentAt start: Int64, by client: Int = 0) {
    note(attempt.call(sentAt: start, by: client))
  }

  func note(_ reply: TestReply, to attempt: Attempt, sentAt start: Int64, by client: Int = 0) throws(TestFailure) {
    var call = attempt.call(sentAt: start, by: client)
    call.end = Self.now
    if reply.isOK {
      let mutation = try attempt.mutation(reply)
      (call.outcome, call.isReplayed) = (.done, mutation.isReplayed)
      (call.seq, call.commitSeq) = (mutation.transaction.id, mutation.commitSeq)
      (call.wallet, call.version, call.balance) = (mutation.transaction.walletID, mutation.version, mutation.balance)
    } else {
      let error = try reply.error()
      call.outcome = error.reason == TestError.insufficientFunds ? .refused : .failed
      guard reply.isNotExecuted else { throw TestFailure("\(attempt.key) was answered with \(error)") }
      if call.outcome == .refused {
        (call.seq, call.commitSeq, call.isReplayed) = (error.commitSeq, error.commitSeq, error.isReplayed)
      }
    }
    note(call)
  }

  func note(_ reply: TestReply, toReadOf wallet: Int64, sentAt start: Int64, by client: Int) throws(TestFailure) {
    let message = try reply.message()
    var call = History.Call(start: start, verb: "balance")
    (call.client, call.end, call.outcome, call.wallet) = (client, Self.now, .read, wallet)
    // GetBalanceResponse
    (call.balance, call.version) = (message.integer(2), message.integer(5))
    (call.seq, call.commitSeq) = (message.integer(9), message.integer(9))
    note(call)
  }

  /// Sends mutations at once and waits for all replies.
  func carry(_ attempts: [Attempt], _ client: TestClient) throws -> [TestReply] {
    let start = Self.now
    let replies = try client.calls(attempts.map(\.request))
    for (reply, attempt) in zip(replies, attempts) { try note(reply, to: attempt, sentAt: start) }
    return replies
  }

  // MARK: The end

  /// All that was told, and all rows of a ledger whose server has ended in order.
  func history(_ data: String) throws -> History {
    var history = History()
    history.calls = calls.withLock { $0 }
    try history.addRows(of: SQLiteFile("\(data)/ledger.db"))
    return history
  }

  /// - Returns: For the figures: how much was checked.
  @discardableResult
  func expectSound(_ data: String) throws -> String {
    let history = try history(data)
    let anomalies = Checker.anomalies(of: history)
    #expect(anomalies.prefix(5) == [])
    return
      "a history of \(history.calls.count) calls, \(history.calls.count { $0.outcome == .read }) of them reads, checked: "
      + "\(anomalies.count) anomalies"
  }
}

extension Attempt {
  func call(sentAt start: Int64, by client: Int) -> History.Call {
    var call = History.Call(start: start, verb: "method \(request.method)")
    (call.client, call.key, call.amount) = (client, key, amount)
    return call
  }
}

import Foundation
import HistoryChecker
import TestSupport
import Testing

/// Real clients of a real server that is killed again and again: what they were told is the history of a ledger.
@Suite("Histories of a server that is killed")
struct KillHistoryTests {
  private static let rounds = 8
  private static let clients = 4

  @Test("kill -9 under load: the history of all clients is strictly serialisable", .timeLimit(.minutes(10)))
  func kills() throws {
    var generator = SeededGenerator(of: "history of kills")
    let folder = try ScratchFolder("history")
    let data = "\(folder.path)/data"
    var history = History()
    var unanswered: [RecordedClient.Attempt] = []
    for round in 0..<Self.rounds {
      let server = try ServerProcess.serve(data)
      var clients = (0..<Self.clients).map { number in
        RecordedClient(number: number, port: server.port, seed: generator.next(), wallets: Int64(4))
      }
      // Whoever got no answer asks again, with the same key.
      clients[0].repeats = unanswered
      if round == 0 { try RecordedClient.openWallets(server.port, into: &history) }
      let answers = Counter()
      let running = Threads.start(Self.clients) { [clients] in try clients[$0].run(answers) }
      let enough = Int.random(in: 0...300, using: &generator)
      for _ in 0..<2_000 where answers.value < enough { Threads.sleep(milliseconds: 1) }
      server.kill()
      unanswered = []
      for log in try running.wait() {
        history.calls += log.calls
        unanswered += log.unanswered
      }
    }
    let server = try ServerProcess.serve(data)
    #expect(try server.terminate() == .exited(0))
    try history.addRows(of: SQLiteFile("\(data)/ledger.db"))
    let anomalies = Checker.anomalies(of: history)
    #expect(anomalies.prefix(5) == [])
    let unknown = history.calls.count { $0.outcome == .unknown }
    print(
      "history of kills: \(Self.rounds) kills, \(history.calls.count) calls, \(unknown) of them unanswered, "
        + "\(history.calls.count { $0.outcome == .read }) reads, \(history.rows.count) rows, \(anomalies.count) anomalies"
    )
    #expect(unknown > 0 && history.calls.count > 100)
  }
}

/// A client that writes down what it asks and what it is told.
struct RecordedClient: Sendable {
  /// A request that may be sent again: with the same key it is the same.
  struct Attempt: Sendable {
    var request: TestRequest
    var calls: [History.Call]

    /// Without an answer. A batch of all or nothing may have left its items or its refusal.
    var unknown: [History.Call] {
      guard var batch = calls.first, let key = batch.batch else { return calls }
      (batch.verb, batch.key, batch.batch, batch.amount) = ("batch", key, nil, nil)
      return calls + [batch]
    }
  }

  struct Log: Sendable {
    var calls: [History.Call] = []
    var unanswered: [Attempt] = []
  }

  private static let window = 16
  private static var now: Int64 { Int64(clamping: DispatchTime.now().uptimeNanoseconds) }

  var number: Int
  var port: UInt16
  var seed: UInt64
  /// They have the ids from 1 on.
  var wallets: Int64
  /// Sent first.
  var repeats: [Attempt] = []

  static func openWallets(_ port: UInt16, into history: inout History) throws {
    let client = try TestClient(port: port)
    for number in 0..<4 {
      let key = "open-wallet-\(number)"
      var call = History.Call(start: now, verb: "open")
      (call.key, call.amount) = (key, 0)
      let reply = try client.call(.open(owner: "owner-\(number)", currency: "USD", key: key))
      history.calls += try answered([call], reply, end: now)
    }
  }

  /// Until the connection ends.
  func run(_ answers: Counter) throws -> Log {
    var generator = SeededGenerator(seed: seed)
    var log = Log()
    var open: [UInt32: Attempt] = [:]
    var repeats = repeats
    // The server may be gone before this connects.
    guard let client = try? TestClient(port: port) else {
      log.unanswered = repeats
      return log
    }
    while true {
      while open.count < Self.window {
        var attempt = repeats.popLast() ?? next(&generator)
        let start = Self.now
        for index in attempt.calls.indices {
          (attempt.calls[index].start, attempt.calls[index].client) = (start, number)
        }
        for id in try client.send([attempt.request]) { open[id] = attempt }
      }
      switch try client.receive() {
      case .reply(let reply):
        guard let attempt = open.removeValue(forKey: reply.header.requestID) else {
          throw TestFailure("a reply to request \(reply.header.requestID), which isn't open")
        }
        log.calls += try Self.answered(attempt.calls, reply, end: Self.now)
        answers.increment()
      case .goAway: continue
      case .closed:
        let mutations = open.values.filter { $0.calls.contains { $0.key != nil } }
        log.calls += mutations.flatMap(\.unknown)
        log.unanswered = repeats + mutations
        return log
      }
    }
  }

  private func next(_ generator: inout SeededGenerator) -> Attempt {
    let wallet = Int64.random(in: 1...wallets, using: &generator)
    let choice = Int.random(in: 0..<10, using: &generator)
    if choice < 3 {
      var call = History.Call(start: 0, verb: "balance")
      call.wallet = wallet
      return Attempt(request: .balance(wallet), calls: [call])
    }
    let key = generator.uuid()
    if choice < 9 {
      let (request, call) = move(wallet, key: key, &generator)
      return Attempt(request: request, calls: [call])
    }
    let items = (0..<3).map { index in
      move(Int64.random(in: 1...wallets, using: &generator), key: "\(key)\u{B7}\(index)", batch: key, &generator)
    }
    return Attempt(request: .batch(items.map(\.request), atomicKey: key), calls: items.map(\.call))
  }

  private func move(
    _ wallet: Int64, key: String, batch: String? = nil, _ generator: inout SeededGenerator
  ) -> (request: TestRequest, call: History.Call) {
    let amount = Int64.random(in: 1...500, using: &generator)
    let isCredit = Int.random(in: 0..<5, using: &generator) < 3
    var call = History.Call(start: 0, verb: isCredit ? "credit" : "debit")
    (call.key, call.batch, call.amount) = (key, batch, isCredit ? amount : -amount)
    // An item of a batch has no key of its own.
    let ownKey = batch == nil ? key : ""
    return (isCredit ? .credit(wallet, amount, key: ownKey) : .debit(wallet, amount, key: ownKey), call)
  }

  /// What a reply makes of the calls that it is of.
  private static func answered(
    _ calls: [History.Call], _ reply: TestReply, end: Int64
  ) throws(TestFailure) -> [History.Call] {
    var calls = calls
    for index in calls.indices { calls[index].end = end }
    let message = try reply.message()
    guard reply.isOK else {
      var call = calls[0]
      if let batch = call.batch { (call.key, call.batch, call.verb) = (batch, nil, "batch") }
      let error = try reply.error()
      let isRefused = [TestError.insufficientFunds, TestError.batchAborted].contains(error.reason)
      guard isRefused || reply.isNotExecuted else { throw TestFailure("answered with \(error)") }
      call.outcome = isRefused ? .refused : .failed
      if isRefused {
        (call.seq, call.commitSeq, call.isReplayed) = (error.commitSeq, error.commitSeq, error.isReplayed)
      }
      return [call]
    }
    if calls[0].batch != nil {
      for (index, result) in try reply.results().enumerated() {
        (calls[index].outcome, calls[index].isReplayed) = (.done, result.isReplayed)
        (calls[index].seq, calls[index].commitSeq) = (result.transactionID, result.transactionID)
        (calls[index].wallet, calls[index].version, calls[index].balance) = (
          result.walletID, result.version, result.balance
        )
      }
    } else if calls[0].key == nil {
      calls[0].outcome = .read
      (calls[0].balance, calls[0].version) = (message.integer(2), message.integer(5))
      (calls[0].seq, calls[0].commitSeq) = (message.integer(9), message.integer(9))
    } else {
      let mutation = try reply.mutation()
      (calls[0].outcome, calls[0].wallet) = (.done, mutation.transaction.walletID)
      (calls[0].seq, calls[0].commitSeq) = (mutation.transaction.id, mutation.commitSeq)
      (calls[0].version, calls[0].balance) = (mutation.version, mutation.balance)
      calls[0].isReplayed = mutation.isReplayed
    }
    return calls
  }
}

import TestSupport

/// A mutation with a key of its own, and what it should move.
struct Attempt: Sendable {
  var key: String
  var request: TestRequest
  /// The signed change of the balance, should it be posted.
  var amount: Int64

  /// What an OK says; of a transfer, what it says of the source.
  func mutation(_ reply: TestReply) throws(TestFailure) -> TestMutation {
    request.isTransfer ? try reply.transfer() : try reply.mutation()
  }
}

/// How the server answered an attempt.
enum Answer: Sendable {
  case posted(TestMutation)
  /// A refusal that the ledger remembers.
  case refused(TestError)

  /// The place in the journal.
  var seq: Int64 {
    switch self {
    case .posted(let mutation): mutation.commitSeq
    case .refused(let error): error.commitSeq
    }
  }
}

/// What a client under load sent, and what it was told.
struct LoadLog: Sendable {
  var answered: [(attempt: Attempt, answer: Answer)] = []
  /// Sent, and the connection ended before an answer.
  var unanswered: [Attempt] = []
  /// Answered UNAVAILABLE with NOT_EXECUTED.
  var unavailable: [Attempt] = []
  var sawGoAway = false
  /// What no server may answer.
  var problems: [String] = []

  /// The wallets that were opened.
  var wallets: [Int64] {
    answered.compactMap {
      if case .posted(let row) = $0.answer, row.version == 1 { row.transaction.walletID } else { nil }
    }
  }

  mutating func merge(_ other: LoadLog) {
    answered += other.answered
    unanswered += other.unanswered
    unavailable += other.unavailable
    sawGoAway = sawGoAway || other.sawGoAway
    problems += other.problems
  }
}

/// A client that keeps a window of mutations in flight.
struct Load: Sendable {
  /// Of each so many requests one is a read.
  private static let readsOneIn = 8

  static let owner = "load"
  static let currencies = ["USD", "EUR", "JPY"]

  var port: UInt16
  var wallets: [Int64]
  var witness: Witness
  var window = 24
  /// Holds, captures, releases and transfers too; the wallets are those of `openWallets`.
  var isMixed = false
  /// Mutations to send; without a number it goes on until the connection ends.
  var countMax = Int.max
  /// Mutations that are sent when GOAWAY has been read.
  var countAfterGoAway = 0
  /// Answers that have come, of all that share it.
  var answers = Counter()

  /// Makes wallets, empty.
  static func openWallets(
    _ count: Int, _ port: UInt16, _ generator: inout SeededGenerator, _ witness: Witness
  ) throws -> LoadLog {
    let client = try TestClient(port: port)
    let attempts = (0..<count).map { open("wallet-\($0)", currencies[$0 % currencies.count], &generator) }
    var log = LoadLog()
    for (attempt, reply) in zip(attempts, try witness.carry(attempts, client)) {
      try log.note(reply, to: attempt)
    }
    return log
  }

  /// Waits for answers, a second at most.
  func waitForAnswers(_ count: Int) {
    for _ in 0..<1000 where answers.value < count { Threads.sleep(milliseconds: 1) }
  }

  func run(seed: UInt64) throws -> LoadLog {
    var generator = SeededGenerator(seed: seed)
    var log = LoadLog()
    var open: [UInt32: Sent] = [:]
    var reads: [UInt32: (wallet: Int64, start: Int64)] = [:]
    let number = witness.newClient()
    var rest = countMax
    /// Holds that nothing was done with yet.
    var holds: [(id: Int64, amount: Int64)] = []
    // The server may be gone before this connects.
    guard let client = try? TestClient(port: port) else { return log }
    while true {
      let count = log.sawGoAway ? rest : min(window - open.count, rest)
      if count > 0 {
        let attempts = (0..<count).map { _ in next(&holds, &generator) }
        let start = Witness.now
        for (id, attempt) in zip(try client.send(attempts.map(\.request)), attempts) { open[id] = Sent(attempt, start) }
        rest -= count
        if reads.isEmpty, Int.random(in: 0..<Self.readsOneIn, using: &generator) < count {
          let wallet = wallets[Int.random(in: 0..<wallets.count, using: &generator)]
          for id in try client.send([.balance(wallet)]) { reads[id] = (wallet, start) }
        }
      }
      if rest == 0, open.isEmpty, reads.isEmpty, !log.sawGoAway { break }
      switch try client.receive() {
      case .reply(let reply):
        if let read = reads.removeValue(forKey: reply.header.requestID) {
          if reply.isOK {
            try witness.note(reply, toReadOf: read.wallet, sentAt: read.start, by: number)
          } else if try reply.error().reason != TestError.unavailable {
            log.problems.append("a read was answered with \(try reply.error())")
          }
          continue
        }
        guard let (attempt, start) = open.removeValue(forKey: reply.header.requestID)?.parts else {
          log.problems.append("a reply to request \(reply.header.requestID), which isn't open")
          continue
        }
        try witness.note(reply, to: attempt, sentAt: start, by: number)
        try log.note(reply, to: attempt)
        if attempt.request.isHold, reply.isOK {
          holds.append((try reply.mutation().transaction.id, Self.holdAmount))
        }
        answers.increment()
      case .goAway:
        log.sawGoAway = true
        rest = min(rest, countAfterGoAway)
      case .closed:
        for sent in open.values { witness.noteUnanswered(sent.attempt, sentAt: sent.start, by: number) }
        log.unanswered += open.values.map(\.attempt)
        return log
      }
    }
    return log
  }

  private struct Sent {
    var attempt: Attempt
    var start: Int64

    init(_ attempt: Attempt, _ start: Int64) { (self.attempt, self.start) = (attempt, start) }

    var parts: (Attempt, Int64) { (attempt, start) }
  }

  private static let holdAmount: Int64 = 70

  private func next(
    _ holds: inout [(id: Int64, amount: Int64)], _ generator: inout SeededGenerator
  ) -> Attempt {
    if isMixed, Int.random(in: 0..<4, using: &generator) == 0 { return special(&holds, &generator) }
    let choice = Int.random(in: 0..<100, using: &generator)
    if choice < 4 {
      let name = "wallet-" + String(generator.next(), radix: 36)
      return Self.open(name, Self.currencies[choice % Self.currencies.count], &generator)
    }
    let wallet = wallets[Int.random(in: 0..<wallets.count, using: &generator)]
    let amount = Int64.random(in: 1...1000, using: &generator)
    let key = generator.uuid()
    return choice < 52
      ? Attempt(key: key, request: .credit(wallet, amount, key: key), amount: amount)
      : Attempt(key: key, request: .debit(wallet, amount, key: key), amount: -amount)
  }

  private func special(
    _ holds: inout [(id: Int64, amount: Int64)], _ generator: inout SeededGenerator
  ) -> Attempt {
    let key = generator.uuid()
    let place = Int.random(in: 0..<wallets.count, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      return Attempt(
        key: key, request: .hold(wallets[place], Self.holdAmount, timeout: 3_600_000, key: key), amount: 0)
    case 1 where !holds.isEmpty:
      let hold = holds.removeLast()
      return Attempt(key: key, request: .capture(hold.id, key: key), amount: -hold.amount)
    case 2 where !holds.isEmpty: return Attempt(key: key, request: .release(holds.removeLast().id, key: key), amount: 0)
    default:
      let amount = Int64.random(in: 1...300, using: &generator)
      // The next one of the same currency.
      let count = wallets.count / Self.currencies.count * Self.currencies.count
      let (source, other) = (wallets[place % count], wallets[(place + Self.currencies.count) % count])
      return Attempt(key: key, request: .transfer(source, other, amount, key: key), amount: -amount)
    }
  }

  private static func open(_ name: String, _ currency: String, _ generator: inout SeededGenerator) -> Attempt {
    let key = generator.uuid()
    let request = TestRequest.open(owner: owner, currency: currency, key: key, name: name)
    return Attempt(key: key, request: request, amount: 0)
  }
}

extension LoadLog {
  /// Files a reply to a key that was sent for the first time.
  fileprivate mutating func note(_ reply: TestReply, to attempt: Attempt) throws {
    if reply.isOK {
      let mutation = try attempt.mutation(reply)
      if let problem = mutation.contradiction(with: attempt) ?? (mutation.isReplayed ? "a new key is replayed" : nil) {
        problems.append("\(problem): \(mutation)")
      }
      return answered.append((attempt, .posted(mutation)))
    }
    let error = try reply.error()
    if error.reason == TestError.insufficientFunds, reply.isNotExecuted, !error.isReplayed {
      answered.append((attempt, .refused(error)))
    } else if error.reason == TestError.unavailable, reply.isNotExecuted {
      unavailable.append(attempt)
    } else {
      problems.append("status \(reply.status), \(reply.header.flags), \(error)")
    }
  }
}

extension TestMutation {
  /// How a reply differs from what was asked for; `nil` for a good one.
  func contradiction(with attempt: Attempt) -> String? {
    if transaction.key != attempt.key { return "another key" }
    if transaction.amount != attempt.amount { return "another amount than \(attempt.amount)" }
    if commitSeq != transaction.id + (attempt.request.isTransfer ? 1 : 0) {
      return "commit_seq isn't the transaction's"
    }
    if balance != transaction.balance || version != transaction.version { return "figures beside the transaction" }
    return balance < 0 ? "a balance below zero" : nil
  }
}

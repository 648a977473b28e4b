import TestSupport

/// All that a server lists of the load's wallets.
struct Books {
  private var rows: [String: [TestTransaction]] = [:]
  private(set) var problems: [String] = []

  /// Small enough that the busy wallets take several pages.
  private static let pageSize: Int64 = 100

  init(_ client: TestClient) throws {
    var wallets: [TestWallet] = []
    var cursor = ""
    repeat {
      let page = try client.call(.wallets(of: Load.owner, cursor: cursor)).message()
      wallets += try page.all(1).map { bytes throws(TestFailure) in try TestWallet(bytes) }
      cursor = page.text(2)
    } while !cursor.isEmpty

    var histories = [[TestTransaction]](repeating: [], count: wallets.count)
    var open = wallets.indices.map { (index: $0, cursor: "") }
    while !open.isEmpty {
      let requests = open.map {
        TestRequest.transactions(wallets[$0.index].id, cursor: $0.cursor, pageSize: Self.pageSize)
      }
      var next: [(index: Int, cursor: String)] = []
      for (place, reply) in zip(open, try client.calls(requests)) {
        let page = try reply.message()
        histories[place.index] += try page.all(1).map { bytes throws(TestFailure) in try TestTransaction(bytes) }
        if !page.text(2).isEmpty { next.append((place.index, page.text(2))) }
      }
      open = next
    }
    for (wallet, history) in zip(wallets, histories) { add(wallet, history) }
  }

  /// A wallet is the fold of its rows.
  private mutating func add(_ wallet: TestWallet, _ history: [TestTransaction]) {
    var balance: Int64 = 0
    for (index, row) in history.enumerated() {
      if row.walletID != wallet.id { problems.append("wallet \(wallet.id) lists a row of \(row.walletID)") }
      if row.version != Int64(index + 1) {
        problems.append("wallet \(wallet.id): \(row.version) at place \(index + 1)")
      }
      balance += row.amount
      if row.balance != balance {
        problems.append("wallet \(wallet.id): \(row.balance) after \(row.id), not \(balance)")
      }
      if balance < 0 { problems.append("wallet \(wallet.id) is below zero after \(row.id)") }
      // The receiving side of a transfer has no key of its own.
      if !row.key.isEmpty { rows[row.key, default: []].append(row) }
    }
    if wallet.balance != balance { problems.append("wallet \(wallet.id) has \(wallet.balance), its rows \(balance)") }
    if wallet.version != Int64(history.count) { problems.append("wallet \(wallet.id) is at \(wallet.version)") }
  }

  var rowCount: Int { rows.values.reduce(0) { $0 + $1.count } }

  func row(_ key: String) -> TestTransaction? { rows[key]?.first }

  /// Every acknowledged mutation is there once and as it was told, no refusal moved anything, and nothing is there that
  /// nobody sent.
  func problems(_ answered: [(attempt: Attempt, answer: Answer)], unknown: [Attempt]) -> [String] {
    var problems = problems
    var sent = Set(unknown.map(\.key))
    for (attempt, answer) in answered {
      sent.insert(attempt.key)
      let found = rows[attempt.key] ?? []
      switch answer {
      case .posted(let mutation):
        if found != [mutation.transaction] { problems.append("\(mutation.transaction) is there as \(found)") }
      case .refused(let error):
        if !found.isEmpty { problems.append("refused with \(error), and there as \(found)") }
      }
    }
    for attempt in unknown where (rows[attempt.key]?.count ?? 0) > 1 {
      problems.append("\(attempt.key) is there twice")
    }
    problems += rows.keys.filter { !sent.contains($0) }.map { "nobody sent \($0)" }
    return problems
  }
}

/// What asking again with a key shows.
enum Repeats {
  /// An answered key gets the same answer.
  static func problems(
    _ answered: [(attempt: Attempt, answer: Answer)], _ client: TestClient, _ witness: Witness
  ) throws -> [String] {
    let replies = try witness.carry(answered.map(\.attempt), client)
    return try zip(answered, replies).compactMap { sent, reply in
      switch sent.answer {
      case .posted(let first):
        guard reply.isOK, reply.isReplayed else { return "\(sent.attempt.key) isn't replayed: \(reply.header)" }
        var again = try sent.attempt.mutation(reply)
        if !again.isReplayed { return "\(sent.attempt.key): the flag and the field differ" }
        again.isReplayed = first.isReplayed
        return again == first ? nil : "\(first) came back as \(again)"
      case .refused(let first):
        guard !reply.isOK, reply.isReplayed, reply.isNotExecuted else { return "\(first) isn't replayed" }
        var again = try reply.error()
        if !again.isReplayed { return "\(sent.attempt.key): the flag and the field differ" }
        again.isReplayed = first.isReplayed
        return again == first ? nil : "\(first) came back as \(again)"
      }
    }
  }

  /// A key whose first attempt nobody answered was applied, or is applied now: `books`, read before, say which.
  ///
  /// - Returns: The answers, which are as good as any from now on, and the count of keys that were there already.
  static func resolve(
    _ unknown: [Attempt], _ client: TestClient, books: Books, _ witness: Witness
  ) throws -> (answered: [(attempt: Attempt, answer: Answer)], applied: Int, problems: [String]) {
    var answered: [(attempt: Attempt, answer: Answer)] = []
    var applied = 0
    var problems: [String] = []
    for (attempt, reply) in zip(unknown, try witness.carry(unknown, client)) {
      let row = books.row(attempt.key)
      if reply.isOK {
        var mutation = try attempt.mutation(reply)
        if let problem = mutation.contradiction(with: attempt) { problems.append("\(problem): \(mutation)") }
        if mutation.isReplayed != (row != nil) || reply.isReplayed != mutation.isReplayed {
          problems.append("\(mutation), where the books had \(String(describing: row))")
        }
        if let row, row != mutation.transaction { problems.append("\(row) came back as \(mutation)") }
        if mutation.isReplayed { applied += 1 }
        mutation.isReplayed = false
        answered.append((attempt, .posted(mutation)))
      } else {
        var error = try reply.error()
        if error.reason != TestError.insufficientFunds || row != nil {
          problems.append("\(attempt.key) got \(error), where the books had \(String(describing: row))")
        }
        if error.isReplayed { applied += 1 }
        error.isReplayed = false
        answered.append((attempt, .refused(error)))
      }
    }
    return (answered, applied, problems)
  }
}

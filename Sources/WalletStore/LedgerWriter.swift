import WalletCore

/// Appends rows and writes what a gather changed, inside the transaction that is open.
final class LedgerWriter {
  private let transactions: TransactionTable
  private let refusals: RefusalTable
  private let idempotency: IdempotencyTable
  private let wallets: WalletTable
  private let setTotal: Statement
  private let selectExponent: Statement
  private let sha256 = SHA256()
  private var canonical = CanonicalWriter()
  private var exponents: [Text: UInt8] = [:]

  /// Bytes kept of the digest of a request.
  private static let requestDigestByteCount = 16

  init(_ database: Database, wallets: WalletTable) throws(SQLiteError) {
    self.wallets = wallets
    transactions = try TransactionTable(database)
    refusals = try RefusalTable(database)
    idempotency = try IdempotencyTable(database)
    setTotal = try database.prepare(
      """
      INSERT INTO counter_totals (currency, counter_account, total) VALUES (?, ?, ?)
      ON CONFLICT (currency, counter_account) DO UPDATE SET total = excluded.total
      """)
    selectExponent = try database.prepare("SELECT exponent FROM currencies WHERE code = ?")
  }

  /// Gives a row the digest of its request and its link in the chain, and makes it the head.
  func seal(_ row: inout some JournalRow, command: Command, wallet: Wallet?, after head: inout JournalHead) {
    seal(&row, requestDigest: digest { command.encodeCompared(wallet: wallet, into: &$0) }, after: &head)
  }

  /// The same of a batch that was refused.
  func seal(_ row: inout RefusalRow, batch: BatchCommand, after head: inout JournalHead) {
    seal(&row, requestDigest: requestDigest(batch), after: &head)
  }

  private func seal(_ row: inout some JournalRow, requestDigest: [UInt8], after head: inout JournalHead) {
    row.requestDigest = requestDigest
    canonical.reset()
    row.encode(into: &canonical)
    row.digest = sha256.digest(head.digest, canonical.bytes)
    head = JournalHead(seq: row.seq, digest: row.digest)
  }

  func append(_ result: Prior) throws(StoreError) {
    do {
      switch result {
      case .transaction(let row, _, _): try transactions.append(row)
      case .refusal(let row): try refusals.append(row)
      }
    } catch {
      throw .sqlite(error)
    }
  }

  /// Writes keys, wallets and totals; the journal's rows are appended already.
  func write(_ overlay: Overlay) throws(StoreError) {
    for (key, prior) in overlay.results { try idempotency.insert(key, seq: prior.seq) }
    // In the order of their pages.
    for changed in overlay.wallets.values.sorted(by: { $0.wallet.id < $1.wallet.id }) {
      if let version = changed.storedVersion {
        try wallets.update(changed.wallet, over: version)
      } else {
        try wallets.insert(changed.wallet)
      }
    }
    for (account, total) in overlay.totals {
      setTotal.bind(1, account.currency)
      setTotal.bind(2, account.name)
      setTotal.bind(3, total)
      try setTotal.ran()
    }
  }

  /// The first result of a key.
  func prior(_ key: IdempotencyKey) throws(StoreError) -> Prior? {
    guard let seq = try idempotency.seq(of: key) else { return nil }
    if let row = try transactions.row(seq) {
      guard let wallet = try wallets.wallet(.id(row.walletID, currency: "")) else {
        throw .inconsistent("transaction \(seq) is of wallet \(row.walletID), which is missing")
      }
      return .transaction(row, wallet.name, exponent: wallet.exponent)
    }
    if let row = try refusals.row(seq) { return .refusal(row) }
    throw .inconsistent("the key of journal row \(seq) is known, the row is missing")
  }

  /// `nil` for a currency that isn't known.
  func exponent(of currency: Text) throws(StoreError) -> UInt8? {
    if let exponent = exponents[currency] { return exponent }
    selectExponent.bind(1, currency)
    defer { selectExponent.reset() }
    guard try selectExponent.stepped() else { return nil }
    let exponent = UInt8(truncatingIfNeeded: selectExponent.integer(0))
    exponents[currency] = exponent
    return exponent
  }

  func requestDigest(_ batch: BatchCommand) -> [UInt8] { digest { batch.encodeCompared(into: &$0) } }

  /// The digest of a request's compared fields.
  private func digest(_ encode: (inout CanonicalWriter) -> Void) -> [UInt8] {
    canonical.reset()
    encode(&canonical)
    return Array(sha256.digest(canonical.bytes).prefix(Self.requestDigestByteCount))
  }
}

extension Prior {
  var seq: Int64 {
    switch self {
    case .transaction(let row, _, _): row.seq
    case .refusal(let row): row.seq
    }
  }
}

import TestSupport

/// A read, and where it goes on.
enum Read {
  case balance(Address)
  case wallet(Address)
  /// - Parameter after: The id of the last wallet of the page before.
  case wallets(owner: String, size: Int, cursor: String, after: Int64)
  /// - Parameter version: Of the last row of the page before; 0: the first page.
  case transactions(Address, size: Int, cursor: String, oldestFirst: Bool, version: Int64)
  case info
  /// - Parameter currency: Empty: all.
  case trialBalance(currency: String)
  /// A list of wallets with a cursor that isn't one of this list.
  case strange(cursor: String, Failure)

  var method: UInt16 {
    switch self {
    case .balance: 259
    case .wallet: 257
    case .wallets, .strange: 258
    case .transactions: 262
    case .info: 3
    case .trialBalance: 276
    }
  }

  var encoded: [UInt8] {
    ProtobufWriter.message { message in
      switch self {
      case .balance(let address), .wallet(let address): message.message(1) { address.write(to: &$0) }
      case .wallets(let owner, let size, let cursor, _):
        message.text(1, owner)
        message.integer(2, Int64(size))
        message.text(3, cursor)
      case .transactions(let address, let size, let cursor, let oldestFirst, _):
        message.message(1) { address.write(to: &$0) }
        message.integer(2, Int64(size))
        message.text(3, cursor)
        message.integer(4, oldestFirst ? 1 : 0)
      case .strange(let cursor, _):
        message.text(1, "owner-1")
        message.text(3, cursor)
      case .info: break
      case .trialBalance(let currency): message.text(1, currency)
      }
    }
  }
}

extension ReferenceLedger {
  /// What a read must be answered with, and the read that its cursor is for where it must have one.
  ///
  /// - Parameter now: The time of its gather.
  func answer(_ read: Read, now: Int64) -> (reply: ExpectedReply, next: Read?) {
    do throws(Failure) {
      switch read {
      case .balance(let address):
        return (ExpectedReply(message: .plain, payload: balance(try found(address), now)), nil)
      case .wallet(let address):
        let wallet = try found(address)
        let payload = ProtobufWriter.message {
          $0.message(1, self.message(wallet, now))
          $0.integer(2, seq)
        }
        return (ExpectedReply(message: .plain, payload: payload), nil)
      case .wallets(let owner, let size, _, let after): return walletPage(owner, size, after, now)
      case .transactions(let address, let size, _, let oldestFirst, let version):
        return page(of: try found(address), address, size, oldestFirst: oldestFirst, version)
      case .strange(_, let failure): throw failure
      case .trialBalance(let currency):
        return (ExpectedReply(message: .plain, payload: try trialBalance(currency)), nil)
      case .info: return (ExpectedReply(message: .info, payload: []), nil)
      }
    } catch {
      return (ExpectedReply(failure: error, commitSeq: seq, isReplay: false), nil)
    }
  }

  private func found(_ address: Address) throws(Failure) -> Wallet {
    let wallet = wallet(address)
    try requireCurrency(wallet, address.currency)
    guard let wallet else { throw .notFound(address) }
    return wallet
  }

  /// Without what holds reserve that have ended.
  private func held(_ wallet: Wallet, _ now: Int64) -> (held: Int64, isPending: Bool) {
    let due = wallet.dueHolds(at: now)
    return (wallet.state.held - due.reduce(0) { $0 + $1.state.remaining }, !due.isEmpty)
  }

  private func balance(_ wallet: Wallet, _ now: Int64) -> [UInt8] {
    let (held, isPending) = held(wallet, now)
    return ProtobufWriter.message {
      $0.integer(1, wallet.id)
      $0.integer(2, wallet.state.balance)
      $0.integer(3, held)
      $0.integer(4, Wallet.available(wallet.state.balance, held, wallet.state.overdraft))
      $0.integer(5, wallet.version)
      $0.text(6, wallet.currency)
      $0.integer(7, wallet.exponent)
      $0.integer(8, wallet.state.overdraft)
      $0.integer(9, seq)
      $0.integer(10, isPending ? 1 : 0)
    }
  }

  private func message(_ wallet: Wallet, _ now: Int64) -> [UInt8] {
    let (held, isPending) = held(wallet, now)
    return ProtobufWriter.message {
      $0.integer(1, wallet.id)
      $0.text(2, wallet.owner)
      $0.text(3, wallet.currency)
      $0.integer(4, wallet.exponent)
      $0.text(5, wallet.name)
      $0.integer(6, wallet.state.isClosed ? 2 : 1)
      $0.integer(7, wallet.state.balance)
      $0.integer(8, held)
      $0.integer(9, Wallet.available(wallet.state.balance, held, wallet.state.overdraft))
      $0.integer(10, wallet.state.overdraft)
      $0.integer(11, wallet.version)
      $0.integer(12, wallet.createdAt)
      $0.text(13, "local")
      $0.integer(14, wallet.state.updatedAt)
      $0.text(15, wallet.state.updatedBy)
      $0.integer(16, isPending ? 1 : 0)
    }
  }

  private func trialBalance(_ currency: String) throws(Failure) -> [UInt8] {
    if !currency.isEmpty, exponents[currency] == nil { throw .currency(.currencyUnknown, "", currency) }
    var codes = Set(wallets.map(\.currency)).union(registered)
    if !currency.isEmpty { codes = [currency] }
    return ProtobufWriter.message { response in
      for code in codes.sorted(by: { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }) {
        let total = wallets.reduce(Int64(0)) { $1.currency == code ? $0 &+ $1.state.balance : $0 }
        let accounts = totals.filter { $0.key.currency == code }.sorted { $0.key.name < $1.key.name }
        response.message(1) { balance in
          balance.text(1, code)
          balance.integer(2, exponents[code] ?? 0)
          balance.integer(3, total)
          for account in accounts {
            balance.message(4) {
              $0.text(1, account.key.name)
              $0.integer(2, account.value)
            }
          }
          balance.integer(6, registered.contains(code) ? 1 : 0)
        }
      }
      response.integer(2, seq)
      for name in counterAccounts.sorted() { response.text(3, name) }
    }
  }

  private func walletPage(_ owner: String, _ size: Int, _ after: Int64, _ now: Int64) -> (ExpectedReply, Read?) {
    let all = wallets.filter { $0.owner == owner && $0.id > after }
    let shown = all.prefix(size)
    let payload = ProtobufWriter.message { page in
      for wallet in shown { page.message(1, message(wallet, now)) }
      page.integer(3, seq)
    }
    let next =
      all.count > shown.count ? Read.wallets(owner: owner, size: size, cursor: "", after: shown.last?.id ?? 0) : nil
    return (ExpectedReply(message: .wallets, payload: payload), next)
  }

  private func page(
    of wallet: Wallet, _ address: Address, _ size: Int, oldestFirst: Bool, _ version: Int64
  ) -> (ExpectedReply, Read?) {
    var shown: [Row]
    let isLast: Bool
    if oldestFirst {
      shown = Array(wallet.rows[Int(version)...].prefix(size))
      isLast = Int(version) + shown.count == wallet.rows.count
    } else {
      let rest = version == 0 ? wallet.rows[...] : wallet.rows[..<(Int(version) - 1)]
      shown = rest.suffix(size).reversed()
      isLast = shown.count == rest.count
    }
    let payload = ProtobufWriter.message { page in
      for row in shown { page.message(1, row.wire) }
      page.text(3, wallet.currency)
      page.integer(4, wallet.exponent)
      page.integer(5, seq)
    }
    let reply = ExpectedReply(message: .transactions, payload: payload, rows: shown)
    guard !isLast, let last = shown.last else { return (reply, nil) }
    return (
      reply, .transactions(address, size: size, cursor: "", oldestFirst: oldestFirst, version: last.version)
    )
  }
}

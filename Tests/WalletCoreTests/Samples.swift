import WalletCore

/// A command, facts and a wallet in which everything is in order; tests bend one thing at a time.
enum Sample {
  static let now: Int64 = 1_700_000_000_000_000
  static let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "tests")
  static let name = WalletName(owner: "u1", currency: "USD", name: "main")

  static func key(_ text: String = "key-00000001") -> IdempotencyKey {
    IdempotencyKey(text) ?? .text("invalid")
  }

  static func command(
    _ verb: Verb = .debit, amount: Int64 = 100, wallet: WalletReference = .name(name), expectedVersion: Int64 = 0,
    counterAccount: Text = "", audit: Command.Audit = .init(reason: "esim.purchase"), violation: Failure? = nil
  ) -> Command {
    Command(
      verb: verb, key: key(), wallet: wallet, amount: verb == .openWallet ? 0 : amount,
      expectedVersion: expectedVersion, counterAccount: counterAccount, audit: audit, origin: origin,
      violation: violation)
  }

  static func wallet(
    balance: Int64 = 500, held: Int64 = 0, overdraftLimit: Int64 = 0, version: Int64 = 7
  ) -> WalletAccount {
    WalletAccount(
      id: 5, currency: "USD", exponent: 2, balance: balance, held: held, overdraftLimit: overdraftLimit,
      version: version, lastSeq: 41)
  }

  static func facts(
    prior: Prior? = nil, wallet: WalletAccount? = wallet(), exponent: UInt8? = 2, counterAccountTotal: Int64? = 0
  ) -> Facts {
    Facts(
      prior: prior, wallet: wallet, exponent: exponent, counterAccountTotal: counterAccountTotal, nextSeq: 42,
      nextWalletID: 6)
  }
}

extension Decision {
  /// The code that the decision answers with; `nil` when it posts or replays a transaction.
  var reason: ErrorReason? {
    switch self {
    case .fail(let failure): failure.reason
    case .refuse(let failure): failure.reason
    case .replay(.refusal(let row)): row.reason
    case .post, .transfer, .replay: nil
    }
  }

  /// The row of a posting, and the wallet after it.
  func posted(for command: Command) -> (row: TransactionRow, wallet: WalletAccount)? {
    guard case .post(let posting) = self else { return nil }
    return (TransactionRow(posting, for: command.attribution), posting.wallet)
  }

  /// The row of a refusal.
  func refused(_ command: Command, walletID: Int64? = 5) -> RefusalRow? {
    guard case .refuse(let failure) = self else { return nil }
    return RefusalRow(refusing: command, walletID: walletID, failure: failure, seq: 42, createdAt: Sample.now)
  }

  var isRemembered: Bool {
    if case .refuse = self { true } else { false }
  }
}

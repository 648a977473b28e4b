import FaultSupport
import WalletCore

@testable import WalletStore

/// Requests of verbs with parameters.
extension LedgerFixture {
  static let minute: Int64 = 60_000_000
  static let day: Int64 = 86_400_000_000

  func special(
    _ verb: Verb, _ owner: String? = nil, _ amount: Int64 = 0, _ parameters: Command.Parameters,
    key: IdempotencyKey? = nil, expectedVersion: Int64 = 0
  ) -> Command {
    Command(
      verb: verb, key: key ?? newKey(), wallet: owner.map { .name(Self.name($0)) } ?? WalletReference.none,
      amount: amount, expectedVersion: expectedVersion, audit: Command.Audit(reason: "test"),
      origin: Origin(actor: "local", source: "127.0.0.1", clientName: "tests"), parameters: parameters)
  }

  func hold(_ owner: String, _ amount: Int64, timeout: Int64 = minute, key: IdempotencyKey? = nil) -> Command {
    special(.hold, owner, amount, .hold(timeout: timeout), key: key)
  }

  func capture(_ hold: Int64, _ amount: Int64 = 0, isFinal: Bool = false, key: IdempotencyKey? = nil) -> Command {
    special(.capture, nil, amount, .capture(holdID: hold, isFinal: isFinal), key: key)
  }

  func release(_ hold: Int64, key: IdempotencyKey? = nil) -> Command {
    special(.release, nil, 0, .release(holdID: hold), key: key)
  }

  func refund(_ seq: Int64, _ amount: Int64 = 0, key: IdempotencyKey? = nil) -> Command {
    special(.refund, nil, amount, .refund(seq: seq), key: key)
  }

  func transfer(_ owner: String, _ to: String, _ amount: Int64, key: IdempotencyKey? = nil) -> Command {
    special(.transfer, owner, amount, .transfer(to: .name(Self.name(to))), key: key)
  }

  func freeze(_ owner: String, _ scope: FreezeScope, until: Int64 = 0) -> Command {
    special(.freeze, owner, 0, .freeze(scope, until: until))
  }

  func setLimits(_ owner: String, _ change: (inout WalletLimits) -> Void) -> Command {
    var limits = WalletLimits()
    change(&limits)
    return special(.setLimits, owner, 0, .limits(limits))
  }

  func registerCurrency(_ code: Text, exponent: UInt32 = 0, key: IdempotencyKey? = nil) -> Command {
    special(.registerCurrency, nil, 0, .currency(code: code, exponent: exponent), key: key)
  }

  func addCounterAccount(_ name: Text, key: IdempotencyKey? = nil) -> Command {
    special(.addCounterAccount, nil, 0, .counterAccount(name: name), key: key)
  }

  func trialBalance(_ currency: Text = "") throws -> TrialBalance? {
    let outcomes = try store.perform([.trialBalance(currency: currency)], reading: reading, isDue: { _ in true })
    guard case .trialBalance(let balance, let commitSeq) = outcomes[0], commitSeq == store.head.seq else { return nil }
    return balance
  }

  func one(_ command: Command) throws -> LedgerOutcome { try perform(command)[0] }

  /// A ledger with wallets of these balances.
  static func with(
    _ balances: KeyValuePairs<String, Int64>, _ settings: StoreSettings = settings, disk: FaultDisk? = nil
  ) throws -> LedgerFixture {
    let ledger = try LedgerFixture(settings, disk: disk)
    for (owner, balance) in balances {
      _ = try ledger.perform(ledger.command(.openWallet, owner))
      if balance > 0 { _ = try ledger.perform(ledger.command(.credit, owner, balance)) }
    }
    return ledger
  }
}

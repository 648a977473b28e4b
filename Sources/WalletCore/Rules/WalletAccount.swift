/// What rules know of a wallet: its figures, and no names.
package struct WalletAccount: Equatable, Sendable {
  package var id: Int64
  package var currency: Text
  package var exponent: UInt8
  package var status: Wallet.Status
  /// Posted, in minor units.
  package var balance: Int64
  package var held: Int64
  package var overdraftLimit: Int64
  package var version: Int64
  /// The seq of its last transaction; 0 before its first.
  package var lastSeq: Int64

  @inlinable
  package init(
    id: Int64, currency: Text, exponent: UInt8, status: Wallet.Status = .open, balance: Int64 = 0, held: Int64 = 0,
    overdraftLimit: Int64 = 0, version: Int64 = 0, lastSeq: Int64 = 0
  ) {
    self.id = id
    self.currency = currency
    self.exponent = exponent
    self.status = status
    self.balance = balance
    self.held = held
    self.overdraftLimit = overdraftLimit
    self.version = version
    self.lastSeq = lastSeq
  }

  package var available: Int64 { Wallet.available(balance: balance, held: held, overdraftLimit: overdraftLimit) }
}

/// A change of a wallet that the rules allow: what the row of the journal says beyond the request.
package struct Posting: Equatable, Sendable {
  package var seq: Int64
  package var kind: TransactionKind
  /// The wallet after it.
  package var wallet: WalletAccount
  /// Signed change of the balance, minor units.
  package var amount: Int64
  /// The wallet's row before this one; 0 for its first.
  package var previousSeq: Int64
  package var counterAccount: Text
  package var createdAt: Int64
}

extension TransactionRow {
  /// The row of a posting, without its digests.
  package init(_ posting: borrowing Posting, for command: borrowing Command) {
    self.init(
      seq: posting.seq, kind: posting.kind, walletID: posting.wallet.id, version: posting.wallet.version,
      amount: posting.amount, balance: posting.wallet.balance, held: posting.wallet.held,
      overdraftLimit: posting.wallet.overdraftLimit, counterAccount: posting.counterAccount,
      attribution: command.attribution, createdAt: posting.createdAt)
    previousSeq = posting.previousSeq
    if posting.kind == .open, case .name(let name) = command.wallet {
      detail = OpenDetail(name: name, exponent: posting.wallet.exponent).encoded
    }
  }
}

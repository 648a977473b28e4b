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

/// A wallet as its transactions left it.
public struct Wallet: Equatable, Sendable {
  public enum Status: UInt8, Sendable {
    case open = 1
    case closed = 2
  }

  public var id: Int64
  public var name: WalletName
  public var exponent: UInt8
  public var status: Status
  /// Posted, in minor units.
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  /// The count of its transactions.
  public var version: Int64
  public var createdAt: Int64
  public var createdBy: Text
  public var updatedAt: Int64
  public var updatedBy: Text
  /// The seq of its last transaction.
  public var lastSeq: Int64
  /// Holds have come to their end whose expiry isn't in the journal yet; `held` is without them.
  public var isExpiryPending = false

  public init(
    id: Int64, name: WalletName, exponent: UInt8, status: Status = .open, balance: Int64 = 0, held: Int64 = 0,
    overdraftLimit: Int64 = 0, version: Int64, createdAt: Int64, createdBy: Text, updatedAt: Int64, updatedBy: Text,
    lastSeq: Int64
  ) {
    self.id = id
    self.name = name
    self.exponent = exponent
    self.status = status
    self.balance = balance
    self.held = held
    self.overdraftLimit = overdraftLimit
    self.version = version
    self.createdAt = createdAt
    self.createdBy = createdBy
    self.updatedAt = updatedAt
    self.updatedBy = updatedBy
    self.lastSeq = lastSeq
  }

  /// Takes over what a transaction says: a wallet is the fold of its transactions.
  public mutating func apply(_ row: borrowing TransactionRow) {
    balance = row.balance
    held = row.held
    overdraftLimit = row.overdraftLimit
    version = row.version
    if row.kind == .close { status = .closed }
    updatedAt = row.createdAt
    updatedBy = row.attribution.origin.actor
    lastSeq = row.seq
  }

  /// What may be spent: balance - held + overdraft limit.
  public var available: Int64 { Self.available(balance: balance, held: held, overdraftLimit: overdraftLimit) }

  public static func available(balance: Int64, held: Int64, overdraftLimit: Int64) -> Int64 {
    Int64(clamping: Int128(balance) - Int128(held) + Int128(overdraftLimit))
  }
}

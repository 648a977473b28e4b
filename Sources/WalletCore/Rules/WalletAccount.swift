/// What rules know of a wallet: its figures, and no names. Nothing in it is a reference: copying one is copying bytes.
public struct WalletAccount: Equatable, Sendable {
  public var id: Int64
  @usableFromInline var currencyCode: CurrencyCode
  public var exponent: UInt8
  public var status: Wallet.Status
  /// Posted, in minor units.
  public var balance: Int64
  public var held: Int64
  public var overdraftLimit: Int64
  public var version: Int64
  /// The seq of its last transaction; 0 before its first.
  public var lastSeq: Int64

  /// - Parameter currency: Of `LedgerLimits.currencyBytesMax` bytes at most.
  @inlinable
  public init(
    id: Int64, currency: Text, exponent: UInt8, status: Wallet.Status = .open, balance: Int64 = 0, held: Int64 = 0,
    overdraftLimit: Int64 = 0, version: Int64 = 0, lastSeq: Int64 = 0
  ) {
    self.id = id
    currencyCode = CurrencyCode(currency)
    self.exponent = exponent
    self.status = status
    self.balance = balance
    self.held = held
    self.overdraftLimit = overdraftLimit
    self.version = version
    self.lastSeq = lastSeq
  }

  @inlinable
  public var currency: Text {
    get { currencyCode.text }
    set { currencyCode = CurrencyCode(newValue) }
  }

  public var available: Int64 { Wallet.available(balance: balance, held: held, overdraftLimit: overdraftLimit) }
}

/// What a row of the journal did. Numbers are those of `TransactionKind` in wallet.proto and are never reused.
public enum TransactionKind: UInt8, Sendable, CaseIterable {
  case open = 1
  case debit = 2
  case credit = 3
  case transferOut = 4
  case transferIn = 5
  case hold = 6
  case capture = 7
  case release = 8
  case expire = 9
  case refund = 10
  case freeze = 11
  case unfreeze = 12
  case setLimits = 13
  case close = 14
}

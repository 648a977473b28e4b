/// The verbs by the numbers of `Method` in wallet.proto.
public enum Verb: UInt16, Sendable, CaseIterable {
  case ping = 1
  case getSchema = 2
  case getServerInfo = 3
  /// No request: what the audit row of a HELLO is about.
  case hello = 4
  case openWallet = 256
  case getWallet = 257
  case listWallets = 258
  case getBalance = 259
  case debit = 260
  case credit = 261
  case listTransactions = 262
  case transfer = 263
  case hold = 264
  case capture = 265
  case release = 266
  case refund = 267
  case freeze = 268
  case unfreeze = 269
  case setLimits = 270
  case closeWallet = 271
  case batch = 272
  case getBalanceAt = 273
  case explainBalance = 274
  case listRefusals = 275
  case trialBalance = 276
  case verify = 277
  case watchTransactions = 278
  case registerCurrency = 512
  case addCounterAccount = 513
  case createToken = 514
  case revokeToken = 515
  case listTokens = 516
  case backup = 517
  case importLedger = 518
}

/// The accounts that stand against the wallets in double entry and that every ledger has.
public enum CounterAccount {
  public static let sales: Text = "sales"
  public static let funding: Text = "funding"
  public static let refunds: Text = "refunds"
  public static let adjustments: Text = "adjustments"
  public static let opening: Text = "opening"

  public static let builtIn = [sales, funding, refunds, adjustments, opening]

  /// The account of a verb whose request names none; `nil` for a verb that posts nothing against one.
  public static func standard(for verb: Verb) -> Text? {
    switch verb {
    case .debit, .capture: sales
    case .credit: funding
    case .refund: refunds
    default: nil
    }
  }
}

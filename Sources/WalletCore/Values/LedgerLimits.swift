/// The bounds of the ledger's fields, in bytes unless said otherwise.
public enum LedgerLimits {
  public static let identifierBytesMax = 64
  public static let walletNameBytesMax = 32
  public static let reasonBytesMax = 64
  public static let currencyBytesMax = 16
  public static let counterAccountBytesMax = 32
  public static let referenceBytesMax = 128
  public static let noteBytesMax = 256
  public static let clientNameBytesMax = 64
  public static let metadataPairsMax = 16
  public static let metadataBytesMax = 1024
  public static let cursorBytesMax = 256
  /// Wallets that a watch may name.
  public static let watchedWalletsMax = 1000
  /// SHA-256.
  public static let digestBytes = 32
  public static let pageRowsDefault = 50
  public static let pageRowsMax = 1000
  /// Rows of a wallet that one explanation adds up.
  public static let explainedRowsMax: Int64 = 1_000_000
  /// Kinds and reasons that it tells apart.
  public static let explainedSumsMax = 300
  /// Open holds that it tells one by one.
  public static let explainedHoldsMax = 1000
  public static let explainedChangesDefault = 10
  public static let explainedChangesMax = 100
  public static let pageBytesMax = 512 * 1024
  /// Rows that a filtered page looks at.
  public static let pageLooksMax = 10_000
  /// Places of a wallet's history that a read takes along; between two of them lie the more rows the more there are.
  public static let historyPlacesMax = 64
  /// Currencies that administrators may register, beside those of ISO 4217.
  public static let registeredCurrenciesMax = 1000
  /// Counter-accounts, with those that every ledger has.
  public static let counterAccountsMax = 1000
  /// Grants that weren't revoked.
  public static let grantsMax = 10_000
  /// Those that were are remembered by name so long.
  public static let revokedGrantsMax = 1000
  /// Tokens of a principal that let somebody in: an old one and a new one, while callers change over.
  public static let liveTokensMax = 2
  public static let grantCurrenciesMax = 32
  public static let certificateNameBytesMax = 255
  /// Totals of counter-accounts that one TrialBalance tells; of a single currency it always tells all.
  public static let trialBalanceTotalsMax = 10_000
}

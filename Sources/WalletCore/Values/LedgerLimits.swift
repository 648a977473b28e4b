/// The bounds of the ledger's fields, in bytes unless said otherwise.
package enum LedgerLimits {
  package static let identifierBytesMax = 64
  package static let walletNameBytesMax = 32
  package static let reasonBytesMax = 64
  package static let currencyBytesMax = 16
  package static let counterAccountBytesMax = 32
  package static let referenceBytesMax = 128
  package static let noteBytesMax = 256
  package static let clientNameBytesMax = 64
  package static let metadataPairsMax = 16
  package static let metadataBytesMax = 1024
  package static let cursorBytesMax = 256
  /// Wallets that a watch may name.
  package static let watchedWalletsMax = 1000
  /// SHA-256.
  package static let digestBytes = 32
  package static let pageRowsDefault = 50
  package static let pageRowsMax = 1000
  /// Rows of a wallet that one explanation adds up.
  package static let explainedRowsMax: Int64 = 1_000_000
  /// Kinds and reasons that it tells apart.
  package static let explainedSumsMax = 300
  /// Open holds that it tells one by one.
  package static let explainedHoldsMax = 1000
  package static let explainedChangesDefault = 10
  package static let explainedChangesMax = 100
  package static let pageBytesMax = 512 * 1024
  /// Rows that a filtered page looks at.
  package static let pageLooksMax = 10_000
  /// Places of a wallet's history that a read takes along; between two of them lie the more rows the more there are.
  package static let historyPlacesMax = 64
  /// Currencies that administrators may register, beside those of ISO 4217.
  package static let registeredCurrenciesMax = 1000
  /// Counter-accounts, with those that every ledger has.
  package static let counterAccountsMax = 1000
  /// Grants that weren't revoked.
  package static let grantsMax = 10_000
  /// Those that were are remembered by name so long.
  package static let revokedGrantsMax = 1000
  /// Tokens of a principal that let somebody in: an old one and a new one, while callers change over.
  package static let liveTokensMax = 2
  package static let grantCurrenciesMax = 32
  package static let certificateNameBytesMax = 255
  /// Totals of counter-accounts that one TrialBalance tells; of a single currency it always tells all.
  package static let trialBalanceTotalsMax = 10_000
}

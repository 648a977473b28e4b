internal import WalletCore

/// What an operator may set of a store.
package struct StoreSettings: Sendable {
  /// Below this much free space mutations are refused, bytes.
  package var freeBytesMin: Int64 = 64 << 20
  /// Wallets kept in memory (`WalletCache.bytesPerWallet` each), beyond those that aren't on disk yet.
  package var cachedWalletsMax = 500_000
  /// Pages of log after which a checkpoint is taken between commits. More would spare writes, and stall a commit longer.
  package var logFramesBeforeCheckpoint = 1000
  /// The operator says that the wall clock is right, whatever the last stored time.
  package var acceptsClock = false
  /// SQLite's name of the file system; `nil` for the machine's.
  package var vfs: String?
  package var listLimits = ListLimits()

  package struct ListLimits: Sendable {
    package var pageBytesMax = LedgerLimits.pageBytesMax
  }

  package init() {}
}

internal import WalletCore

/// What an operator may set of a store.
package struct StoreSettings: Sendable {
  /// Below this much free space mutations are refused, bytes.
  package var freeBytesMin: Int64 = 64 << 20
  /// Wallets kept in memory (`WalletCache.bytesPerWallet` each), beyond those that aren't on disk yet.
  package var cachedWalletsMax = 500_000
  /// Segments of keys of which memory knows where they begin: one for up to 184 keys. Of more, it is looked up for each key that
  /// doesn't grow with time.
  package var keyFencesMax = 1 << 20
  /// Segments of keys of which memory knows which keys they surely don't have (`KeyFilters.bytesPerFilter` each). They are those
  /// that were looked into first.
  package var keyFiltersMax = 1 << 18
  /// Pages that are added to the log before they are moved into the database file. More would go to the disk in larger pieces,
  /// for which the syncs of commits wait.
  package var logFramesBeforeCheckpoint = 250
  /// How many such moves a log sees before it begins anew, for which commits have to wait. More would make a start longer.
  package var logMovesBeforeAnew = 64
  /// The operator says that the wall clock is right, whatever the last stored time.
  package var acceptsClock = false
  /// SQLite's name of the file system; `nil` for the machine's.
  package var vfs: String?
  /// Where backups are put; `nil`: none are made.
  package var backupFolder: String?
  package var listLimits = ListLimits()
  package var watchLimits = WatchLimits()
  package var trailing = Trailing()
  package var verifying = Verifying()

  package struct ListLimits: Sendable {
    package var pageBytesMax = LedgerLimits.pageBytesMax
    package var pageLooksMax = LedgerLimits.pageLooksMax
    /// Rows that an explanation reads before others have their turn: some 10 ms.
    package var explainSliceRows = 500
  }

  package struct WatchLimits: Sendable {
    /// Rows that one step of a watch looks at.
    package var stepRowsMax = 2_000
    /// Rows that pass no filter, after which a watch tells its place.
    package var rowsWithoutEventMax = 10_000
    /// Wallets whose currency is kept in memory.
    package var currenciesMax = 10_000
  }

  /// How far the projections may trail the journal, and in which shares they follow it. Tests make them small.
  package struct Trailing: Sendable {
    /// How much quicker what was closed is written than what follows it fills.
    static let haste = 1.25

    /// Rows after which a generation is closed and written.
    package var generationRows = 90_000
    /// A generation that has grown to this waits for the one before it to be finished, in one commit: the bound of what
    /// trails is twice this and a gather.
    package var generationRowsMax = 98_304
    /// Rows after which the wallets that they changed are closed and written; sooner where `generationRows` wallets were. One
    /// `UPDATE` costs more than a row, so a wallet that changes often is written for many of its rows at once.
    package var walletRows = 270_000
    /// Rows that wait for the wallets before them to be written, in one commit: twice this and a gather is the bound of the
    /// rows that a start reads for the wallets.
    package var walletRowsMax = 294_912
    /// Entries that make a step worth its pages. Who comes meanwhile waits for a step.
    package var stepMin = 128
    /// Entries that may be written in one step, outside of a flood.
    package var stepMax = 8192
    /// Rows that a start brings up to date in one commit.
    package var recoveryRows = 16_384

    package init() {}

    /// Smaller or larger generations, with all that goes by them.
    package init(generationRows rows: Int) {
      generationRows = rows
      generationRowsMax = rows + max(1, rows / 10)
      walletRows = 2 * rows + rows / 2
      walletRowsMax = walletRows + max(1, walletRows / 10)
      stepMin = max(1, rows / 64)
      stepMax = max(1, rows / 10)
      recoveryRows = rows
    }
  }

  package init() {}
}

extension StoreSettings {
  /// How much a verification takes at once. Tests make it small.
  package struct Verifying: Sendable {
    /// Findings that are told one by one.
    package var findingsToldMax = 1000
    /// Rows of the journal that are read in one snapshot.
    package var pageRows = 2048
    /// Wallets that one pass over the journal folds; where there are more, there are more passes.
    package var walletsMax = 500_000
    /// Open holds and refunded rows that a pass keeps, and entries that are kept to find out which of them differ.
    package var entriesMax = 500_000
    /// Buckets in which the entries of an index are added up. A power of two.
    package var bucketCount = 1 << 16
    /// Rows of other tables that are compared in one snapshot.
    package var comparedPerStep = 512
    /// Pages that are read in one snapshot to come up to its last row.
    package var catchUpPages = 16
    /// Rows that may come while it runs; past that it gives up.
    package var catchUpRowsMax: Int64 = 100_000_000
    /// Rows that are passed over where the file can't be read.
    package var unreadableRows: Int64 = 64
    /// Pages that are copied between two gathers, and when nothing is asked.
    package var copyPagesBusy: Int32 = 64
    package var copyPagesIdle: Int32 = 1024
    /// How long a step waits for what others do, milliseconds.
    package var pollMilliseconds = 50
    /// Between two tellings of progress.
    package var progressMicroseconds: Int64 = 250_000

    package init() {}
  }
}

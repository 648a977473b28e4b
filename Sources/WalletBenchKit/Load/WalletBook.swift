/// What the server must have, by the operations that it has acknowledged.
package final class WalletBook {
  /// Side by side, so that an operation on a wallet touches one place of the memory.
  private struct Entry: BitwiseCopyable {
    /// The server's id; 0 while the wallet isn't open.
    var id: Int64 = 0
    var balance: Int64 = 0
    var version: Int64 = 0
  }

  /// An acknowledged row that isn't in `entries` yet.
  private struct Posting: BitwiseCopyable {
    var wallet = 0
    var change: Int64 = 0
  }

  private static let postingsMax = 256

  private let entries: FixedArray<Entry>
  /// Rows are entered many at a time, so that the processor waits for the memory once and not for each row.
  private let postings = FixedArray(repeating: Posting(), count: WalletBook.postingsMax)
  private var postingsCount = 0
  /// Wallets with an operation whose outcome never became known: they can't be compared.
  package private(set) var uncertain: Set<Int> = []

  package init(count: Int) {
    entries = FixedArray(repeating: Entry(), count: count)
  }

  package var count: Int { entries.count }

  package func id(_ wallet: Int) -> Int64 { entries[wallet].id }

  /// The opening is the first row of a wallet.
  package func opened(_ wallet: Int, id: Int64, balance: Int64 = 0, version: Int64 = 1) {
    enterPostings()
    entries[wallet] = Entry(id: id, balance: balance, version: version)
  }

  /// One acknowledged row.
  package func posted(_ wallet: Int, change: Int64) {
    postings[postingsCount] = Posting(wallet: wallet, change: change)
    postingsCount += 1
    if postingsCount == Self.postingsMax { enterPostings() }
  }

  private func enterPostings() {
    for index in 0..<postingsCount {
      let posting = postings[index]
      entries[posting.wallet].balance += posting.change
      entries[posting.wallet].version += 1
    }
    postingsCount = 0
  }

  package func becameUncertain(_ wallet: Int) { uncertain.insert(wallet) }

  /// `nil` when the server has what it must have.
  ///
  /// - Parameter version: `nil` where the server has none.
  package func difference(_ wallet: Int, balance: Int64, version: Int64?) -> Difference? {
    enterPostings()
    let entry = entries[wallet]
    if entry.balance == balance, version == nil || entry.version == version { return nil }
    return Difference(
      walletID: entry.id, expectedBalance: entry.balance, foundBalance: balance, expectedVersion: entry.version,
      foundVersion: version ?? entry.version)
  }
}

/// A wallet that isn't as its acknowledged operations made it.
package struct Difference: Codable, Equatable, Sendable, CustomStringConvertible {
  package var walletID: Int64
  package var expectedBalance: Int64
  package var foundBalance: Int64
  package var expectedVersion: Int64
  package var foundVersion: Int64

  package var description: String {
    "wallet \(walletID): balance \(foundBalance), expected \(expectedBalance); "
      + "version \(foundVersion), expected \(expectedVersion)"
  }
}

/// What the server must have, by the operations that it has acknowledged.
package final class WalletBook {
  /// The server's ids; 0 while a wallet isn't open.
  private(set) var ids: [Int64]
  private var balances: [Int64]
  private var versions: [Int64]
  /// Wallets with an operation whose outcome never became known: they can't be compared.
  package private(set) var uncertain: Set<Int> = []

  package init(count: Int) {
    ids = Array(repeating: 0, count: count)
    balances = Array(repeating: 0, count: count)
    versions = Array(repeating: 0, count: count)
  }

  package var count: Int { ids.count }

  package func id(_ wallet: Int) -> Int64 { ids[wallet] }

  package func opened(_ wallet: Int, id: Int64) {
    ids[wallet] = id
    // The opening is the first row of a wallet.
    versions[wallet] = 1
  }

  /// One acknowledged row.
  package func posted(_ wallet: Int, change: Int64) {
    balances[wallet] += change
    versions[wallet] += 1
  }

  package func becameUncertain(_ wallet: Int) { uncertain.insert(wallet) }

  /// `nil` when the server has what it must have.
  package func difference(_ wallet: Int, balance: Int64, version: Int64) -> Difference? {
    if balances[wallet] == balance, versions[wallet] == version { return nil }
    return Difference(
      walletID: ids[wallet], expectedBalance: balances[wallet], foundBalance: balance,
      expectedVersion: versions[wallet], foundVersion: version)
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

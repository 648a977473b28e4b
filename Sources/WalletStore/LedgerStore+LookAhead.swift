import WalletCore

/// Wallets and keys are spread over far more memory than the processor keeps near. What is asked for some time before it
/// is used arrives side by side; in its turn each request would wait for it.
extension LedgerStore {
  /// Requests that are looked ahead. What many more need would be gone again before its turn.
  private static let requestsAhead = 16

  /// Brings near what requests to come will look up: a key and the place of a wallet first, the wallet when that has
  /// arrived.
  @inline(__always)
  func lookAhead(from index: Int, of count: Int, _ lookUp: (Int) -> LookUp?) {
    let ahead = Self.requestsAhead
    if index == 0 {
      for first in 0..<min(ahead, count) { bringPlacesNear(lookUp(first)) }
      for first in 0..<min(ahead / 2, count) { bringWalletNear(lookUp(first)) }
    }
    if index + ahead < count { bringPlacesNear(lookUp(index + ahead)) }
    if index + ahead / 2 < count { bringWalletNear(lookUp(index + ahead / 2)) }
  }

  @inline(__always)
  private func bringPlacesNear(_ lookUp: LookUp?) {
    guard let lookUp else { return }
    cache.prefetchPlace(lookUp.walletID)
    projector.prefetch(lookUp)
  }

  @inline(__always)
  private func bringWalletNear(_ lookUp: LookUp?) { if let lookUp { cache.prefetchWallet(lookUp.walletID) } }
}

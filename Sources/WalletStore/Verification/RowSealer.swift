import WalletCore

/// Makes a row's link in the chain of digests again, out of what the row says.
final class RowSealer {
  private var canonical = CanonicalWriter()

  /// SHA-256 over the digest of the row before and this row's canonical encoding.
  func digest(of row: borrowing some JournalRow, after digest: ShortBytes) -> ShortBytes {
    canonical.reset()
    row.encode(into: &canonical)
    return SHA256.digest(digest, canonical)
  }

  /// Where the chain of a ledger begins: at the digest of its name.
  static func genesis(ledgerID: String) -> ShortBytes { SHA256.digest(Array("walletd ledger \(ledgerID)".utf8)) }
}

import Foundation
import TestSupport
import Testing

@testable import WalletStore

extension Database {
  /// Makes a file what it was before the rows of wallets had a watermark of their own. They must not trail further than all else.
  func becomeVersion4() throws {
    let view = try #require(try text("SELECT sql FROM sqlite_schema WHERE name = 'wallet_balances'"))
    #expect(view.contains("'wallets'"))
    #expect(try Watermark.stored(self, .wallets) >= Watermark.stored(self, .others))
    try execute(
      """
      DROP VIEW wallet_balances; \(view.replacingOccurrences(of: "'wallets'", with: "'ledger'"));
      DELETE FROM projections WHERE name = 'wallets';
      UPDATE meta SET value = 4 WHERE key = 'schema_version';
      """)
  }
}

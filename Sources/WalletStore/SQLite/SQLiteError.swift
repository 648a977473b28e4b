import CSQLite
import WalletCore

/// A result code of SQLite that is neither OK, ROW nor DONE, with what it says about itself.
struct SQLiteError: Error, Equatable {
  /// Extended result code.
  var code: Int32
  var message: String
  var statement: String

  /// The code without its extension.
  var primary: Int32 { code & 0xFF }

  var fault: LedgerFault { LedgerFault(.storage, description) }
}

extension SQLiteError: CustomStringConvertible {
  var description: String {
    let name = unsafe sqlite3_errstr(code).map { unsafe String(cString: $0) } ?? "?"
    let place = statement.isEmpty ? "" : " in \"\(statement.prefix(60))\""
    return "SQLite \(code) (\(name))\(place): \(message)"
  }
}

/// Up to which row of the journal a part of the projections surely shows everything; single entries may be of later ones.
final class Watermark {
  /// What has one of its own.
  enum Part: String {
    /// Rows of `wallets`.
    case wallets
    /// Everything else: keys, references, places of histories and totals.
    case others = "ledger"
  }

  private let database: Database
  private let part: Part
  private let set: Statement

  init(_ database: Database, _ part: Part) throws(SQLiteError) {
    self.database = database
    self.part = part
    set = try database.prepare("UPDATE projections SET seq = ? WHERE name = '\(part.rawValue)'")
  }

  /// - Returns: -1 where the table lacks it.
  static func stored(_ database: Database, _ part: Part) throws(StoreError) -> Int64 {
    do throws(SQLiteError) {
      let select = try database.prepare("SELECT seq FROM projections WHERE name = '\(part.rawValue)'")
      return try select.step() ? select.integer(0) : -1
    } catch {
      throw .sqlite(error)
    }
  }

  func move(to seq: Int64) throws(StoreError) {
    set.bind(1, seq)
    try set.ran()
    guard database.changes == 1 else {
      throw .inconsistent("the table of projections has no row named \(part.rawValue)")
    }
  }
}

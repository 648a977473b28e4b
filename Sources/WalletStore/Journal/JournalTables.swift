import WalletCore

/// Writes rows of the journal as they are: they were sealed before.
final class JournalTables {
  private struct Tables {
    let origins: OriginTable
    let transactions: TransactionTable
    let refusals: RefusalTable
    let administration: AdministrationTable
  }

  private var tables: Tables?

  init(_ database: Database) throws(SQLiteError) {
    let origins = try OriginTable(database)
    tables = Tables(
      origins: origins, transactions: try TransactionTable(database, origins: origins),
      refusals: try RefusalTable(database, origins: origins),
      administration: try AdministrationTable(database, origins: origins))
  }

  func append(_ entry: JournalScan.Entry) throws(StoreError) {
    guard let tables else { preconditionFailure("a journal was written after its end") }
    switch entry {
    case .transaction(let row): try tables.transactions.append(row)
    case .refusal(let row): try tables.refusals.append(row)
    case .administration(let row): try tables.administration.append(row)
    case .unreadable(let seq, _, let why): throw .inconsistent("row \(seq) can't be read: \(why)")
    }
  }

  func transaction(_ seq: Int64) throws(StoreError) -> TransactionRow? { try tables?.transactions.row(seq) }

  /// Lets the connection go.
  func close() { tables = nil }
}

extension JournalScan.Entry {
  var createdAt: Int64 {
    switch self {
    case .transaction(let row): row.createdAt
    case .refusal(let row): row.createdAt
    case .administration(let row): row.createdAt
    case .unreadable: 0
    }
  }
}

extension RowSealer {
  /// Empty for a row that can't be read.
  func digest(of entry: JournalScan.Entry, after digest: ShortBytes) -> ShortBytes {
    switch entry {
    case .transaction(let row): self.digest(of: row, after: digest)
    case .refusal(let row): self.digest(of: row, after: digest)
    case .administration(let row): self.digest(of: row, after: digest)
    case .unreadable: ShortBytes()
    }
  }
}

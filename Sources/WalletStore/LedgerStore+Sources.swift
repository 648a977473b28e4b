package import WalletCore

/// What reads the ledger's file by connections of its own.
extension LedgerStore {
  package func makeReader() throws(LedgerFault) -> any LedgerReader {
    try reading { database in
      try Pragmas.configureHistories(database)
      return try StoreReader(database: database, description: description, limits: settings.listLimits)
    }
  }

  package func makeStreamSource() throws(LedgerFault) -> (any LedgerStreamSource)? {
    try reading { database throws(SQLiteError) in
      try StoreStreamSource(
        database: database, description: description, limits: settings.watchLimits, verifications: makeVerifySource(),
        backups: makeBackupSource())
    }
  }

  /// What reads the ledger's file by a connection of its own.
  private func reading<Reader>(_ make: (Database) throws -> Reader) throws(LedgerFault) -> Reader {
    do {
      return try make(folder.open(.read, settings: settings))
    } catch let error as SQLiteError {
      throw error.fault
    } catch {
      throw LedgerFault(.storage, "\(error)")
    }
  }

  /// Begins verifications, on a queue of the caller's.
  func makeVerifySource() -> VerifySource {
    VerifySource(
      folder, settings: settings, ledgerID: description.ledgerID, desk: copier.desk, time: timeSource)
  }

  /// Begins backups, on a queue of the caller's.
  func makeBackupSource() -> BackupSource {
    BackupSource(
      folder, settings: settings, description: description, desk: copier.desk, time: timeSource, status: backupStatus)
  }
}

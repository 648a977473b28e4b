import WalletCore

/// What can go wrong below the ledger.
enum StoreError: Error {
  case sqlite(SQLiteError)
  /// What is stored contradicts itself.
  case inconsistent(String)

  var fault: LedgerFault {
    switch self {
    case .sqlite(let error): error.fault
    case .inconsistent(let message): LedgerFault(.inconsistent, message)
    }
  }
}

extension StoreError {
  /// What a reader answers when it can't read; what contradicts itself ends the server instead.
  var answer: Failure {
    get throws(LedgerFault) {
      switch self {
      case .inconsistent(let message): throw LedgerFault(.inconsistent, message)
      case .sqlite(let error): Failure(.unavailable, .message("the store can't read: \(error.fault.message)"))
      }
    }
  }
}

extension Statement {
  /// `step`, with the error of a store.
  func stepped() throws(StoreError) -> Bool {
    do { return try step() } catch { throw .sqlite(error) }
  }

  /// `run`, with the error of a store.
  func ran() throws(StoreError) {
    do { try run() } catch { throw .sqlite(error) }
  }
}

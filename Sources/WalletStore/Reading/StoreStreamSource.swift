import WalletCore

/// Opens streams over one connection that can't write.
final class StoreStreamSource: LedgerStreamSource {
  private let pages: JournalPages
  private let tokens: WatchTokens
  private let limits: StoreSettings.WatchLimits
  private let verifications: VerifySource
  private let backups: BackupSource

  init(
    database: Database, description: LedgerDescription, limits: StoreSettings.WatchLimits, verifications: VerifySource,
    backups: BackupSource
  ) throws(SQLiteError) {
    self.verifications = verifications
    self.backups = backups
    pages = try JournalPages(database, currenciesMax: limits.currenciesMax)
    tokens = WatchTokens(description)
    self.limits = limits
  }

  func open(_ request: StreamRequest) throws(LedgerFault) -> Result<any LedgerStream, Failure> {
    switch request {
    case .watch(let watch): try open(watch)
    case .verify(let verify): try verifications.open(verify)
    case .backup(let backup): backups.open(backup)
    }
  }

  private func open(_ request: WatchRequest) throws(LedgerFault) -> Result<any LedgerStream, Failure> {
    let head: Int64
    do {
      head = try pages.inSnapshot { () throws(StoreError) in try pages.head() }
    } catch {
      return .failure(try error.answer)
    }
    do throws(Failure) {
      let seq = try place(of: request.start, head: head)
      return .success(WatchStream(request, from: seq, pages: pages, tokens: tokens, limits: limits))
    } catch {
      return .failure(error)
    }
  }

  private func place(of start: WatchRequest.Start, head: Int64) throws(Failure) -> Int64 {
    let seq: Int64
    switch start {
    case .now: return head
    case .after(let place): seq = place
    case .token(let token): seq = try tokens.seq(of: token)
    }
    guard seq <= head else {
      throw Failure(
        .resumeInvalid, .message("the journal of this ledger ends at row \(head): it has no row \(seq) to go on behind")
      )
    }
    return seq
  }
}

import WalletCore

/// Reads, answered when the gather they came with is committed.
extension LedgerStore {
  func read(_ request: LedgerRequest, for access: Access = .local) throws(LedgerFault) -> LedgerOutcome {
    do {
      switch request {
      case .mutation, .batch, .dryRun: preconditionFailure("a mutation was read")
      case .balance(let reference):
        let wallet = try wallet(reference)
        return .wallet(wallet, commitSeq: head.seq)
      case .history(let reference, let page, let oldestFirst):
        return .deferred(.history(try history(of: reference, page, oldestFirst: oldestFirst)))
      case .filteredHistory(let reference, let filter, let page, let oldestFirst):
        return .deferred(.filteredHistory(try filteredHistory(of: reference, filter, page, oldestFirst: oldestFirst)))
      case .balanceAt(let reference, let moment): return try balance(of: reference, at: moment)
      case .refusals(let filter, let page, let oldestFirst):
        return .deferred(.refusals(try refusals(filter, page, oldestFirst: oldestFirst)))
      case .wallets(let owner, let page): return try walletList(of: owner, page, access.constraints)
      case .explanation(let reference, let from, let lastChanges):
        return .deferred(.explain(try explanation(of: reference, from: from, lastChanges: lastChanges)))
      case .trialBalance(let currency):
        return .trialBalance(try trialBalance(of: currency), commitSeq: head.seq)
      case .info: return .info(description, head: head, mutationsUnavailableBecause: mutationsUnavailableBecause)
      case .tokens(let filter, let page): return try tokenList(filter, page)
      case .guarded(let read, let verb, let origin):
        guard let call = try denial(ofReading: read, verb, origin) else {
          return try self.read(read, for: origin.access)
        }
        return denied(call)
      case .denied(let call): return denied(call)
      }
    } catch let fault as LedgerFault {
      throw fault
    } catch let failure as Failure {
      return .failed(failure, commitSeq: head.seq, replayed: false)
    } catch StoreError.inconsistent(let message) {
      throw LedgerFault(.inconsistent, message)
    } catch let error as StoreError {
      let failure = Failure(.unavailable, .message("the store can't read: \(error.fault.message)"))
      return .failed(failure, commitSeq: head.seq, replayed: false)
    } catch {
      preconditionFailure("neither a failure nor an error of the store: \(error)")
    }
  }

  /// Its row follows the reads.
  private func denied(_ call: DeniedCall) -> LedgerOutcome {
    deniedReads.append(call)
    return .failed(call.denial.failure, commitSeq: head.seq, replayed: false)
  }

  private func wallet(_ reference: WalletReference) throws -> Wallet { try shown(try slotToRead(reference)) }

  /// The place in the cache of a wallet that is read.
  func slotToRead(_ reference: WalletReference) throws -> Int {
    let slot = try slot(of: reference)
    let currency = slot.map { cache.account(at: $0).currency } ?? Text()
    if !reference.currency.isEmpty, reference.currency != currency {
      if try currencies.exponent(of: reference.currency) == nil {
        throw Failure(.currencyUnknown, .currency(wallet: currency, request: reference.currency))
      }
      if slot != nil {
        throw Failure(.currencyMismatch, .currency(wallet: currency, request: reference.currency))
      }
    }
    guard let slot else { throw Failure(.walletNotFound, .wallet(addressedBy: reference)) }
    return slot
  }

  /// A wallet as readers see it: holds whose end has come reserve nothing, whether or not their rows are written.
  private func shown(_ slot: Int) throws(StoreError) -> Wallet {
    var wallet = cache.wallet(at: slot)
    if !cache.hasControls(at: slot) { return wallet }
    let due = try book.controls(of: wallet.id).dueAmount(at: readTime)
    wallet.held -= due
    wallet.isExpiryPending = due != 0
    return wallet
  }

  /// Where a reader finds a page of a wallet's transactions. The rows never change, so it may take its time.
  private func history(
    of reference: WalletReference, _ page: PageRequest, oldestFirst: Bool
  ) throws -> HistoryRequest {
    let wallet = cache.wallet(at: try slotToRead(reference))
    let position = try position(in: page, of: wallet, subject: Text(String(wallet.id)), oldestFirst: oldestFirst)
    var request = HistoryRequest(
      wallet: wallet, rowsMax: page.rowsMax, oldestFirst: oldestFirst, position: position, entrySeq: wallet.lastSeq,
      commitSeq: head.seq)
    let last = position + Int64(page.rowsMax) + 1
    if oldestFirst, let mark = projector.mark(of: wallet.id, from: last) { request.entrySeq = mark.seq }
    return request
  }

  /// Where a page of a wallet's history goes on; 0: at its begin.
  func position(
    in page: PageRequest, of wallet: Wallet, subject: Text, oldestFirst: Bool
  ) throws(Failure) -> Int64 {
    let list: Cursor.List = oldestFirst ? .transactionsOldestFirst : .transactionsNewestFirst
    let position = try Cursor.position(in: page, list: list, subject: subject, of: description)
    // Whoever gave a cursor out had rows to come; a made-up place may be any number.
    guard position < (oldestFirst ? wallet.version : wallet.lastSeq) else {
      throw .invalidArgument("cursor", "belongs to another list")
    }
    return position
  }

  /// What an explanation is about: the wallet and what stands in its way, now. Its rows are for a reader.
  private func explanation(
    of reference: WalletReference, from: Int64, lastChanges: Int
  ) throws -> ExplainWork {
    let shown = try wallet(reference)
    guard let slot = try slot(of: .id(shown.id, currency: Text())) else {
      throw StoreError.inconsistent("wallet \(shown.id) was there and is missing")
    }
    let stored = cache.wallet(at: slot)
    let controls = try controls(at: slot)
    var fold = HistoryFold(of: stored, from: from, lastChangesMax: lastChanges)
    fold.compareHolds(controls.holds)
    return ExplainWork(wallet: shown, controls: controls, now: readTime, commitSeq: head.seq, fold: fold)
  }

  private func tokenList(_ filter: GrantFilter, _ page: PageRequest) throws -> LedgerOutcome {
    let subject = Text("\(filter.principal)/\(filter.withRevoked)")
    let position = try Cursor.position(in: page, list: .tokens, subject: subject, of: description)
    var grants = try grantTable.page(filter, after: position, countMax: page.rowsMax + 1)
    var cursor = ""
    if grants.count > page.rowsMax {
      grants.removeLast()
      cursor =
        Cursor(
          ledgerID: Text(description.ledgerID), epoch: description.epoch, list: .tokens, subject: subject,
          position: grants[grants.count - 1].id
        ).encoded
    }
    return .tokens(grants, nextCursor: cursor, commitSeq: head.seq)
  }

  /// - Parameter constraints: Wallets that they exclude are left out: the page may be short.
  private func walletList(of owner: Text, _ page: PageRequest, _ constraints: Constraints) throws -> LedgerOutcome {
    let position = try Cursor.position(in: page, list: .wallets, subject: owner, of: description)
    let ids = try wallets.ids(of: owner, after: position, countMax: page.rowsMax + 1)
    var rows: [Wallet] = []
    var last: Int64 = 0
    for id in ids.prefix(page.rowsMax) {
      guard let slot = try slot(of: .id(id, currency: Text())) else {
        throw StoreError.inconsistent("wallet \(id) is in the list of its owner and is missing")
      }
      let wallet = try shown(slot)
      last = wallet.id
      if constraints.admits(owner: owner, currency: wallet.name.currency) { rows.append(wallet) }
    }
    var cursor = ""
    if ids.count > page.rowsMax {
      cursor =
        Cursor(
          ledgerID: Text(description.ledgerID), epoch: description.epoch, list: .wallets, subject: owner,
          position: last
        ).encoded
    }
    return .wallets(rows, nextCursor: cursor, commitSeq: head.seq)
  }
}

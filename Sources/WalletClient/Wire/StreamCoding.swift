import CWalletProto
import WalletCore
import WalletWire

extension RequestEncoding {
  package static func watch(_ start: WatchStart, walletIDs: [Int64], kinds: Set<TransactionKind>) -> [UInt8] {
    let arena = MessageArena(budget: 4 << 20)
    let request = unsafe arena.new(
      Wallet__V1__WatchTransactionsRequest.self, wallet__v1__watch_transactions_request__init)
    switch start {
    case .beginning, .after:
      unsafe request.pointee.start_case = WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_AFTER_SEQ
      if case .after(let seq) = start { unsafe request.pointee.after_seq = seq }
    case .token(let token):
      unsafe request.pointee.start_case = WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_RESUME_TOKEN
      unsafe request.pointee.resume_token = arena.text(token)
    case .now:
      unsafe request.pointee.start_case = WALLET__V1__WATCH_TRANSACTIONS_REQUEST__START_FROM_NOW
      unsafe request.pointee.from_now = 1
    }
    // What doesn't fit is more than a server takes: it gets as much as tells it so.
    let ids = walletIDs.prefix(LedgerLimits.watchedWalletsMax + 1)
    unsafe request.pointee.n_wallet_ids = ids.count
    unsafe request.pointee.wallet_ids = arena.array(of: Int64.self, count: ids.count)
    for (index, id) in ids.enumerated() { unsafe (request.pointee.wallet_ids + index).initialize(to: id) }
    unsafe request.pointee.n_kinds = kinds.count
    unsafe request.pointee.kinds = arena.array(of: Wallet__V1__TransactionKind.self, count: kinds.count)
    for (index, kind) in kinds.sorted(by: { $0.rawValue < $1.rawValue }).enumerated() {
      unsafe (request.pointee.kinds + index).initialize(
        to: Wallet__V1__TransactionKind(rawValue: .init(kind.rawValue)))
    }
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  package static func watchEvent(_ payload: [UInt8]) throws(DecodeError) -> WatchEvent {
    try unsafe withUnpacked(payload, wallet__v1__watch_event__unpack) { event in
      WatchEvent(
        transaction: unsafe event.transaction == nil ? nil : transaction(event.transaction),
        balanceBefore: unsafe event.balance_before, heldBefore: unsafe event.held_before,
        currency: unsafe event.currency.text, exponent: Int(unsafe event.exponent),
        resumeToken: unsafe event.resume_token.text, commitSeq: unsafe event.commit_seq,
        encoded: payload)
    }
  }
}

extension RequestEncoding {
  package static func verify(expectedHead: JournalHead?, skipsIntegrityCheck: Bool) -> [UInt8] {
    let arena = MessageArena(budget: 4096)
    let request = unsafe arena.new(Wallet__V1__VerifyRequest.self, wallet__v1__verify_request__init)
    if let expectedHead {
      let head = unsafe arena.new(Wallet__V1__JournalHead.self, wallet__v1__journal_head__init)
      unsafe head.pointee.seq = expectedHead.seq
      unsafe head.pointee.digest = arena.bytes(expectedHead.digest)
      unsafe request.pointee.expected_head = head
    }
    unsafe request.pointee.skip_integrity_check = skipsIntegrityCheck ? 1 : 0
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  package static func verifyEvent(_ payload: [UInt8]) throws(DecodeError) -> VerificationEvent {
    try unsafe withUnpacked(payload, wallet__v1__verify_event__unpack) { event throws(DecodeError) in
      switch unsafe event.event_case {
      case WALLET__V1__VERIFY_EVENT__EVENT_PROGRESS:
        guard let progress = unsafe event.progress?.pointee else { break }
        return .progress(
          VerificationProgress(
            stage: unsafe progress.stage.text, done: unsafe progress.done, total: unsafe progress.total))
      case WALLET__V1__VERIFY_EVENT__EVENT_FINDING:
        guard let finding = unsafe event.finding?.pointee else { break }
        return .finding(
          VerificationFinding(
            what: unsafe finding.what.text, walletID: unsafe finding.wallet_id, seq: unsafe finding.seq,
            expected: unsafe finding.expected.text, found: unsafe finding.found.text))
      case WALLET__V1__VERIFY_EVENT__EVENT_REPORT:
        guard let report = unsafe event.report?.pointee else { break }
        var head = JournalHead(seq: 0, digest: [])
        if let message = unsafe report.head?.pointee {
          head = JournalHead(seq: unsafe message.seq, digest: unsafe message.digest.bytes)
        }
        return .report(
          VerificationReport(
            head: head, rows: unsafe report.rows, wallets: unsafe report.wallets, keys: unsafe report.keys,
            findings: unsafe report.findings, findingsTold: unsafe report.findings_told,
            integritySkippedBecause: unsafe report.integrity_checked != 0
              ? nil : report.integrity_skipped_because.text,
            micros: unsafe report.micros))
      default: break
      }
      throw DecodeError(text: "an event of a verification without anything in it")
    }
  }
}

extension RequestEncoding {
  package static func backup(incremental: Bool) -> [UInt8] {
    let arena = MessageArena(budget: 4096)
    let request = unsafe arena.new(Wallet__V1__BackupRequest.self, wallet__v1__backup_request__init)
    unsafe request.pointee.incremental = incremental ? 1 : 0
    return unsafe packed(request)
  }
}

extension ReplyDecoding {
  package static func backupEvent(_ payload: [UInt8]) throws(DecodeError) -> BackupEvent {
    try unsafe withUnpacked(payload, wallet__v1__backup_event__unpack) { event throws(DecodeError) in
      switch unsafe event.event_case {
      case WALLET__V1__BACKUP_EVENT__EVENT_PROGRESS:
        guard let progress = unsafe event.progress?.pointee else { break }
        return .progress(
          BackupProgress(stage: unsafe progress.stage.text, done: unsafe progress.done, total: unsafe progress.total))
      case WALLET__V1__BACKUP_EVENT__EVENT_REPORT:
        guard let report = unsafe event.report?.pointee else { break }
        var head = JournalHead(seq: 0, digest: [])
        if let message = unsafe report.head?.pointee {
          head = JournalHead(seq: unsafe message.seq, digest: unsafe message.digest.bytes)
        }
        return .report(
          BackupReport(
            file: unsafe report.file.text, head: head, epoch: unsafe report.epoch, bytes: unsafe report.bytes,
            sha256: unsafe report.sha256.bytes,
            baseSeq: unsafe report.incremental != 0 ? report.base_seq : nil, rows: unsafe report.rows,
            isOld: unsafe report.old != 0, micros: unsafe report.micros))
      default: break
      }
      throw DecodeError(text: "an event of a backup without anything in it")
    }
  }
}

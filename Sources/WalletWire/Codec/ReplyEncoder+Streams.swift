package import WalletCore

/// The EVENT frames of a stream, and the RESPONSE that ends one well.
extension ReplyEncoder {
  /// - Parameter isLast: The response follows, and it is OK.
  package func append(
    _ event: borrowing StreamEvent, isLast: Bool, requestID: UInt32, into output: inout [UInt8]
  ) {
    writer.beginFrame()
    switch event {
    case .transaction(let row, let currency, let exponent, let token):
      writer.watchEvent(row, currency, exponent, resumeToken: token)
    case .token(let place): writer.watchEvent(place)
    case .progress(let stage, let done, let total): writer.verifyProgress(stage, done: done, total: total)
    case .finding(let finding): writer.verifyFinding(finding)
    case .report(let report): writer.verifyReport(report)
    case .backup(let report): writer.backupReport(report)
    }
    writer.appendFrame(
      FrameHeader(type: .event, flags: isLast ? .last : [], requestID: requestID), to: &output)
  }

  package func appendStreamFinished(requestID: UInt32, into output: inout [UInt8]) {
    output.appendFrame(FrameHeader(type: .response, requestID: requestID))
  }
}

extension MessageWriter {
  mutating func watchEvent(
    _ row: borrowing TransactionRow, _ currency: Text, _ exponent: UInt8, resumeToken: Text
  ) {
    let start = beginMessage(1)
    transaction(row)
    endMessage(start)
    // A row that was edited on disk is shown as it is.
    integer(2, row.balance &- row.amount)
    integer(3, row.held &- row.heldChange)
    text(4, currency)
    integer(5, Int64(exponent))
    text(6, resumeToken)
    integer(7, row.seq)
  }

  mutating func watchEvent(_ place: WatchPlace) {
    text(6, place.resumeToken)
    integer(7, place.commitSeq)
  }

  /// Of a verification or a backup: both have it in the same place.
  mutating func verifyProgress(_ stage: String, done: Int64, total: Int64) {
    let start = beginMessage(1)
    text(1, Text(stage))
    integer(2, done)
    integer(3, total)
    endMessage(start)
  }

  mutating func verifyFinding(_ finding: VerifyFinding) {
    let start = beginMessage(2)
    text(1, Text(finding.what))
    integer(2, finding.walletID)
    integer(3, finding.seq)
    text(4, Text(finding.expected))
    text(5, Text(finding.found))
    endMessage(start)
  }

  mutating func verifyReport(_ report: VerifyReport) {
    let start = beginMessage(3)
    let head = beginMessage(1)
    integer(1, report.head.seq)
    bytes(2, report.head.digest)
    endMessage(head)
    integer(2, report.rows)
    integer(3, report.wallets)
    integer(4, report.keys)
    integer(5, report.findings)
    integer(6, report.findingsTold)
    flag(7, report.integritySkippedBecause == nil)
    text(8, Text(report.integritySkippedBecause ?? ""))
    integer(9, report.microseconds)
    integer(10, report.head.seq)
    endMessage(start)
  }

  mutating func backupReport(_ report: BackupReport) {
    let start = beginMessage(2)
    text(1, Text(report.file))
    let head = beginMessage(2)
    integer(1, report.head.seq)
    bytes(2, report.head.digest)
    endMessage(head)
    integer(3, Int64(report.epoch))
    integer(4, report.bytes)
    bytes(5, report.sha256)
    flag(6, report.baseSeq != nil)
    integer(7, report.baseSeq ?? 0)
    integer(8, report.rows)
    flag(9, report.isOld)
    integer(10, report.microseconds)
    integer(11, report.head.seq)
    endMessage(start)
  }
}

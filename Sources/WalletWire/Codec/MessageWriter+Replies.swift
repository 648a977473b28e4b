import WalletCore

/// The replies that are asked for most, written by hand. proto/wallet/v1/wallet.proto has the numbers; that the bytes are
/// those of protobuf-c is tested.
extension MessageWriter {
  /// - Parameter commitSeq: The place of the request's last row.
  mutating func mutationResponse(
    _ row: borrowing TransactionRow, _ currency: Text, _ exponent: UInt8, replayed: Bool, commitSeq: Int64,
    isDryRun: Bool = false
  ) {
    let start = beginMessage(1)
    transaction(row)
    endMessage(start)
    integer(2, row.balance)
    integer(3, row.held)
    integer(4, row.available)
    integer(5, row.version)
    text(6, currency)
    integer(7, Int64(exponent))
    flag(8, replayed)
    integer(9, commitSeq)
    flag(10, isDryRun)
  }

  mutating func transferResponse(
    _ source: borrowing TransactionRow, _ destination: borrowing TransactionRow, _ currency: Text, _ exponent: UInt8,
    replayed: Bool, commitSeq: Int64, isDryRun: Bool = false
  ) {
    let sourceStart = beginMessage(1)
    mutationResponse(source, currency, exponent, replayed: replayed, commitSeq: commitSeq, isDryRun: isDryRun)
    endMessage(sourceStart)
    let destinationStart = beginMessage(2)
    transaction(destination)
    endMessage(destinationStart)
    integer(3, commitSeq)
    flag(4, replayed)
    flag(5, isDryRun)
  }

  mutating func transaction(_ row: borrowing TransactionRow) {
    integer(1, row.seq)
    integer(2, Int64(row.kind.rawValue))
    integer(3, row.walletID)
    integer(4, row.version)
    integer(5, row.amount)
    integer(6, row.heldChange)
    integer(7, row.balance)
    integer(8, row.held)
    integer(9, row.overdraftLimit)
    text(10, row.counterAccount)
    integer(11, row.counterWalletID)
    integer(12, row.holdID)
    integer(13, row.relatedSeq)
    text(14, row.attribution.origin.actor)
    text(15, row.attribution.audit.onBehalfOf)
    text(16, row.attribution.audit.reason)
    text(17, row.attribution.audit.note)
    text(18, row.attribution.audit.reference)
    key(19, row.attribution.key)
    bytes(20, row.requestDigest)
    text(21, row.attribution.audit.correlationID)
    text(22, row.attribution.origin.source)
    text(23, row.attribution.origin.clientName)
    metadata(24, row.attribution.audit.metadata)
    integer(25, row.attribution.audit.occurredAt)
    integer(26, row.createdAt)
    bytes(27, row.detail)
    bytes(28, row.digest)
    integer(29, Int64(UInt32(truncatingIfNeeded: row.lane)))
    integer(30, Int64(UInt32(truncatingIfNeeded: row.format)))
  }

  private mutating func metadata(_ number: UInt32, _ pairs: [MetadataPair]) {
    for pair in pairs {
      let start = beginMessage(number)
      text(1, pair.key)
      text(2, pair.value)
      endMessage(start)
    }
  }

  mutating func getBalanceResponse(_ wallet: borrowing Wallet, _ commitSeq: Int64) {
    integer(1, wallet.id)
    integer(2, wallet.balance)
    integer(3, wallet.held)
    integer(4, wallet.available)
    integer(5, wallet.version)
    text(6, wallet.name.currency)
    integer(7, Int64(wallet.exponent))
    integer(8, wallet.overdraftLimit)
    integer(9, commitSeq)
    flag(10, wallet.isExpiryPending)
  }

  mutating func listTransactionsResponse(
    _ rows: [TransactionRow], _ cursor: String, _ currency: Text, _ exponent: UInt8, _ commitSeq: Int64
  ) {
    let rows = rows.span
    for index in rows.indices {
      let start = beginMessage(1)
      transaction(rows[index])
      endMessage(start)
    }
    text(2, Text(cursor))
    text(3, currency)
    integer(4, Int64(exponent))
    integer(5, commitSeq)
  }

  /// A result of a batch whose item was posted.
  mutating func batchResult(
    _ row: borrowing TransactionRow, _ currency: Text, _ exponent: UInt8, replayed: Bool, isFull: Bool
  ) {
    integer(1, row.seq)
    integer(2, row.version)
    integer(3, row.balance)
    integer(4, row.held)
    flag(6, replayed)
    if isFull {
      let start = beginMessage(7)
      transaction(row)
      endMessage(start)
    }
    integer(8, row.walletID)
    integer(9, row.available)
    text(10, currency)
    integer(11, Int64(exponent))
  }
}

import CProtobufC
import CWalletProto
package import WalletCore

/// Makes frames of outcomes. One for each queue that answers.
package final class ReplyEncoder {
  let arena: MessageArena
  /// For replies that are written by hand.
  var writer = MessageWriter()

  package init() {
    // The largest reply is a batch's: 4 MiB on the wire, and less than four times that while it is built.
    arena = MessageArena(budget: 16 << 20)
  }

  /// Appends the RESPONSE frame of an outcome.
  package func append(_ outcome: borrowing LedgerOutcome, to verb: Verb, requestID: UInt32, into output: inout [UInt8])
  {
    defer { arena.reset() }
    switch outcome {
    case .failed(let failure, let commitSeq, let replayed):
      append(failure, commitSeq: commitSeq, replayed: replayed, requestID: requestID, into: &output)
    case .posted(let row, let currency, let exponent, let replayed):
      writer.beginFrame()
      writer.mutationResponse(row, currency, exponent, replayed: replayed, commitSeq: row.seq)
      appendWritten(requestID, flags: replayed ? .replayed : [], into: &output)
    case .transferred(let source, let destination, let currency, let exponent, let replayed):
      writer.beginFrame()
      writer.transferResponse(
        source, destination, currency, exponent, replayed: replayed, commitSeq: destination.seq)
      appendWritten(requestID, flags: replayed ? .replayed : [], into: &output)
    case .administered(let row, let replayed):
      unsafe append(
        administrationResponse(row, replayed: replayed, commitSeq: row.seq), requestID,
        flags: replayed ? .replayed : [], into: &output)
    case .trialBalance(let balance, let commitSeq):
      unsafe append(trialBalanceResponse(balance, commitSeq), requestID, into: &output)
    case .tokens(let grants, let cursor, let commitSeq):
      unsafe append(listTokensResponse(grants, cursor, commitSeq), requestID, into: &output)
    case .wallet(let wallet, let commitSeq):
      if verb == .getWallet {
        unsafe append(getWalletResponse(wallet, commitSeq), requestID, into: &output)
      } else {
        writer.beginFrame()
        writer.getBalanceResponse(wallet, commitSeq)
        appendWritten(requestID, into: &output)
      }
    case .transactions(let rows, let cursor, let currency, let exponent, let commitSeq):
      writer.beginFrame()
      writer.listTransactionsResponse(rows, cursor, currency, exponent, commitSeq)
      appendWritten(requestID, into: &output)
    case .wallets(let wallets, let cursor, let commitSeq):
      unsafe append(listWalletsResponse(wallets, cursor, commitSeq), requestID, into: &output)
    case .balanceAt(let balance, let commitSeq):
      unsafe append(getBalanceAtResponse(balance, commitSeq), requestID, into: &output)
    case .refusals(let entries, let cursor, let commitSeq):
      unsafe append(listRefusalsResponse(entries, cursor, commitSeq), requestID, into: &output)
    case .explanation(let explanation):
      writer.beginFrame()
      explainBalanceResponse(explanation, into: &writer)
      appendWritten(requestID, into: &output)
    case .deferred:
      preconditionFailure("what is deferred is answered by a reader")
    case .batch(let outcomes, let commitSeq, let replayed, let isFull):
      writer.beginFrame()
      batchResponse(outcomes, commitSeq, replayed: replayed, isFull: isFull, into: &writer)
      appendWritten(requestID, flags: replayed ? .replayed : [], into: &output)
    case .projected(.administered(let row, _), let commitSeq):
      unsafe append(
        administrationResponse(row, replayed: false, commitSeq: commitSeq, isDryRun: true), requestID, into: &output)
    case .projected(let outcome, let commitSeq):
      writer.beginFrame()
      projected(outcome, commitSeq, into: &writer)
      appendWritten(requestID, into: &output)
    case .info:
      preconditionFailure("info is answered by the server, which knows the rest of it")
    }
  }

  /// Appends the RESPONSE frame of a failure. Every failure that is answered is a promise that nothing happened.
  package func append(
    _ failure: Failure, commitSeq: Int64, replayed: Bool = false, requestID: UInt32, into output: inout [UInt8]
  ) {
    defer { arena.reset() }
    let header = FrameHeader(
      type: .response, flags: replayed ? [.notExecuted, .replayed] : .notExecuted, code: failure.reason.status,
      requestID: requestID, millis: failure.retryAfterMilliseconds)
    let message = unsafe error(failure, commitSeq: commitSeq, replayed: replayed)
    output.appendFrame(header) { unsafe $0.appendPacked(message) }
  }

  /// Appends the CONNECTION_ERROR frame after which a connection closes.
  package func appendConnectionError(_ failure: Failure, into output: inout [UInt8]) {
    defer { arena.reset() }
    let message = unsafe error(failure, commitSeq: 0, replayed: false)
    output.appendFrame(FrameHeader(type: .connectionError)) { unsafe $0.appendPacked(message) }
  }

  @unsafe
  func append<Message>(
    _ message: UnsafeMutablePointer<Message>, _ requestID: UInt32, flags: FrameFlags = [], into output: inout [UInt8]
  ) {
    output.appendFrame(FrameHeader(type: .response, flags: flags, requestID: requestID)) {
      unsafe $0.appendPacked(message)
    }
  }

  private func appendWritten(_ requestID: UInt32, flags: FrameFlags = [], into output: inout [UInt8]) {
    writer.appendFrame(FrameHeader(type: .response, flags: flags, requestID: requestID), to: &output)
  }

  // MARK: Messages

  /// Writes the response of a dry run.
  private func projected(_ outcome: borrowing LedgerOutcome, _ commitSeq: Int64, into writer: inout MessageWriter) {
    switch outcome {
    case .posted(let row, let currency, let exponent, _):
      writer.mutationResponse(row, currency, exponent, replayed: false, commitSeq: commitSeq, isDryRun: true)
    case .transferred(let source, let destination, let currency, let exponent, _):
      writer.transferResponse(
        source, destination, currency, exponent, replayed: false, commitSeq: commitSeq, isDryRun: true)
    case .batch(let outcomes, _, _, let isFull):
      batchResponse(outcomes, commitSeq, replayed: false, isFull: isFull, isDryRun: true, into: &writer)
    default: preconditionFailure("what is projected is a mutation's or a batch's")
    }
  }

  func wallet(_ wallet: Wallet) -> UnsafeMutablePointer<Wallet__V1__Wallet> {
    let message = unsafe arena.new(Wallet__V1__Wallet.self, wallet__v1__wallet__init)
    unsafe message.pointee.id = wallet.id
    unsafe message.pointee.owner_id = unsafe arena.text(wallet.name.owner)
    unsafe message.pointee.currency = unsafe arena.text(wallet.name.currency)
    unsafe message.pointee.exponent = UInt32(wallet.exponent)
    unsafe message.pointee.name = unsafe arena.text(wallet.name.name)
    unsafe message.pointee.status = Wallet__V1__WalletStatus(rawValue: .init(wallet.status.rawValue))
    unsafe message.pointee.balance = wallet.balance
    unsafe message.pointee.held = wallet.held
    unsafe message.pointee.available = wallet.available
    unsafe message.pointee.overdraft_limit = wallet.overdraftLimit
    unsafe message.pointee.version = wallet.version
    unsafe message.pointee.created_at_micros = wallet.createdAt
    unsafe message.pointee.created_by = unsafe arena.text(wallet.createdBy)
    unsafe message.pointee.updated_at_micros = wallet.updatedAt
    unsafe message.pointee.updated_by = unsafe arena.text(wallet.updatedBy)
    unsafe message.pointee.expiry_pending = wallet.isExpiryPending ? 1 : 0
    return unsafe message
  }

  private func getWalletResponse(
    _ wallet: Wallet, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__GetWalletResponse> {
    let message = unsafe arena.new(Wallet__V1__GetWalletResponse.self, wallet__v1__get_wallet_response__init)
    unsafe message.pointee.wallet = unsafe self.wallet(wallet)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  private func listWalletsResponse(
    _ wallets: [Wallet], _ cursor: String, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__ListWalletsResponse> {
    let message = unsafe arena.new(Wallet__V1__ListWalletsResponse.self, wallet__v1__list_wallets_response__init)
    unsafe (message.pointee.n_wallets, message.pointee.wallets) = pointers(wallets, wallet)
    unsafe message.pointee.next_cursor = unsafe arena.text(cursor)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  /// A repeated field of messages.
  func pointers<Value, Message>(
    _ values: [Value], _ make: (Value) -> UnsafeMutablePointer<Message>
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?) {
    if values.isEmpty { return (0, nil) }
    let array = unsafe arena.array(of: UnsafeMutablePointer<Message>?.self, count: values.count)
    for (index, value) in values.enumerated() { unsafe (array + index).initialize(to: make(value)) }
    return unsafe (values.count, array)
  }
}

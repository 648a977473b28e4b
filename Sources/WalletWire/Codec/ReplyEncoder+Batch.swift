import CProtobufC
import CWalletProto
import WalletCore

extension ReplyEncoder {
  func batchResponse(
    _ outcomes: [LedgerOutcome], _ commitSeq: Int64, replayed: Bool, isFull: Bool
  ) -> UnsafeMutablePointer<Wallet__V1__BatchResponse> {
    let message = unsafe arena.new(Wallet__V1__BatchResponse.self, wallet__v1__batch_response__init)
    unsafe (message.pointee.n_results, message.pointee.results) = pointers(outcomes) { outcome in
      unsafe batchResult(outcome, isFull: isFull)
    }
    unsafe message.pointee.commit_seq = commitSeq
    unsafe message.pointee.replayed = replayed ? 1 : 0
    return unsafe message
  }

  private func batchResult(
    _ outcome: LedgerOutcome, isFull: Bool
  ) -> UnsafeMutablePointer<Wallet__V1__BatchResult> {
    let message = unsafe arena.new(Wallet__V1__BatchResult.self, wallet__v1__batch_result__init)
    switch outcome {
    case .posted(let row, let currency, let exponent, let replayed):
      unsafe message.pointee.transaction_id = row.seq
      unsafe message.pointee.wallet_id = row.walletID
      unsafe message.pointee.wallet_version = row.version
      unsafe message.pointee.balance = row.balance
      unsafe message.pointee.held = row.held
      unsafe message.pointee.available = row.available
      unsafe message.pointee.currency = unsafe arena.text(currency)
      unsafe message.pointee.exponent = UInt32(exponent)
      unsafe message.pointee.replayed = replayed ? 1 : 0
      if isFull { unsafe message.pointee.transaction = unsafe transaction(row) }
    case .failed(let failure, let commitSeq, let replayed):
      unsafe message.pointee.error = unsafe error(failure, commitSeq: commitSeq, replayed: replayed)
      unsafe message.pointee.replayed = replayed ? 1 : 0
    default: preconditionFailure("an item of a batch is posted or failed")
    }
    return unsafe message
  }
}

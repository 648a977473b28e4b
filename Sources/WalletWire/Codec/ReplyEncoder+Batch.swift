import CProtobufC
import CWalletProto
import WalletCore

extension ReplyEncoder {
  /// Writes a BatchResponse.
  func batchResponse(
    _ outcomes: [LedgerOutcome], _ commitSeq: Int64, replayed: Bool, isFull: Bool, isDryRun: Bool = false,
    into writer: inout MessageWriter
  ) {
    let outcomes = outcomes.span
    for index in outcomes.indices {
      let start = writer.beginMessage(1)
      batchResult(outcomes[index], isFull: isFull, into: &writer)
      writer.endMessage(start)
    }
    writer.integer(2, commitSeq)
    writer.flag(3, replayed)
    writer.flag(4, isDryRun)
  }

  private func batchResult(_ outcome: borrowing LedgerOutcome, isFull: Bool, into writer: inout MessageWriter) {
    switch outcome {
    case .posted(let row, let currency, let exponent, let replayed):
      writer.batchResult(row, currency, exponent, replayed: replayed, isFull: isFull)
    case .transferred(let source, _, let currency, let exponent, let replayed):
      writer.batchResult(source, currency, exponent, replayed: replayed, isFull: isFull)
    case .failed(let failure, let commitSeq, let replayed):
      defer { arena.reset() }
      let message = unsafe error(failure, commitSeq: commitSeq, replayed: replayed)
      unsafe UnsafeRawPointer(message).withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) {
        unsafe writer.packed(5, $0)
      }
      writer.flag(6, replayed)
    default: preconditionFailure("an item of a batch is posted, transferred or failed")
    }
  }
}

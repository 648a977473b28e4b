import CProtobufC
import CWalletProto
import WalletCore

extension ReplyEncoder {
  /// Writes an ExplainBalanceResponse.
  func explainBalanceResponse(_ explanation: BalanceExplanation, into writer: inout MessageWriter) {
    defer { arena.reset() }
    let wallet = unsafe wallet(explanation.wallet)
    unsafe UnsafeRawPointer(wallet).withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) {
      unsafe writer.packed(1, $0)
    }
    writer.integer(2, explanation.opening.balance)
    writer.integer(3, explanation.opening.version)
    writer.integer(4, explanation.opening.at)
    for sum in explanation.sums {
      writer.message(5) { writer in
        writer.integer(1, Int64(sum.kind.rawValue))
        writer.text(2, sum.reason)
        writer.integer(3, sum.count)
        writer.integer(4, sum.amount)
        writer.integer(5, sum.heldChange)
      }
    }
    for hold in explanation.holds { writer.message(6) { $0.holdInfo(hold) } }
    for freeze in explanation.freezes {
      writer.message(7) { writer in
        writer.integer(1, Int64(freeze.scope.rawValue))
        writer.text(2, freeze.reason)
        writer.integer(3, freeze.since)
        writer.integer(4, freeze.until)
      }
    }
    writer.integer(8, explanation.frozenAmount)
    writer.message(9) { $0.walletLimits(explanation.limits) }
    for use in explanation.limitUses {
      writer.message(10) { writer in
        writer.integer(1, Int64(use.kind.rawValue))
        writer.integer(2, use.limit)
        writer.integer(3, use.used)
        writer.integer(4, use.remaining)
        writer.integer(5, use.windowEnd)
      }
    }
    for row in explanation.lastChanges { writer.message(11) { $0.transaction(row) } }
    writer.integer(12, explanation.rowsRecomputed)
    writer.flag(13, explanation.isEqual)
    writer.text(14, Text(explanation.difference))
    writer.integer(15, explanation.chainVerifiedTo)
    writer.integer(16, explanation.commitSeq)
  }
}

extension MessageWriter {
  fileprivate mutating func message(_ number: UInt32, _ body: (inout MessageWriter) -> Void) {
    let start = beginMessage(number)
    body(&self)
    endMessage(start)
  }

  fileprivate mutating func holdInfo(_ open: BalanceExplanation.OpenHold) {
    integer(1, open.hold.id)
    integer(2, open.hold.amount)
    integer(3, open.hold.captured)
    integer(4, open.hold.remaining)
    integer(5, open.hold.createdAt)
    integer(6, open.hold.endsAt)
    text(7, open.reason)
    text(8, open.reference)
  }

  fileprivate mutating func walletLimits(_ limits: WalletLimits) {
    integer(1, limits.overdraft)
    integer(2, limits.balanceMax)
    integer(3, limits.amountMax)
    for (number, window) in [(UInt32(4), limits.day), (5, limits.week), (6, limits.month)] where window != WindowLimit()
    {
      message(number) { writer in
        writer.integer(1, window.amount)
        writer.integer(2, window.count)
      }
    }
  }
}

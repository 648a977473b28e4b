import CProtobufC
import CWalletProto
import WalletCore
import WalletWire

extension ReplyDecoding {
  package static func explanation(_ payload: [UInt8]) throws(DecodeError) -> BalanceExplanation {
    try unsafe withUnpacked(payload, wallet__v1__explain_balance_response__unpack) { reply throws(DecodeError) in
      guard let message = unsafe reply.wallet else {
        throw DecodeError(text: "ExplainBalanceResponse without a wallet")
      }
      let sums = unsafe UnsafeBufferPointer(start: reply.sums, count: reply.n_sums)
      let holds = unsafe UnsafeBufferPointer(start: reply.holds, count: reply.n_holds)
      let freezes = unsafe UnsafeBufferPointer(start: reply.freezes, count: reply.n_freezes)
      let uses = unsafe UnsafeBufferPointer(start: reply.limit_uses, count: reply.n_limit_uses)
      let changes = unsafe UnsafeBufferPointer(start: reply.last_changes, count: reply.n_last_changes)
      return BalanceExplanation(
        wallet: unsafe wallet(message.pointee), openingBalance: unsafe reply.opening_balance,
        openingVersion: unsafe reply.opening_version, openingAtMicros: unsafe reply.opening_at_micros,
        sums: unsafe sums.compactMap { unsafe $0.map { unsafe sum($0.pointee) } },
        holds: unsafe holds.compactMap { unsafe $0.map { unsafe hold($0.pointee) } },
        freezes: unsafe freezes.compactMap { unsafe $0.map { unsafe freeze($0.pointee) } },
        frozenAmount: unsafe reply.frozen_amount, limits: unsafe limits(reply.limits),
        limitUses: unsafe uses.compactMap { unsafe $0.map { unsafe use($0.pointee) } },
        lastChanges: unsafe changes.map { unsafe transaction($0) }, rowsRecomputed: unsafe reply.rows_recomputed,
        isEqual: unsafe reply.equal != 0, difference: unsafe reply.difference.text,
        chainVerifiedTo: unsafe reply.chain_verified_to, commitSeq: unsafe reply.commit_seq)
    }
  }

  private static func sum(_ message: Wallet__V1__BalanceSum) -> BalanceSum {
    BalanceSum(
      kind: TransactionKind(rawValue: UInt8(truncatingIfNeeded: unsafe message.kind.rawValue)),
      reason: unsafe message.reason.text, count: unsafe message.count, amount: unsafe message.amount,
      heldChange: unsafe message.held_change)
  }

  private static func hold(_ message: Wallet__V1__HoldInfo) -> HoldInfo {
    HoldInfo(
      id: unsafe message.hold_id, amount: unsafe message.amount, captured: unsafe message.captured,
      remaining: unsafe message.remaining, createdAtMicros: unsafe message.created_at_micros,
      endsAtMicros: unsafe message.ends_at_micros, reason: unsafe message.reason.text,
      reference: unsafe message.reference.text)
  }

  private static func freeze(_ message: Wallet__V1__FreezeInfo) -> FreezeInfo {
    FreezeInfo(
      scope: FreezeScope(rawValue: UInt8(truncatingIfNeeded: unsafe message.scope.rawValue)),
      reason: unsafe message.reason.text, sinceMicros: unsafe message.since_micros,
      untilMicros: unsafe message.until_micros)
  }

  private static func use(_ message: Wallet__V1__LimitUse) -> LimitUse {
    LimitUse(
      kind: LimitKind(rawValue: UInt8(truncatingIfNeeded: unsafe message.kind.rawValue)), limit: unsafe message.limit,
      used: unsafe message.used, remaining: unsafe message.remaining,
      windowEndMicros: unsafe message.window_end_micros)
  }

  private static func limits(_ pointer: UnsafeMutablePointer<Wallet__V1__WalletLimits>?) -> WalletLimits {
    var limits = WalletLimits()
    guard let message = unsafe pointer?.pointee else { return limits }
    limits.overdraftLimit = unsafe message.overdraft_limit
    limits.maxBalance = unsafe message.max_balance
    limits.maxAmount = unsafe message.max_amount
    limits.day = unsafe window(message.day)
    limits.week = unsafe window(message.week)
    limits.month = unsafe window(message.month)
    return limits
  }

  private static func window(_ pointer: UnsafeMutablePointer<Wallet__V1__WindowLimit>?) -> WindowLimit {
    var limit = WindowLimit()
    if let message = unsafe pointer?.pointee { (limit.amount, limit.count) = unsafe (message.amount, message.count) }
    return limit
  }
}

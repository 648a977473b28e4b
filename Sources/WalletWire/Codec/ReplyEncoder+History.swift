import CProtobufC
import CWalletProto
import WalletCore

/// Replies to reads of what was.
extension ReplyEncoder {
  func getBalanceAtResponse(
    _ balance: BalanceAt, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__GetBalanceAtResponse> {
    let message = unsafe arena.new(Wallet__V1__GetBalanceAtResponse.self, wallet__v1__get_balance_at_response__init)
    unsafe message.pointee.wallet_id = balance.walletID
    unsafe message.pointee.balance = balance.balance
    unsafe message.pointee.held = balance.held
    unsafe message.pointee.available = balance.available
    unsafe message.pointee.overdraft_limit = balance.overdraftLimit
    unsafe message.pointee.version = balance.version
    unsafe message.pointee.transaction_id = balance.seq
    unsafe message.pointee.created_at_micros = balance.createdAt
    unsafe message.pointee.currency = unsafe arena.text(balance.currency)
    unsafe message.pointee.exponent = UInt32(balance.exponent)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  func listRefusalsResponse(
    _ entries: [RefusalEntry], _ cursor: String, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__ListRefusalsResponse> {
    let message = unsafe arena.new(Wallet__V1__ListRefusalsResponse.self, wallet__v1__list_refusals_response__init)
    unsafe (message.pointee.n_refusals, message.pointee.refusals) = pointers(entries, refusal)
    unsafe message.pointee.next_cursor = unsafe arena.text(cursor)
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  private func refusal(_ entry: RefusalEntry) -> UnsafeMutablePointer<Wallet__V1__Refusal> {
    let row = entry.row
    let message = unsafe arena.new(Wallet__V1__Refusal.self, wallet__v1__refusal__init)
    unsafe message.pointee.id = row.seq
    unsafe message.pointee.verb = Wallet__V1__Method(rawValue: .init(row.verb.rawValue))
    unsafe message.pointee.error = unsafe error(row.failure, commitSeq: row.seq, replayed: false)
    unsafe message.pointee.wallet_id = row.walletID
    unsafe message.pointee.wallet = unsafe address(row.address)
    unsafe message.pointee.amount = row.amount
    unsafe message.pointee.counter_account = unsafe arena.text(row.counterAccount)
    unsafe message.pointee.currency = unsafe arena.text(entry.currency)
    unsafe message.pointee.exponent = UInt32(entry.exponent ?? 0)
    unsafe setAudit(of: message, row.attribution, row)
    unsafe message.pointee.created_at_micros = row.createdAt
    unsafe message.pointee.lane = UInt32(truncatingIfNeeded: row.lane)
    unsafe message.pointee.row_format = UInt32(truncatingIfNeeded: row.format)
    return unsafe message
  }

  /// As it was given; `nil` where the request named a hold or a transaction instead.
  private func address(_ reference: WalletReference) -> UnsafeMutablePointer<Wallet__V1__WalletRef>? {
    if case .name(let name) = reference, name.owner.isEmpty { return nil }
    let message = unsafe arena.new(Wallet__V1__WalletRef.self, wallet__v1__wallet_ref__init)
    unsafe message.pointee.currency = unsafe arena.text(reference.currency)
    switch reference {
    case .id(let id, _): unsafe message.pointee.id = id
    case .name(let name):
      unsafe message.pointee.owner_id = unsafe arena.text(name.owner)
      unsafe message.pointee.name = unsafe arena.text(name.name)
    }
    return unsafe message
  }
}

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

import WalletCore

// Reads of what was. They end as other reads do.
extension WalletClient {
  /// A wallet's figures as they were. A time before the wallet was opened is refused with WALLET_NOT_FOUND, one in the
  /// future and a version that the wallet doesn't have with INVALID_ARGUMENT.
  public func balance(
    _ wallet: WalletReference, at moment: BalanceMoment, timeout: Duration? = nil
  ) async throws(WalletError) -> BalanceAt {
    try await read(.getBalanceAt, RequestEncoding.getBalanceAt(wallet, moment), timeout, ReplyDecoding.balanceAt)
  }

  /// One page of a wallet's transactions, the newest first unless `oldestFirst`.
  ///
  /// - Parameters:
  ///   - filter: Which ones; `nil`: all. Such a page looks at 10,000 rows at most: it may be short, or empty, and still
  ///     have one behind it.
  ///   - cursor: ``TransactionPage/nextCursor`` of the page before, of the same wallet, filter and order; `nil`: the first
  ///     page.
  ///   - pageSize: At most 1,000; 0: 50. A page holds at most 512 KiB, so it may be shorter.
  public func transactionsPage(
    _ wallet: WalletReference, filter: TransactionFilter? = nil, cursor: String? = nil, pageSize: UInt32 = 0,
    oldestFirst: Bool = false, timeout: Duration? = nil
  ) async throws(WalletError) -> TransactionPage {
    let request = RequestEncoding.listTransactions(
      wallet, cursor: cursor, pageSize: pageSize, oldestFirst: oldestFirst, filter: filter)
    return try await read(.listTransactions, request, timeout, ReplyDecoding.transactions)
  }

  /// One page of refusals, the newest first unless `oldestFirst`. It looks at 10,000 of them at most, so it may be short,
  /// or empty, and still have one behind it.
  ///
  /// - Parameters:
  ///   - cursor: ``RefusalPage/nextCursor`` of the page before, of the same filter and order; `nil`: the first page.
  ///   - pageSize: At most 1,000; 0: 50. A page holds at most 512 KiB, so it may be shorter.
  public func refusalsPage(
    _ filter: RefusalFilter = RefusalFilter(), cursor: String? = nil, pageSize: UInt32 = 0, oldestFirst: Bool = false,
    timeout: Duration? = nil
  ) async throws(WalletError) -> RefusalPage {
    let request = RequestEncoding.listRefusals(filter, cursor: cursor, pageSize: pageSize, oldestFirst: oldestFirst)
    return try await read(.listRefusals, request, timeout, ReplyDecoding.refusals)
  }
}

extension WalletClient {
  /// All wallets of an owner, by rising id, read page by page while you go through them.
  public func wallets(owner: String, pageSize: UInt32 = 0) -> WalletSequence {
    WalletSequence { [self] cursor throws(WalletError) in
      let page = try await walletsPage(owner: owner, cursor: cursor, pageSize: pageSize)
      return (page.wallets, page.nextCursor)
    }
  }

  /// All transactions of a wallet, or those that pass a filter, the newest first unless `oldestFirst`, read page by page
  /// while you go through them. Newest first, rows that come after the first page was read aren't among them.
  public func transactions(
    _ wallet: WalletReference, filter: TransactionFilter? = nil, pageSize: UInt32 = 0, oldestFirst: Bool = false
  ) -> TransactionSequence {
    TransactionSequence { [self] cursor throws(WalletError) in
      let page = try await transactionsPage(
        wallet, filter: filter, cursor: cursor, pageSize: pageSize, oldestFirst: oldestFirst)
      return (page.transactions, page.nextCursor)
    }
  }

  /// The refusals that pass a filter, the newest first unless `oldestFirst`, read page by page while you go through them.
  public func refusals(
    _ filter: RefusalFilter = RefusalFilter(), pageSize: UInt32 = 0, oldestFirst: Bool = false
  ) -> RefusalSequence {
    RefusalSequence { [self] cursor throws(WalletError) in
      let page = try await refusalsPage(filter, cursor: cursor, pageSize: pageSize, oldestFirst: oldestFirst)
      return (page.refusals, page.nextCursor)
    }
  }
}

/// See ``WalletClient/wallets(owner:pageSize:)``.
public typealias WalletSequence = PagedSequence<Wallet>
/// See ``WalletClient/transactions(_:filter:pageSize:oldestFirst:)``.
public typealias TransactionSequence = PagedSequence<Transaction>
/// See ``WalletClient/refusals(_:pageSize:oldestFirst:)``.
public typealias RefusalSequence = PagedSequence<Refusal>

/// The elements of a list, read page by page. Going through it again reads again from the beginning.
public struct PagedSequence<Element: Sendable>: AsyncSequence, Sendable {
  public typealias Failure = WalletError
  typealias Page = (elements: [Element], nextCursor: String?)

  let page: @Sendable (_ cursor: String?) async throws(WalletError) -> Page

  public func makeAsyncIterator() -> Iterator { Iterator(page: page) }

  public struct Iterator: AsyncIteratorProtocol {
    let page: @Sendable (_ cursor: String?) async throws(WalletError) -> Page
    private var elements: ArraySlice<Element> = []
    private var cursor: String?
    private var isLast = false

    init(page: @escaping @Sendable (_ cursor: String?) async throws(WalletError) -> Page) { self.page = page }

    public mutating func next() async throws(WalletError) -> Element? {
      try await next(isolation: nil)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(WalletError) -> Element? {
      // A page may be empty and still have one behind it.
      while elements.isEmpty, !isLast {
        let next = try await page(cursor)
        elements = next.elements[...]
        isLast = next.nextCursor == nil || next.nextCursor == cursor
        cursor = next.nextCursor
      }
      return elements.popFirst()
    }
  }
}

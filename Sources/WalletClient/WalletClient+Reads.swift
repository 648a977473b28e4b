import WalletCore

// A read ends with `rejected` (such as WALLET_NOT_FOUND) or with `notExecuted`, never with an unknown outcome.
// `timeout` is the time for the call; `nil`: that of the client's options.
extension WalletClient {
  /// Asks the server for a sign of life, its clock and the journal's last durable place.
  public func ping(timeout: Duration? = nil) async throws(WalletError) -> Pong {
    try await read(.ping, [], timeout, ReplyDecoding.ping)
  }

  /// What the server says about itself: version, ledger, limits, the journal's head.
  public func serverInfo(timeout: Duration? = nil) async throws(WalletError) -> ServerInfo {
    try await read(.getServerInfo, [], timeout, ReplyDecoding.serverInfo)
  }

  /// The server's schema.
  public func schema(timeout: Duration? = nil) async throws(WalletError) -> WalletSchema {
    try await read(.getSchema, [], timeout, ReplyDecoding.schema)
  }

  /// A wallet. One that doesn't exist is refused with WALLET_NOT_FOUND.
  public func wallet(_ wallet: WalletReference, timeout: Duration? = nil) async throws(WalletError) -> Wallet {
    try await read(.getWallet, RequestEncoding.getWallet(wallet), timeout, ReplyDecoding.wallet)
  }

  /// A wallet's figures. A wallet that doesn't exist is refused with WALLET_NOT_FOUND.
  public func balance(_ wallet: WalletReference, timeout: Duration? = nil) async throws(WalletError) -> Balance {
    try await read(.getBalance, RequestEncoding.getBalance(wallet), timeout, ReplyDecoding.balance)
  }

  /// Why a wallet's balance is what it is: its rows added up anew, and what stands in the way of its money.
  ///
  /// The server reads at most a million rows of the wallet, the newest; what came before them is the opening balance. A long
  /// wallet takes seconds: mind the timeout.
  ///
  /// - Parameters:
  ///   - fromMicros: What was stored before it is the opening balance, microseconds since 1970 UTC; 0: nothing is.
  ///   - lastChanges: How many of the newest transactions are told, at most 100; 0: 10.
  public func explainBalance(
    _ wallet: WalletReference, fromMicros: Int64 = 0, lastChanges: UInt32 = 0, timeout: Duration? = nil
  ) async throws(WalletError) -> BalanceExplanation {
    let request = RequestEncoding.explainBalance(wallet, fromMicros: fromMicros, lastChanges: lastChanges)
    return try await read(.explainBalance, request, timeout, ReplyDecoding.explanation)
  }

  /// One page of an owner's wallets, by rising id.
  ///
  /// - Parameters:
  ///   - cursor: ``WalletPage/nextCursor`` of the page before; `nil`: the first page.
  ///   - pageSize: At most 1,000; 0: 50.
  public func walletsPage(
    owner: String, cursor: String? = nil, pageSize: UInt32 = 0, timeout: Duration? = nil
  ) async throws(WalletError) -> WalletPage {
    let request = RequestEncoding.listWallets(owner: owner, cursor: cursor, pageSize: pageSize)
    return try await read(.listWallets, request, timeout, ReplyDecoding.wallets)
  }

  func read<Reply>(
    _ method: Verb, _ payload: [UInt8], _ timeout: Duration?,
    _ decode: ([UInt8]) throws(DecodeError) -> Reply
  ) async throws(WalletError) -> Reply {
    let reply = try await call(method: method.rawValue, payload: payload, isMutation: false, timeout: timeout)
    do throws(DecodeError) {
      return try decode(reply)
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply(error.text))
    }
  }
}

import WalletClient
import WalletWire

/// What a statement is of: a wallet, a period, and the figures at both of its ends.
struct StatementHead: Equatable {
  /// A balance, and the version that it belongs to; 0: before the wallet was opened.
  struct End: Equatable {
    var balance: Int64 = 0
    var version: Int64 = 0
  }

  var walletID: Int64
  var ownerID: String
  var name: String
  var unit: Unit
  /// Microseconds since 1970; 0: from the wallet's beginning.
  var fromMicros: Int64
  /// Microseconds since 1970; 0: until now.
  var beforeMicros: Int64
  /// The period goes on: what comes yet isn't in it.
  var isOpen: Bool
  var opening = End()
  var closing = End()
}

extension StatementHead {
  /// Asks for both ends first: rows that come meanwhile lie behind them.
  init(of reference: WalletReference, _ period: PeriodOptions, _ session: Session) async throws {
    let bytes = try await session.read(.getWallet, RequestEncoding.getWallet(reference))
    let wallet = try session.decoded(bytes, ReplyDecoding.wallet)
    let now = try session.decoded(try await session.read(.ping, []), ReplyDecoding.ping).serverTimeMicros
    if period.fromMicros > now { throw CommandFailure.usage("--from lies in the future", json: session.json) }
    let isOpen = period.beforeMicros == 0 || period.beforeMicros > now
    self.init(
      walletID: wallet.id, ownerID: wallet.ownerID, name: wallet.name,
      unit: Unit(currency: wallet.currency, exponent: wallet.exponent), fromMicros: period.fromMicros,
      beforeMicros: period.beforeMicros, isOpen: isOpen)
    closing = End(balance: wallet.balance, version: wallet.version)
    if !isOpen { closing = try await Self.end(of: wallet.id, at: period.beforeMicros - 1, session) }
    if period.fromMicros != 0 { opening = try await Self.end(of: wallet.id, at: period.fromMicros - 1, session) }
  }

  private static func end(of walletID: Int64, at micros: Int64, _ session: Session) async throws -> End {
    do {
      let balance = try await session.client.balance(.id(walletID), at: .time(micros: micros))
      return End(balance: balance.balance, version: balance.version)
    } catch {
      // The wallet is there: it wasn't then.
      if case .rejected(let rejection) = error, rejection.reason == .walletNotFound { return End() }
      throw ErrorReport(error: error, server: session.server, unit: nil).failure(json: session.json)
    }
  }
}

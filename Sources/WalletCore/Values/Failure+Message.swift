extension Failure {
  /// A sentence for people. Programs read `reason` and `detail`.
  public var message: String {
    switch detail {
    case .none: plain
    case .invalidArgument(let field, let rule): "\(field): \(rule)"
    case .unimplemented(let method, let feature):
      feature.isEmpty ? "method \(method) is not served here" : "\(feature) is not served yet"
    case .frame(let rule, let limit): limit == 0 ? rule : "\(rule) (limit \(limit))"
    case .message(let text): text
    case .mismatch(let field): "this idempotency key belongs to another request: \(field) differs"
    case .currency(let wallet, let request):
      switch reason {
      case .currencyMismatch: "the wallet is in \(wallet), the request in \(request)"
      case .currencyExists: "there is a currency \(request) already"
      default: "no currency \(request) is known"
      }
    case .counterAccount(let name):
      reason == .counterAccountExists
        ? "there is a counter-account \(name) already" : "no counter-account \(name) is known"
    case .wallet(let id, let name): message(wallet: id, name)
    case .versionConflict(let expected, let actual, let balance):
      "the wallet's version is \(actual), not \(expected); its balance is \(balance)"
    case .insufficientFunds(let figures):
      "\(figures.requested) requested, \(figures.available) available, \(figures.shortfall) short "
        + "(balance \(figures.balance), held \(figures.held), overdraft limit \(figures.overdraftLimit), "
        + "version \(figures.version); minor units)"
    case .transaction(let seq):
      reason == .notRefundable
        ? "transaction \(seq) is neither a debit nor a capture" : "there is no transaction \(seq)"
    case .hold(let id, let at, let remaining): message(hold: id, at: at, remaining: remaining)
    case .refund(let original, let refunded):
      "of \(original) minor units \(refunded) were refunded, \(refunded.distance(below: original)) may still be"
    case .frozen(let id, let freeze):
      "wallet \(id) is frozen (\(freeze.scope)) since \(freeze.since)\(freeze.until == 0 ? "" : " until \(freeze.until)"): "
        + "\(freeze.reason)"
    case .notEmpty(let balance, let openHolds):
      "the wallet has a balance of \(balance) minor units and \(openHolds) open holds"
    case .limit(let kind, let limit, let used, _):
      "the limit \(kind.name) is \(limit): \(used) used, \(used.distance(below: limit)) left"
    case .balanceMax(let limit, let balance):
      "the balance may not pass \(limit); it is \(balance), and \(balance.distance(below: limit)) may be put in"
    case .overflow(let field): "the sum \(field) would leave the range of 64-bit integers"
    case .batchAborted(let index, let cause): "nothing was done, since items[\(index)] was refused: \(cause.message)"
    case .streamEnd:
      reason == .unavailable
        ? "the server is shutting down: resume with the token"
        : "the events weren't taken in time: resume with the token"
    case .incident(let id): "internal error \(id)"
    case .denied(let denial): denial.message
    }
  }

  private var plain: String {
    switch reason {
    case .cancelled: "cancelled before its commit"
    case .deadlineExceeded: "the deadline passed before the commit began"
    case .resourceExhausted: "too many requests are queued"
    case .unavailable: "not available now"
    default: reason.name
    }
  }

  private func message(hold id: Int64, at: Int64, remaining: Int64) -> String {
    switch reason {
    case .holdNotFound: "there is no hold \(id)"
    case .holdCaptured: "hold \(id) was captured at \(at)"
    case .holdReleased: "hold \(id) was released at \(at)"
    case .holdExpired: "hold \(id) expired at \(at)"
    default: "hold \(id) has \(remaining) minor units left, until \(at)"
    }
  }

  private func message(wallet id: Int64, _ name: WalletName?) -> String {
    let wallet = name.map { "wallet \($0.name) of \($0.owner) in \($0.currency)" } ?? "wallet \(id)"
    return switch reason {
    case .walletNotFound: "there is no \(wallet)"
    case .walletExists: "\(wallet) is there already, as wallet \(id)"
    case .walletClosed: "\(wallet) is closed"
    default: wallet
    }
  }
}

extension Int64 {
  /// How much is left below a limit; 0 where there is nothing.
  public func distance(below limit: Int64) -> Int64 {
    Int64(clamping: Swift.max(0, Int128(limit) - Int128(self)))
  }
}

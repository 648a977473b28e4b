import WalletClient

/// A refusal in one line. The server's message counts in minor units and microseconds; people read the currency's own
/// units and times.
struct RejectionHeadline {
  var rejection: Rejection
  var unit: Unit?

  var text: String {
    guard let sentence = money ?? control else { return rejection.description }
    return "\(rejection.code): \(sentence)"
  }

  /// `nil` where the server's message is as good.
  private var money: String? {
    switch rejection.detail {
    case .insufficientFunds(let figures) where unit != nil:
      "\(amount(figures.requested)) requested, \(amount(figures.available)) available, "
        + "\(amount(figures.shortfall)) short"
    case .versionConflict(let expected, let actual, let balance) where unit != nil:
      "the wallet's version is \(actual), not \(expected); its balance is \(amount(balance))"
    case .hold(let figures): hold(figures)
    case .refundExceeds(let original, let refunded, let remaining):
      "of \(amount(original)) \(amount(refunded)) were refunded, \(amount(remaining)) may still be"
    case .maxBalanceExceeded(let limit, let balance, let remaining):
      "the balance may not pass \(amount(limit)); it is \(amount(balance)), and \(amount(remaining)) may be put in"
    default: nil
    }
  }

  private var control: String? {
    switch rejection.detail {
    case .walletFrozen(let freeze):
      "wallet \(freeze.walletID) is frozen\(scope(freeze.scope)) since \(Timestamp.text(freeze.sinceMicros))"
        + (freeze.untilMicros == 0 ? "" : " until \(Timestamp.text(freeze.untilMicros))") + ": \(freeze.reason)"
    case .walletNotEmpty(let balance, let openHolds):
      "the wallet has a balance of \(amount(balance)) and \(openHolds) open hold\(openHolds == 1 ? "" : "s")"
    case .limitExceeded(let figures): limit(figures)
    case .wallet where rejection.reason == .sameWallet: "the wallet that gives is the one that gets"
    case .wallet(let id, _, _, _) where rejection.isOfTimeBeforeOpening: "wallet \(id) wasn't open yet"
    default: nil
    }
  }

  private func hold(_ figures: HoldFigures) -> String? {
    let hold = "hold \(figures.holdID)"
    let time = Timestamp.text(figures.atMicros)
    return switch rejection.reason {
    case .holdCaptured: "\(hold) was captured at \(time)"
    case .holdReleased: "\(hold) was released at \(time)"
    case .holdExpired: "\(hold) ended at \(time)"
    case .holdAmountExceeded: "\(hold) has \(amount(figures.remaining)) left, until \(time)"
    default: nil
    }
  }

  private func scope(_ scope: FreezeScope?) -> String {
    switch scope {
    case .debit: " for debits"
    case .credit: " for credits"
    case .all, nil: ""
    }
  }

  private func limit(_ figures: LimitExceeded) -> String? {
    guard let kind = figures.kind else { return nil }
    func text(_ value: Int64) -> String { kind.isCount ? "\(value)" : amount(value) }
    return "the limit \(Words.of(kind).joined(separator: " ")) is \(text(figures.limit)): \(text(figures.used)) used, "
      + "\(text(figures.remaining)) left"
  }

  private func amount(_ minorUnits: Int64) -> String { unit?.text(minorUnits) ?? "\(minorUnits) minor units" }
}

extension Rejection {
  /// A wallet that is there was asked for as it was before: only then a name and an id are told together.
  var isOfTimeBeforeOpening: Bool {
    guard reason == .walletNotFound, case .wallet(let id, let owner, _, _) = detail else { return false }
    return id != 0 && !owner.isEmpty
  }
}

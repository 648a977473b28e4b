/// The canonical encoding of a refusal's figures: a format number, then the figures in the order of docs/ROW.md.
extension FailureDetail {
  private static let format: Int64 = 1

  public var encoded: [UInt8] {
    var writer = CanonicalWriter()
    writer.integer(Self.format)
    switch self {
    case .currency(let wallet, let request):
      writer.text(wallet)
      writer.text(request)
    case .counterAccount(let name): writer.text(name)
    case .wallet(let id, let name):
      writer.integer(id)
      writer.text(name?.owner ?? "")
      writer.text(name?.currency ?? "")
      writer.text(name?.name ?? "")
    case .insufficientFunds(let figures):
      writer.integer(figures.requested)
      writer.integer(figures.available)
      writer.integer(figures.balance)
      writer.integer(figures.held)
      writer.integer(figures.overdraftLimit)
      writer.integer(figures.version)
    case .transaction(let seq): writer.integer(seq)
    case .hold(let id, let at, let remaining):
      writer.integer(id)
      writer.integer(at)
      writer.integer(remaining)
    case .refund(let original, let refunded):
      writer.integer(original)
      writer.integer(refunded)
    case .frozen(let walletID, let freeze):
      writer.integer(walletID)
      writer.integer(Int64(freeze.scope.rawValue))
      writer.text(freeze.reason)
      writer.integer(freeze.since)
      writer.integer(freeze.until)
    case .notEmpty(let balance, let openHolds):
      writer.integer(balance)
      writer.integer(openHolds)
    case .limit(let kind, let limit, let used, let windowEnd):
      writer.integer(Int64(kind.rawValue))
      writer.integer(limit)
      writer.integer(used)
      writer.integer(windowEnd)
    case .balanceMax(let limit, let balance):
      writer.integer(limit)
      writer.integer(balance)
    case .overflow(let field): writer.text(Text(field))
    case .batchAborted(let index, let cause):
      writer.integer(Int64(index))
      writer.integer(Int64(cause.reason.rawValue))
      writer.blob(cause.detail.encoded)
    case .denied(let denial):
      writer.integer(Int64(denial.rule.rawValue))
      writer.integer(Int64(denial.scope?.rawValue ?? 0))
      writer.integer(denial.amountMax)
      writer.integer(denial.omitted)
    case .none, .invalidArgument, .unimplemented, .frame, .message, .mismatch, .versionConflict, .streamEnd, .incident:
      // Never remembered, so never stored.
      break
    }
    return writer.bytes
  }

  /// `nil` when the bytes aren't the figures of such a refusal.
  public init?(encoded: [UInt8], of reason: ErrorReason) {
    var reader = CanonicalReader(encoded)
    guard reader.integer() == Self.format else { return nil }
    switch reason {
    case .currencyUnknown, .currencyExists, .currencyMismatch:
      guard let wallet = reader.text(), let request = reader.text() else { return nil }
      self = .currency(wallet: wallet, request: request)
    case .counterAccountUnknown, .counterAccountExists:
      guard let name = reader.text() else { return nil }
      self = .counterAccount(name)
    case .walletNotFound, .walletExists, .sameWallet, .walletClosed:
      guard let id = reader.integer(), let owner = reader.text(), let currency = reader.text(), let name = reader.text()
      else { return nil }
      self = .wallet(id: id, owner.isEmpty ? nil : WalletName(owner: owner, currency: currency, name: name))
    case .insufficientFunds:
      guard let requested = reader.integer(), let available = reader.integer(), let balance = reader.integer(),
        let held = reader.integer(), let overdraftLimit = reader.integer(), let version = reader.integer()
      else { return nil }
      self = .insufficientFunds(
        InsufficientFunds(
          requested: requested, available: available, balance: balance, held: held, overdraftLimit: overdraftLimit,
          version: version))
    case .transactionNotFound, .notRefundable:
      guard let seq = reader.integer() else { return nil }
      self = .transaction(seq)
    case .holdNotFound, .holdCaptured, .holdReleased, .holdExpired, .holdAmountExceeded:
      guard let id = reader.integer(), let at = reader.integer(), let remaining = reader.integer() else { return nil }
      self = .hold(id, at: at, remaining: remaining)
    case .refundExceedsOriginal:
      guard let original = reader.integer(), let refunded = reader.integer() else { return nil }
      self = .refund(original: original, refunded: refunded)
    case .walletFrozen:
      guard let walletID = reader.integer(), let scope = reader.scope(), let reason = reader.text(),
        let since = reader.integer(), let until = reader.integer()
      else { return nil }
      self = .frozen(walletID: walletID, Freeze(scope: scope, reason: reason, since: since, until: until))
    case .walletNotEmpty:
      guard let balance = reader.integer(), let openHolds = reader.integer() else { return nil }
      self = .notEmpty(balance: balance, openHolds: openHolds)
    case .limitExceeded:
      guard let kind = reader.integer().flatMap({ UInt8(exactly: $0) }).flatMap({ LimitKind(rawValue: $0) }),
        let limit = reader.integer(), let used = reader.integer(), let windowEnd = reader.integer()
      else { return nil }
      self = .limit(kind, limit: limit, used: used, windowEnd: windowEnd)
    case .maxBalanceExceeded:
      guard let limit = reader.integer(), let balance = reader.integer() else { return nil }
      self = .balanceMax(limit, balance: balance)
    case .amountOverflow:
      guard let field = reader.text() else { return nil }
      self = .overflow(field: field.string)
    case .batchAborted:
      guard let index = reader.integer().flatMap({ Int(exactly: $0) }),
        let cause = reader.integer().flatMap({ UInt8(exactly: $0) }).flatMap({ ErrorReason(rawValue: $0) }),
        // A batch isn't an item of a batch.
        cause != .batchAborted, let figures = reader.blob(), let detail = FailureDetail(encoded: figures, of: cause)
      else { return nil }
      self = .batchAborted(index: index, cause: Failure(cause, detail))
    case .unauthenticated, .permissionDenied:
      guard let rule = reader.integer().flatMap({ UInt8(exactly: $0) }).flatMap({ AccessDenial.Rule(rawValue: $0) }),
        let scope = reader.integer(), let amountMax = reader.integer(), let omitted = reader.integer()
      else { return nil }
      self = .denied(
        AccessDenial(
          rule, scope: UInt8(exactly: scope).flatMap { Scope(rawValue: $0) }, amountMax: amountMax, omitted: omitted))
    default: return nil
    }
    guard reader.isAtEnd else { return nil }
  }
}

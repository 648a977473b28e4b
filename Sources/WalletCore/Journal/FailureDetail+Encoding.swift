/// The canonical encoding of a refusal's figures: a format number, then the figures in the order of docs/ROW.md.
extension FailureDetail {
  private static let format: Int64 = 1

  package var encoded: [UInt8] {
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
    case .overflow(let field): writer.text(Text(field))
    case .batchAborted(let index, let cause):
      writer.integer(Int64(index))
      writer.integer(Int64(cause.reason.rawValue))
      writer.blob(cause.detail.encoded)
    case .none, .invalidArgument, .unimplemented, .frame, .message, .mismatch, .versionConflict, .incident:
      // Never remembered, so never stored.
      break
    }
    return writer.bytes
  }

  /// `nil` when the bytes aren't the figures of such a refusal.
  package init?(encoded: [UInt8], of reason: ErrorReason) {
    var reader = CanonicalReader(encoded)
    guard reader.integer() == Self.format else { return nil }
    switch reason {
    case .currencyUnknown, .currencyExists, .currencyMismatch:
      guard let wallet = reader.text(), let request = reader.text() else { return nil }
      self = .currency(wallet: wallet, request: request)
    case .counterAccountUnknown:
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
    default: return nil
    }
    guard reader.isAtEnd else { return nil }
  }
}

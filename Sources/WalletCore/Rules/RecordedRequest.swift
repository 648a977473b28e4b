/// The compared fields of a request that has a place in the journal.
public struct RecordedRequest: Sendable {
  public var verb: Verb
  /// The wallet that the address led to; 0 where there was none.
  public var walletID: Int64
  /// The address as it was given, where it is known and led nowhere.
  public var address: WalletReference?
  public var currency: Text
  public var amount: Int64
  public var counterAccount: Text
  public var audit: Command.Audit
  public var parameters: Command.Parameters

  public init(_ row: RefusalRow) {
    verb = row.verb
    walletID = row.walletID
    address = row.address
    currency = row.address.currency
    amount = row.amount
    counterAccount = row.counterAccount
    audit = row.attribution.audit
    parameters = row.parameters
  }

  /// `nil` for kinds that no request makes.
  public init?(_ row: TransactionRow, walletCurrency: Text) {
    guard let (verb, amount, parameters) = Self.request(of: row) else { return nil }
    self.verb = verb
    self.amount = amount
    self.parameters = parameters
    walletID = row.walletID
    address = nil
    currency = walletCurrency
    counterAccount = row.counterAccount
    audit = row.attribution.audit
  }

  /// `nil` for a row whose detail isn't the parameters of a request.
  public init?(_ row: AdministrationRow) {
    guard let parameters = Command.Parameters(encoded: row.detail) else { return nil }
    self.parameters = parameters
    verb = row.verb
    walletID = 0
    address = WalletReference.none
    currency = Text()
    amount = 0
    counterAccount = Text()
    audit = row.attribution.audit
  }

  /// What a row says of the request that made it: its verb, its amount and its parameters.
  private static func request(of row: TransactionRow) -> (Verb, Int64, Command.Parameters)? {
    let amount = Int64(clamping: row.amount.magnitude)
    switch row.kind {
    case .open: return (.openWallet, 0, .none)
    case .debit: return (.debit, amount, .none)
    case .credit: return (.credit, amount, .none)
    case .transferOut: return (.transfer, amount, .transfer(to: .id(row.counterWalletID, currency: Text())))
    case .hold: return HoldDetail(encoded: row.detail).map { (.hold, row.heldChange, .hold(timeout: $0.timeout)) }
    case .capture:
      return CaptureDetail(encoded: row.detail).map {
        (.capture, $0.requested, .capture(holdID: row.holdID, isFinal: $0.isFinal))
      }
    case .release: return (.release, 0, .release(holdID: row.holdID))
    case .refund:
      return RefundDetail(encoded: row.detail).map { (.refund, $0.requested, .refund(seq: row.relatedSeq)) }
    case .freeze, .unfreeze, .setLimits:
      let verb: Verb = row.kind == .freeze ? .freeze : row.kind == .unfreeze ? .unfreeze : .setLimits
      return Command.Parameters(encoded: row.detail).map { (verb, 0, $0) }
    case .close: return (.closeWallet, 0, .none)
    case .transferIn, .expire: return nil
    }
  }

  /// The first field in which `command` differs, by its name in wallet.proto; `nil` when it is the same request.
  ///
  /// - Parameters:
  ///   - wallet: The wallet that the command's address leads to now.
  ///   - counterpartyID: That of a transfer's destination; 0 where it leads to none.
  public func firstDifference(
    from command: borrowing Command, wallet: WalletAccount?, counterpartyID: Int64 = 0
  ) -> String? {
    if verb != command.verb { return "verb" }
    if verb.namesWallet,
      walletID != 0 ? wallet?.id != walletID : command.wallet.withoutCurrency != address?.withoutCurrency
    {
      return "wallet"
    }
    if amount != command.amount { return "amount" }
    // A hold or transaction that isn't there tells no currency: then the other field differs, not this one.
    let walletCurrency = wallet?.currency ?? (verb.namesWallet ? Text() : currency)
    if currency.or(walletCurrency) != command.currency.or(walletCurrency) { return "currency" }
    if audit.reason != command.audit.reason { return "reason" }
    if audit.note != command.audit.note { return "note" }
    if audit.reference != command.audit.reference { return "reference" }
    if audit.onBehalfOf != command.audit.onBehalfOf { return "on_behalf_of" }
    if counterAccount != command.effectiveCounterAccount { return "counter_account" }
    if audit.occurredAt != command.audit.occurredAt { return "occurred_at_micros" }
    if audit.metadata != command.audit.metadata { return "metadata" }
    return parameters.firstDifference(from: command.parameters, counterpartyID: counterpartyID)
  }
}

extension WalletReference {
  /// The address alone: the currency of an id is a check, not a part of it.
  fileprivate var withoutCurrency: WalletReference {
    switch self {
    case .id(let id, _): .id(id, currency: "")
    case .name: self
    }
  }
}

extension Command {
  /// What the digest of a request is made over: its compared fields.
  ///
  /// - Parameters:
  ///   - walletID: The wallet that the address leads to; `nil` where it leads nowhere.
  ///   - walletCurrency: Of that wallet.
  ///   - counterpartyID: Of the wallet that a transfer's destination leads to; 0 where it leads to none.
  public borrowing func encodeCompared(
    walletID: Int64?, walletCurrency: Text, counterpartyID: Int64 = 0, into writer: inout CanonicalWriter
  ) {
    writer.integer(Int64(verb.rawValue))
    if let walletID {
      // Each in its own call: what `or` returns is a copy.
      if currency.isEmpty {
        writer.address(id: walletID, currency: walletCurrency)
      } else {
        writer.address(id: walletID, currency: currency)
      }
    } else {
      writer.address(wallet)
    }
    writer.integer(amount)
    writer.text(audit.reason)
    writer.text(audit.note)
    writer.text(audit.reference)
    writer.text(audit.onBehalfOf)
    writer.text(effectiveCounterAccount)
    writer.integer(audit.occurredAt)
    writer.metadata(audit.metadata)
    switch parameters {
    case .none: break
    case let parameters: parameters.encode(counterpartyID: counterpartyID, into: &writer)
    }
  }
}

/// The compared fields of a request that has a place in the journal.
package struct RecordedRequest: Sendable {
  package var verb: Verb
  /// The wallet that the address led to; 0 where there was none.
  package var walletID: Int64
  /// The address as it was given, where it is known and led nowhere.
  package var address: WalletReference?
  package var currency: Text
  package var amount: Int64
  package var counterAccount: Text
  package var audit: Command.Audit

  package init(_ row: RefusalRow) {
    verb = row.verb
    walletID = row.walletID
    address = row.address
    currency = row.address.currency
    amount = row.amount
    counterAccount = row.counterAccount
    audit = row.attribution.audit
  }

  /// `nil` for kinds that no request makes.
  package init?(_ row: TransactionRow, walletCurrency: Text) {
    switch row.kind {
    case .open: verb = .openWallet
    case .debit: verb = .debit
    case .credit: verb = .credit
    default: return nil
    }
    walletID = row.walletID
    address = nil
    currency = walletCurrency
    amount = Int64(clamping: row.amount.magnitude)
    counterAccount = row.counterAccount
    audit = row.attribution.audit
  }

  /// The first field in which `command` differs, by its name in wallet.proto; `nil` when it is the same request.
  ///
  /// - Parameter wallet: The wallet that the command's address leads to now.
  package func firstDifference(from command: borrowing Command, wallet: WalletAccount?) -> String? {
    if verb != command.verb { return "verb" }
    if walletID != 0 ? wallet?.id != walletID : command.wallet.withoutCurrency != address?.withoutCurrency {
      return "wallet"
    }
    if amount != command.amount { return "amount" }
    let walletCurrency = wallet?.currency ?? Text()
    if currency.or(walletCurrency) != command.currency.or(walletCurrency) { return "currency" }
    if audit.reason != command.audit.reason { return "reason" }
    if audit.note != command.audit.note { return "note" }
    if audit.reference != command.audit.reference { return "reference" }
    if audit.onBehalfOf != command.audit.onBehalfOf { return "on_behalf_of" }
    if counterAccount != command.effectiveCounterAccount { return "counter_account" }
    if audit.occurredAt != command.audit.occurredAt { return "occurred_at_micros" }
    if audit.metadata != command.audit.metadata { return "metadata" }
    return nil
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
  package borrowing func encodeCompared(
    walletID: Int64?, walletCurrency: Text, into writer: inout CanonicalWriter
  ) {
    writer.integer(Int64(verb.rawValue))
    if let walletID {
      writer.address(id: walletID, currency: currency.or(walletCurrency))
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
  }
}

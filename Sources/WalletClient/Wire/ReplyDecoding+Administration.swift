import CProtobufC
import CWalletProto
import WalletWire

extension ReplyDecoding {
  package static func administration(_ payload: [UInt8], key: String) throws(DecodeError) -> AdministrationResult {
    try unsafe withUnpacked(payload, wallet__v1__administration_response__unpack) { reply throws(DecodeError) in
      guard let message = unsafe reply.row else { throw DecodeError(text: "AdministrationResponse without a row") }
      return AdministrationResult(
        row: unsafe row(message.pointee), replayed: unsafe reply.replayed != 0, commitSeq: unsafe reply.commit_seq,
        idempotencyKey: key, isDryRun: unsafe reply.dry_run != 0)
    }
  }

  private static func row(_ message: Wallet__V1__AdministrationRow) -> AdministrationRow {
    AdministrationRow(
      id: unsafe message.id, verb: Int(unsafe message.verb.rawValue), subject: unsafe message.subject.text,
      exponent: Int(unsafe message.exponent), tokenID: unsafe message.token_id, actor: unsafe message.actor.text,
      onBehalfOf: unsafe message.on_behalf_of.text, reason: unsafe message.reason.text, note: unsafe message.note.text,
      reference: unsafe message.reference.text, idempotencyKey: unsafe message.idempotency_key.text,
      requestDigest: unsafe message.request_digest.bytes, correlationID: unsafe message.correlation_id.text,
      source: unsafe message.source.text, clientName: unsafe message.client_name.text,
      metadata: unsafe metadata(message.metadata, count: message.n_metadata),
      occurredAtMicros: unsafe message.occurred_at_micros, createdAtMicros: unsafe message.created_at_micros,
      detail: unsafe message.detail.bytes, digest: unsafe message.digest.bytes, lane: unsafe message.lane,
      rowFormat: unsafe message.row_format)
  }

  package static func trialBalance(_ payload: [UInt8]) throws(DecodeError) -> TrialBalance {
    try unsafe withUnpacked(payload, wallet__v1__trial_balance_response__unpack) { reply in
      let currencies = unsafe UnsafeBufferPointer(start: reply.currencies, count: reply.n_currencies)
      let accounts = unsafe UnsafeBufferPointer(start: reply.counter_accounts, count: reply.n_counter_accounts)
      return TrialBalance(
        currencies: unsafe currencies.compactMap { unsafe $0.map { unsafe currency($0.pointee) } },
        counterAccounts: unsafe accounts.map { unsafe $0.text }, commitSeq: unsafe reply.commit_seq)
    }
  }

  private static func currency(_ message: Wallet__V1__CurrencyBalance) -> CurrencyBalance {
    let accounts = unsafe UnsafeBufferPointer(start: message.counter_accounts, count: message.n_counter_accounts)
    return CurrencyBalance(
      currency: unsafe message.currency.text, exponent: Int(unsafe message.exponent),
      walletsTotal: unsafe message.wallets_total,
      counterAccounts: unsafe accounts.compactMap { account in
        unsafe account.map {
          CounterAccountBalance(name: unsafe $0.pointee.name.text, total: unsafe $0.pointee.total)
        }
      }, difference: unsafe message.difference, registered: unsafe message.registered != 0)
  }
}

import CProtobufC
import CWalletProto
import WalletCore

/// What administrators are answered with.
extension ReplyEncoder {
  func administrationResponse(
    _ row: AdministrationRow, replayed: Bool, commitSeq: Int64, isDryRun: Bool = false
  ) -> UnsafeMutablePointer<Wallet__V1__AdministrationResponse> {
    let message = unsafe arena.new(
      Wallet__V1__AdministrationResponse.self, wallet__v1__administration_response__init)
    unsafe message.pointee.row = unsafe administrationRow(row)
    unsafe message.pointee.replayed = replayed ? 1 : 0
    unsafe message.pointee.dry_run = isDryRun ? 1 : 0
    unsafe message.pointee.commit_seq = commitSeq
    return unsafe message
  }

  private func administrationRow(_ row: AdministrationRow) -> UnsafeMutablePointer<Wallet__V1__AdministrationRow> {
    let message = unsafe arena.new(Wallet__V1__AdministrationRow.self, wallet__v1__administration_row__init)
    unsafe message.pointee.id = row.seq
    unsafe message.pointee.verb = Wallet__V1__Method(rawValue: .init(row.verb.rawValue))
    switch Command.Parameters(encoded: row.detail) {
    case .currency(let code, let exponent):
      unsafe message.pointee.subject = unsafe arena.text(code)
      unsafe message.pointee.exponent = exponent
    case .counterAccount(let name): unsafe message.pointee.subject = unsafe arena.text(name)
    case .grant(let terms):
      unsafe message.pointee.subject = unsafe arena.text(terms.principal)
      unsafe message.pointee.token_id = row.seq
    case .revocation(let id): unsafe message.pointee.token_id = id
    default: break
    }
    unsafe setAudit(of: message, row.attribution, row)
    unsafe message.pointee.created_at_micros = row.createdAt
    unsafe message.pointee.detail = unsafe arena.bytes(row.detail)
    unsafe message.pointee.lane = UInt32(truncatingIfNeeded: row.lane)
    unsafe message.pointee.row_format = UInt32(truncatingIfNeeded: row.format)
    return unsafe message
  }

  // MARK: Trial balance

  func trialBalanceResponse(
    _ balance: TrialBalance, _ commitSeq: Int64
  ) -> UnsafeMutablePointer<Wallet__V1__TrialBalanceResponse> {
    let message = unsafe arena.new(Wallet__V1__TrialBalanceResponse.self, wallet__v1__trial_balance_response__init)
    unsafe (message.pointee.n_currencies, message.pointee.currencies) = pointers(
      balance.currencies, currencyBalance)
    unsafe message.pointee.commit_seq = commitSeq
    let names = balance.counterAccounts
    unsafe message.pointee.counter_accounts = unsafe arena.array(of: ProtobufCBinaryData.self, count: names.count)
    for (index, name) in names.enumerated() {
      unsafe (message.pointee.counter_accounts + index).initialize(to: arena.text(name))
    }
    unsafe message.pointee.n_counter_accounts = names.count
    return unsafe message
  }

  private func currencyBalance(
    _ totals: TrialBalance.CurrencyTotals
  ) -> UnsafeMutablePointer<Wallet__V1__CurrencyBalance> {
    let message = unsafe arena.new(Wallet__V1__CurrencyBalance.self, wallet__v1__currency_balance__init)
    unsafe message.pointee.currency = unsafe arena.text(totals.currency)
    unsafe message.pointee.exponent = UInt32(totals.exponent)
    unsafe message.pointee.wallets_total = totals.walletsTotal
    unsafe (message.pointee.n_counter_accounts, message.pointee.counter_accounts) = pointers(
      totals.counterAccounts, counterAccountBalance)
    unsafe message.pointee.difference = totals.difference
    unsafe message.pointee.registered = totals.isRegistered ? 1 : 0
    return unsafe message
  }

  private func counterAccountBalance(
    _ total: TrialBalance.CounterAccountTotal
  ) -> UnsafeMutablePointer<Wallet__V1__CounterAccountBalance> {
    let message = unsafe arena.new(
      Wallet__V1__CounterAccountBalance.self, wallet__v1__counter_account_balance__init)
    unsafe message.pointee.name = unsafe arena.text(total.name)
    unsafe message.pointee.total = total.total
    return unsafe message
  }
}

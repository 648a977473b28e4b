import CProtobufC
import CWalletProto
import WalletCore

/// A mutation that is neither an OpenWallet nor a Debit or a Credit: what it has beside the fields of all mutations.
protocol SpecialMessage: AuditedMessage {
  static var verb: Verb { get }

  /// Each reads a field, or several; `nil` when one was refused as malformed.
  func readWallet(_ fields: inout FieldReader) -> WalletReference?
  func readAmount(_ fields: inout FieldReader) -> Int64
  func readExpectedVersion(_ fields: inout FieldReader) -> Int64
  func readCounterAccount(_ fields: inout FieldReader) -> Text
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters?
}

extension SpecialMessage {
  /// Of those that name a hold or a transaction, or nothing that a wallet has.
  func readWallet(_ fields: inout FieldReader) -> WalletReference? { WalletReference.none }
  func readAmount(_ fields: inout FieldReader) -> Int64 { 0 }
  func readExpectedVersion(_ fields: inout FieldReader) -> Int64 { 0 }
  func readCounterAccount(_ fields: inout FieldReader) -> Text { Text() }
}

extension SpecialMessage where Self: VersionedMessage {
  func readExpectedVersion(_ fields: inout FieldReader) -> Int64 { fields.expectedVersion(expected_version) }
}

extension SpecialMessage where Self: MutationMessage {
  func readWallet(_ fields: inout FieldReader) -> WalletReference? {
    unsafe fields.walletOfMutation(wallet, at: "wallet")
  }
}

/// Makes a command of a mutation with parameters.
@unsafe
struct SpecialReader<Message: SpecialMessage> {
  private let message: UnsafeMutablePointer<Message>

  init(_ message: UnsafeMutablePointer<Message>) { unsafe self.message = unsafe message }

  func command(_ origin: Origin, key source: KeySource = .message) throws(Failure) -> Command {
    var fields = FieldReader()
    unsafe fields.refuseUnknownFields(message.pointee.base, in: "")
    let amount = unsafe message.pointee.readAmount(&fields)
    let wallet = unsafe message.pointee.readWallet(&fields)
    let key = unsafe fields.key(message.pointee.idempotency_key, source)
    let audit = unsafe Command.Audit(reading: message, &fields)
    let expectedVersion = unsafe message.pointee.readExpectedVersion(&fields)
    let counterAccount = unsafe message.pointee.readCounterAccount(&fields)
    let parameters = unsafe message.pointee.readParameters(&fields)
    guard !fields.isMalformed, let key, let wallet, let parameters else { throw fields.whyUnreadable }
    return Command(
      verb: Message.verb, key: key, wallet: wallet, amount: amount, expectedVersion: expectedVersion,
      counterAccount: counterAccount, audit: audit, origin: origin, violation: fields.violation,
      parameters: parameters)
  }
}

// MARK: Money

extension Wallet__V1__TransferRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .transfer }
  func readAmount(_ fields: inout FieldReader) -> Int64 { unsafe fields.amount(amount) }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe fields.walletOfMutation(to, at: "to").map { .transfer(to: $0) }
  }
}

extension Wallet__V1__HoldRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .hold }
  func readAmount(_ fields: inout FieldReader) -> Int64 { unsafe fields.amount(amount) }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe .hold(timeout: fields.timeout(timeout_millis))
  }
}

extension Wallet__V1__CaptureRequest: @unsafe SpecialMessage, @unsafe VersionedMessage {
  static var verb: Verb { .capture }
  func readWallet(_ fields: inout FieldReader) -> WalletReference? { unsafe fields.currencyAlone(currency) }
  func readAmount(_ fields: inout FieldReader) -> Int64 { unsafe fields.amountOrAll(amount) }
  func readCounterAccount(_ fields: inout FieldReader) -> Text { unsafe fields.counterAccount(counter_account) }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe .capture(holdID: fields.id(hold_id, "hold_id"), isFinal: final != 0)
  }
}

extension Wallet__V1__ReleaseRequest: @unsafe SpecialMessage, @unsafe VersionedMessage {
  static var verb: Verb { .release }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe .release(holdID: fields.id(hold_id, "hold_id"))
  }
}

extension Wallet__V1__RefundRequest: @unsafe SpecialMessage, @unsafe VersionedMessage {
  static var verb: Verb { .refund }
  func readWallet(_ fields: inout FieldReader) -> WalletReference? { unsafe fields.currencyAlone(currency) }
  func readAmount(_ fields: inout FieldReader) -> Int64 { unsafe fields.amountOrAll(amount) }
  func readCounterAccount(_ fields: inout FieldReader) -> Text { unsafe fields.counterAccount(counter_account) }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe .refund(seq: fields.id(transaction_id, "transaction_id"))
  }
}

// MARK: Wallets

extension Wallet__V1__FreezeRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .freeze }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    let until = unsafe until_micros
    if until < 0 { fields.refuse("until_micros", "must be microseconds since 1970, or 0 for until it is lifted") }
    return unsafe fields.scope(scope).map { .freeze($0, until: until) }
  }
}

extension Wallet__V1__UnfreezeRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .unfreeze }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe fields.scope(scope).map { .unfreeze($0) }
  }
}

extension Wallet__V1__SetLimitsRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .setLimits }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe fields.limits(limits).map { .limits($0) }
  }
}

extension Wallet__V1__CloseWalletRequest: @unsafe SpecialMessage, @unsafe VersionedMessage, @unsafe MutationMessage {
  static var verb: Verb { .closeWallet }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? { Command.Parameters.none }
}

// MARK: Administration

extension Wallet__V1__RegisterCurrencyRequest: @unsafe SpecialMessage {
  static var verb: Verb { .registerCurrency }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    let exponent = unsafe exponent
    if exponent > Money.exponentMax { fields.refuse("exponent", "is above \(Money.exponentMax)") }
    return unsafe fields.name(code, "code", bytesMax: LedgerLimits.currencyBytesMax, .currency).map {
      .currency(code: $0, exponent: exponent)
    }
  }
}

extension Wallet__V1__AddCounterAccountRequest: @unsafe SpecialMessage {
  static var verb: Verb { .addCounterAccount }
  func readParameters(_ fields: inout FieldReader) -> Command.Parameters? {
    unsafe fields.name(name, "name", bytesMax: LedgerLimits.counterAccountBytesMax, .code).map {
      .counterAccount(name: $0)
    }
  }
}

// MARK: Fields

extension FieldReader {
  /// Of what is made known: without it the request names nothing.
  @unsafe
  fileprivate mutating func name(
    _ data: ProtobufCBinaryData, _ field: String, bytesMax: Int, _ alphabet: Alphabet
  ) -> Text? {
    let name = unsafe text(data, field, bytesMax: bytesMax, alphabet)
    if unsafe data.len == 0 { refuseAsMalformed(field, "is required") }
    return name.isEmpty ? nil : name
  }

  fileprivate mutating func amount(_ amount: Int64) -> Int64 {
    if amount <= 0 { refuse("amount", "must be positive, in minor units") }
    return amount
  }

  fileprivate mutating func amountOrAll(_ amount: Int64) -> Int64 {
    if amount < 0 { refuse("amount", "must be positive, in minor units, or 0 for all that is left") }
    return amount
  }

  /// The currency of an amount, of a request that names no wallet: a check, as beside a wallet's id.
  @unsafe
  fileprivate mutating func currencyAlone(_ data: ProtobufCBinaryData) -> WalletReference {
    let currency = unsafe text(data, "currency", bytesMax: LedgerLimits.currencyBytesMax, .currency)
    return .name(WalletName(owner: "", currency: currency, name: ""))
  }

  /// A hold or a transaction, without which there is no wallet.
  fileprivate mutating func id(_ id: Int64, _ field: String) -> Int64 {
    if id == 0 { refuseAsMalformed(field, "is required") }
    if id < 0 { refuseAsMalformed(field, "must be positive") }
    return id
  }

  /// 366 days.
  private static let holdMillisecondsMax: Int64 = 31_622_400_000

  /// In microseconds.
  fileprivate mutating func timeout(_ milliseconds: Int64) -> Int64 {
    if !(1...Self.holdMillisecondsMax).contains(milliseconds) {
      refuse("timeout_millis", "must be from 1 to \(Self.holdMillisecondsMax) (366 days)")
    }
    return Int64(clamping: Int128(milliseconds) * 1000)
  }

  fileprivate mutating func scope(_ scope: Wallet__V1__FreezeScope) -> FreezeScope? {
    if let scope = UInt8(exactly: scope.rawValue).flatMap({ FreezeScope(rawValue: $0) }) { return scope }
    refuseAsMalformed("scope", scope.rawValue == 0 ? "is required" : "is not a scope that this server knows")
    return nil
  }

  @unsafe
  fileprivate mutating func limits(_ message: UnsafeMutablePointer<Wallet__V1__WalletLimits>?) -> WalletLimits? {
    guard let message = unsafe message?.pointee else {
      // An empty message lifts all limits, which nobody should do by leaving something out.
      refuseAsMalformed("limits", "is required; an empty one lifts all limits")
      return nil
    }
    unsafe refuseUnknownFields(message.base, in: "limits")
    var limits = WalletLimits()
    limits.overdraft = unsafe limit(message.overdraft_limit, "limits.overdraft_limit")
    limits.balanceMax = unsafe limit(message.max_balance, "limits.max_balance")
    limits.amountMax = unsafe limit(message.max_amount, "limits.max_amount")
    limits.day = unsafe window(message.day, "limits.day")
    limits.week = unsafe window(message.week, "limits.week")
    limits.month = unsafe window(message.month, "limits.month")
    return limits
  }

  @unsafe
  private mutating func window(_ message: UnsafeMutablePointer<Wallet__V1__WindowLimit>?, _ path: String) -> WindowLimit
  {
    guard let message = unsafe message?.pointee else { return WindowLimit() }
    unsafe refuseUnknownFields(message.base, in: path)
    return unsafe WindowLimit(
      amount: limit(message.amount, "\(path).amount"), count: limit(message.count, "\(path).count"))
  }

  private mutating func limit(_ figure: Int64, _ field: @autoclosure () -> String) -> Int64 {
    if figure < 0 { refuse(field(), "may not be negative") }
    return figure
  }
}

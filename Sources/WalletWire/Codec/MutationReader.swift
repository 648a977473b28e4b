package import CProtobufC
package import CWalletProto
import WalletCore

/// The fields that every mutation has under the same names, which are those of the C structs.
// swift-format-ignore: AlwaysUseLowerCamelCase, NeverUseImplicitlyUnwrappedOptionals
package protocol MutationMessage {
  var base: ProtobufCMessage { get }
  var wallet: UnsafeMutablePointer<Wallet__V1__WalletRef>! { get set }
  var idempotency_key: ProtobufCBinaryData { get set }
  var reason: ProtobufCBinaryData { get set }
  var reference: ProtobufCBinaryData { get set }
  var correlation_id: ProtobufCBinaryData { get set }
  var note: ProtobufCBinaryData { get set }
  var on_behalf_of: ProtobufCBinaryData { get set }
  var occurred_at_micros: Int64 { get set }
  var n_metadata: Int { get set }
  var metadata: UnsafeMutablePointer<UnsafeMutablePointer<Wallet__V1__MetadataEntry>?>! { get set }
  var dry_run: protobuf_c_boolean { get set }
}

/// A mutation that posts an amount.
// swift-format-ignore: AlwaysUseLowerCamelCase
package protocol PostingMessage: MutationMessage {
  var amount: Int64 { get set }
  var expected_version: Int64 { get set }
  var counter_account: ProtobufCBinaryData { get set }
}

extension Wallet__V1__OpenWalletRequest: @unsafe MutationMessage {}
extension Wallet__V1__DebitRequest: @unsafe PostingMessage {}
extension Wallet__V1__CreditRequest: @unsafe PostingMessage {}

/// Where the key of a mutation stands.
enum KeySource {
  /// In its own message.
  case message
  /// In the batch of all or nothing whose item it is.
  case batch(IdempotencyKey)
}

/// Makes a command of an OpenWallet.
@unsafe
struct OpenWalletReader {
  private let message: Wallet__V1__OpenWalletRequest

  init(_ pointer: UnsafeMutablePointer<Wallet__V1__OpenWalletRequest>) { unsafe message = pointer.pointee }

  func command(_ verb: Verb, _ origin: Origin, key: KeySource = .message) throws(Failure) -> Command {
    var fields = FieldReader()
    let common = try unsafe CommonFields(message, verb, key, &fields)
    if case .id = common.wallet {
      throw .invalidArgument("wallet.id", "is made by the server; name the wallet by owner_id, currency and name")
    }
    return Command(
      verb: verb, key: common.key, wallet: common.wallet, audit: common.audit, origin: origin,
      violation: fields.violation)
  }
}

/// Makes a command of a Debit or a Credit.
@unsafe
struct PostingReader<Message: PostingMessage> {
  private let message: Message

  init(_ pointer: UnsafeMutablePointer<Message>) { unsafe message = pointer.pointee }

  func command(_ verb: Verb, _ origin: Origin, key: KeySource = .message) throws(Failure) -> Command {
    var fields = FieldReader()
    let amount = unsafe message.amount
    if amount <= 0 { fields.refuse("amount", "must be positive, in minor units") }
    let common = try unsafe CommonFields(message, verb, key, &fields)
    let expectedVersion = unsafe message.expected_version
    if expectedVersion < 0 { fields.refuse("expected_version", "must be positive, or 0 for no check") }
    let counterAccount = unsafe fields.text(
      message.counter_account, "counter_account", bytesMax: LedgerLimits.counterAccountBytesMax, .code)
    if let failure = fields.malformed { throw failure }
    return Command(
      verb: verb, key: common.key, wallet: common.wallet, amount: amount, expectedVersion: expectedVersion,
      counterAccount: counterAccount, audit: common.audit, origin: origin, violation: fields.violation)
  }
}

private struct CommonFields {
  var key: IdempotencyKey
  var wallet: WalletReference
  var audit: Command.Audit

  /// Without a key that can be looked up, or with something that can't be read, there is no command.
  @unsafe
  init(
    _ message: some MutationMessage, _ verb: Verb, _ source: KeySource, _ fields: inout FieldReader
  ) throws(Failure) {
    unsafe fields.refuseUnknownFields(message.base, in: "")
    if let wallet = unsafe message.wallet { unsafe fields.refuseUnknownFields(wallet.pointee.base, in: "wallet.") }
    let wallet = unsafe fields.wallet(message.wallet)
    let key = unsafe fields.key(message.idempotency_key, source)
    let audit = unsafe Command.Audit(reading: message, &fields)
    if let failure = fields.malformed { throw failure }
    guard let key, let wallet else { preconditionFailure("a key or wallet was neither read nor refused") }
    if message.dry_run != 0 { throw .unimplemented(verb.rawValue, feature: "dry_run") }
    self.key = key
    self.wallet = wallet
    self.audit = audit
  }
}

extension FieldReader {
  /// `nil` when it was refused as malformed.
  @unsafe
  mutating func key(_ data: ProtobufCBinaryData, _ source: KeySource = .message) -> IdempotencyKey? {
    if case .batch(let key) = source {
      if unsafe data.len > 0 { refuseAsMalformed("idempotency_key", "may not be given: the batch has one key for all") }
      return key
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: data.data, count: data.len)
    if let key = unsafe IdempotencyKey(bytes) { return key }
    if unsafe String(validating: bytes, as: UTF8.self) == nil {
      refuseAsMalformed("idempotency_key", "is not valid UTF-8")
    } else {
      unsafe refuseAsMalformed(
        "idempotency_key", bytes.isEmpty ? "is required" : "must have 8 to 64 printable ASCII characters")
    }
    return nil
  }
}

extension Command.Audit {
  @unsafe
  fileprivate init(reading message: some MutationMessage, _ fields: inout FieldReader) {
    let reason = unsafe fields.text(
      message.reason, "reason", bytesMax: LedgerLimits.reasonBytesMax, .code, required: true)
    let note = unsafe fields.text(message.note, "note", bytesMax: LedgerLimits.noteBytesMax, .text)
    let reference = unsafe fields.text(message.reference, "reference", bytesMax: LedgerLimits.referenceBytesMax, .text)
    let onBehalfOf = unsafe fields.text(
      message.on_behalf_of, "on_behalf_of", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let correlationID = unsafe fields.text(
      message.correlation_id, "correlation_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let occurredAt = message.occurred_at_micros
    if occurredAt < 0 { fields.refuse("occurred_at_micros", "must be microseconds since 1970, or 0 for not given") }
    self.init(
      reason: reason, note: note, reference: reference, onBehalfOf: onBehalfOf, correlationID: correlationID,
      occurredAt: occurredAt, metadata: unsafe Self.metadata(message, &fields))
  }

  @unsafe
  private static func metadata(_ message: some MutationMessage, _ fields: inout FieldReader) -> [MetadataPair] {
    let count = message.n_metadata
    if count == 0 { return [] }
    if count > LedgerLimits.metadataPairsMax {
      fields.refuseAsMalformed("metadata", "has \(count) pairs; at most \(LedgerLimits.metadataPairsMax) are allowed")
      return []
    }
    var pairs: [MetadataPair] = []
    for index in 0..<count {
      guard let entry = unsafe message.metadata[index]?.pointee else { continue }
      unsafe fields.refuseUnknownFields(entry.base, in: "metadata[\(index)].")
      let key = unsafe fields.text(
        entry.key, "metadata[\(index)].key", bytesMax: LedgerLimits.metadataBytesMax, .metadataKey, required: true)
      let value = unsafe fields.text(
        entry.value, "metadata[\(index)].value", bytesMax: LedgerLimits.metadataBytesMax, .text)
      if pairs.contains(where: { $0.key == key }) { fields.refuse("metadata[\(index)].key", "is there twice") }
      pairs.append(MetadataPair(key: key, value: value))
    }
    let bytes = pairs.reduce(0) { $0 + $1.key.byteCount + $1.value.byteCount }
    if bytes > LedgerLimits.metadataBytesMax {
      fields.refuse("metadata", "has \(bytes) bytes; at most \(LedgerLimits.metadataBytesMax) are allowed")
    }
    return pairs
  }
}

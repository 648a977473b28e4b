package import CProtobufC
package import CWalletProto
import WalletCore

/// The fields that every mutation has under the same names, which are those of the C structs.
// swift-format-ignore: AlwaysUseLowerCamelCase, NeverUseImplicitlyUnwrappedOptionals
package protocol AuditedMessage {
  var base: ProtobufCMessage { get }
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

/// A mutation that names its wallet, and not a hold or a transaction.
// swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
package protocol MutationMessage: AuditedMessage {
  var wallet: UnsafeMutablePointer<Wallet__V1__WalletRef>! { get set }
}

/// A mutation of a wallet that is there.
// swift-format-ignore: AlwaysUseLowerCamelCase
package protocol VersionedMessage: AuditedMessage {
  var expected_version: Int64 { get set }
}

/// A mutation that posts an amount, and has no parameters beyond it.
// swift-format-ignore: AlwaysUseLowerCamelCase
package protocol PostingMessage: MutationMessage, VersionedMessage {
  var amount: Int64 { get set }
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
  private let message: UnsafeMutablePointer<Wallet__V1__OpenWalletRequest>

  init(_ message: UnsafeMutablePointer<Wallet__V1__OpenWalletRequest>) { unsafe self.message = unsafe message }

  func command(_ verb: Verb, _ origin: Origin, key source: KeySource = .message) throws(Failure) -> Command {
    var fields = FieldReader()
    let wallet = unsafe fields.wallet(of: message)
    let key = unsafe fields.key(message.pointee.idempotency_key, source)
    let audit = unsafe Command.Audit(reading: message, &fields)
    guard !fields.isMalformed, let key, let wallet else { throw fields.whyUnreadable }
    if case .id = wallet {
      throw .invalidArgument("wallet.id", "is made by the server; name the wallet by owner_id, currency and name")
    }
    return Command(verb: verb, key: key, wallet: wallet, audit: audit, origin: origin, violation: fields.violation)
  }
}

/// Makes a command of a Debit or a Credit.
@unsafe
struct PostingReader<Message: PostingMessage> {
  private let message: UnsafeMutablePointer<Message>

  init(_ message: UnsafeMutablePointer<Message>) { unsafe self.message = unsafe message }

  func command(_ verb: Verb, _ origin: Origin, key source: KeySource = .message) throws(Failure) -> Command {
    var fields = FieldReader()
    let amount = unsafe message.pointee.amount
    if amount <= 0 { fields.refuse("amount", "must be positive, in minor units") }
    let wallet = unsafe fields.wallet(of: message)
    let key = unsafe fields.key(message.pointee.idempotency_key, source)
    let audit = unsafe Command.Audit(reading: message, &fields)
    let expectedVersion = unsafe fields.expectedVersion(message.pointee.expected_version)
    let counterAccount = unsafe fields.counterAccount(message.pointee.counter_account)
    guard !fields.isMalformed, let key, let wallet else { throw fields.whyUnreadable }
    return Command(
      verb: verb, key: key, wallet: wallet, amount: amount, expectedVersion: expectedVersion,
      counterAccount: counterAccount, audit: audit, origin: origin, violation: fields.violation)
  }
}

extension FieldReader {
  /// The wallet of a mutation, which takes no unknown fields; `nil` when it was refused as malformed.
  @unsafe
  fileprivate mutating func wallet<Message: MutationMessage>(
    of message: UnsafeMutablePointer<Message>
  ) -> WalletReference? {
    unsafe refuseUnknownFields(message.pointee.base, in: "")
    return unsafe walletOfMutation(message.pointee.wallet, at: "wallet")
  }

  /// The same of one that stands at a path.
  @unsafe
  mutating func walletOfMutation(
    _ reference: UnsafeMutablePointer<Wallet__V1__WalletRef>?, at path: String
  ) -> WalletReference? {
    if let reference = unsafe reference { unsafe refuseUnknownFields(reference.pointee.base, in: path) }
    return unsafe wallet(reference, at: path)
  }

  mutating func counterAccount(_ data: ProtobufCBinaryData) -> Text {
    unsafe text(data, "counter_account", bytesMax: LedgerLimits.counterAccountBytesMax, .code)
  }

  mutating func expectedVersion(_ version: Int64) -> Int64 {
    if version < 0 { refuse("expected_version", "must be positive, or 0 for no check") }
    return version
  }

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
  init<Message: AuditedMessage>(
    reading message: UnsafeMutablePointer<Message>, _ fields: inout FieldReader
  ) {
    let reason = unsafe fields.text(
      message.pointee.reason, "reason", bytesMax: LedgerLimits.reasonBytesMax, .code, required: true)
    let note = unsafe fields.text(message.pointee.note, "note", bytesMax: LedgerLimits.noteBytesMax, .text)
    let reference = unsafe fields.text(
      message.pointee.reference, "reference", bytesMax: LedgerLimits.referenceBytesMax, .text)
    let onBehalfOf = unsafe fields.text(
      message.pointee.on_behalf_of, "on_behalf_of", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let correlationID = unsafe fields.text(
      message.pointee.correlation_id, "correlation_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let occurredAt = unsafe message.pointee.occurred_at_micros
    if occurredAt < 0 { fields.refuse("occurred_at_micros", "must be microseconds since 1970, or 0 for not given") }
    self.init(
      reason: reason, note: note, reference: reference, onBehalfOf: onBehalfOf, correlationID: correlationID,
      occurredAt: occurredAt, metadata: unsafe Self.metadata(message, &fields))
  }

  @unsafe
  private static func metadata<Message: AuditedMessage>(
    _ message: UnsafeMutablePointer<Message>, _ fields: inout FieldReader
  ) -> [MetadataPair] {
    let count = unsafe message.pointee.n_metadata
    if count == 0 { return [] }
    if count > LedgerLimits.metadataPairsMax {
      fields.refuseAsMalformed("metadata", "has \(count) pairs; at most \(LedgerLimits.metadataPairsMax) are allowed")
      return []
    }
    var pairs: [MetadataPair] = []
    for index in 0..<count {
      guard let entry = unsafe message.pointee.metadata[index]?.pointee else { continue }
      unsafe fields.refuseUnknownFields(entry.base, in: "metadata[\(index)]")
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

import CProtobufC
import CWalletProto
import WalletCore

/// The fields that messages of journal rows have under the same names, which are those of the C structs.
// swift-format-ignore: AlwaysUseLowerCamelCase, NeverUseImplicitlyUnwrappedOptionals
protocol JournalRowMessage {
  var actor: ProtobufCBinaryData { get set }
  var on_behalf_of: ProtobufCBinaryData { get set }
  var reason: ProtobufCBinaryData { get set }
  var note: ProtobufCBinaryData { get set }
  var reference: ProtobufCBinaryData { get set }
  var idempotency_key: ProtobufCBinaryData { get set }
  var request_digest: ProtobufCBinaryData { get set }
  var correlation_id: ProtobufCBinaryData { get set }
  var source: ProtobufCBinaryData { get set }
  var client_name: ProtobufCBinaryData { get set }
  var n_metadata: Int { get set }
  var metadata: UnsafeMutablePointer<UnsafeMutablePointer<Wallet__V1__MetadataEntry>?>! { get set }
  var occurred_at_micros: Int64 { get set }
  var digest: ProtobufCBinaryData { get set }
}

extension Wallet__V1__Refusal: @unsafe JournalRowMessage {}
extension Wallet__V1__AdministrationRow: @unsafe JournalRowMessage {}

extension ReplyEncoder {
  /// Who asked for a row, why, and under which key; and its digests.
  @unsafe
  func setAudit<Message: JournalRowMessage>(
    of message: UnsafeMutablePointer<Message>, _ attribution: Attribution, _ row: some JournalRow
  ) {
    let (audit, origin) = (attribution.audit, attribution.origin)
    unsafe message.pointee.actor = unsafe arena.text(origin.actor)
    unsafe message.pointee.on_behalf_of = unsafe arena.text(audit.onBehalfOf)
    unsafe message.pointee.reason = unsafe arena.text(audit.reason)
    unsafe message.pointee.note = unsafe arena.text(audit.note)
    unsafe message.pointee.reference = unsafe arena.text(audit.reference)
    unsafe message.pointee.idempotency_key = unsafe arena.key(attribution.key)
    unsafe message.pointee.request_digest = unsafe arena.bytes(row.requestDigest)
    unsafe message.pointee.correlation_id = unsafe arena.text(audit.correlationID)
    unsafe message.pointee.source = unsafe arena.text(origin.source)
    unsafe message.pointee.client_name = unsafe arena.text(origin.clientName)
    unsafe (message.pointee.n_metadata, message.pointee.metadata) = pointers(audit.metadata, metadataEntry)
    unsafe message.pointee.occurred_at_micros = audit.occurredAt
    unsafe message.pointee.digest = unsafe arena.bytes(row.digest)
  }

  private func metadataEntry(_ pair: MetadataPair) -> UnsafeMutablePointer<Wallet__V1__MetadataEntry> {
    let message = unsafe arena.new(Wallet__V1__MetadataEntry.self, wallet__v1__metadata_entry__init)
    unsafe message.pointee.key = unsafe arena.text(pair.key)
    unsafe message.pointee.value = unsafe arena.text(pair.value)
    return unsafe message
  }
}

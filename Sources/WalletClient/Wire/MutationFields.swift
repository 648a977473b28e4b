import CProtobufC
import CWalletProto

/// The fields that every mutation has under the same names, which are those of the C structs.
// swift-format-ignore: AlwaysUseLowerCamelCase, NeverUseImplicitlyUnwrappedOptionals
protocol MutationFields {
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

/// Those of a mutation of a wallet that is there already.
// swift-format-ignore: AlwaysUseLowerCamelCase
protocol ChangeFields: MutationFields {
  var expected_version: Int64 { get set }
}

extension Wallet__V1__OpenWalletRequest: @unsafe MutationFields {}
extension Wallet__V1__RegisterCurrencyRequest: @unsafe MutationFields {}
extension Wallet__V1__AddCounterAccountRequest: @unsafe MutationFields {}
extension Wallet__V1__CreateTokenRequest: @unsafe MutationFields {}
extension Wallet__V1__RevokeTokenRequest: @unsafe MutationFields {}
extension Wallet__V1__DebitRequest: @unsafe ChangeFields {}
extension Wallet__V1__CreditRequest: @unsafe ChangeFields {}
extension Wallet__V1__TransferRequest: @unsafe ChangeFields {}
extension Wallet__V1__HoldRequest: @unsafe ChangeFields {}
extension Wallet__V1__CaptureRequest: @unsafe ChangeFields {}
extension Wallet__V1__ReleaseRequest: @unsafe ChangeFields {}
extension Wallet__V1__RefundRequest: @unsafe ChangeFields {}
extension Wallet__V1__FreezeRequest: @unsafe ChangeFields {}
extension Wallet__V1__UnfreezeRequest: @unsafe ChangeFields {}
extension Wallet__V1__SetLimitsRequest: @unsafe ChangeFields {}
extension Wallet__V1__CloseWalletRequest: @unsafe ChangeFields {}

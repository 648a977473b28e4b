import CProtobufC
import CWalletProto
package import WalletCore

/// What a client says in its first frame.
package struct ClientHello: Equatable, Sendable {
  /// The protocol version that is served.
  package static let version: UInt32 = 1

  package var clientName: Text
  package var token: Text
  /// Empty: whichever ledger is served.
  package var ledgerID: Text

  /// - Throws: A failure for CONNECTION_ERROR.
  package static func decode(_ payload: Span<UInt8>) throws(Failure) -> ClientHello {
    let arena = MessageArena(budget: 256 * 1024)
    var descriptor = unsafe wallet__v1__hello__descriptor
    guard let message = unsafe arena.unpack(Wallet__V1__Hello.self, &descriptor, payload) else {
      throw Failure(.invalidFrame, .frame(rule: "the payload of HELLO is not a Hello", limit: 0))
    }
    // The message lives in the arena, which must live as long.
    defer { arena.reset() }
    let versions = unsafe (0..<message.pointee.n_versions).map { unsafe message.pointee.versions[$0] }
    guard versions.contains(version) else {
      throw Failure(
        .unimplemented, .message("no protocol version in common: this server speaks version \(version)"))
    }
    var fields = FieldReader()
    let name = unsafe fields.text(
      message.pointee.client_name, "client_name", bytesMax: LedgerLimits.clientNameBytesMax, .clientName)
    let ledgerID = unsafe fields.text(
      message.pointee.ledger_id, "ledger_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    var token: Text = ""
    if let credentials = unsafe message.pointee.credentials?.pointee,
      unsafe credentials.kind_case == WALLET__V1__CREDENTIALS__KIND_TOKEN
    {
      token = unsafe fields.text(credentials.token, "credentials.token", bytesMax: 512, .text)
    }
    try fields.requireNothingRefused()
    return ClientHello(clientName: name, token: token, ledgerID: ledgerID)
  }
}

import WalletCore
import WalletServer
import WalletWire

extension FuzzTarget {
  /// The payload of a HELLO, to a server that asks who is there and to one that doesn't.
  package static let hello = FuzzTarget("hello", bytesMax: 2048, seeds: { try $0.hellos() }) { bytes in
    var input = Input(bytes)
    let isAsked = input.byte() & 1 != 0
    let payload = Array(input.rest)
    let stream = StreamReference.preface + StreamReference.frame(type: 1, payload)
    let door = Door(isAsked ? Guests.authentication : .off)
    let outcome = try door.outcome(of: [stream])
    let sent = try ServerFrames(outcome.sent).frames
    try demand(sent.count == 1, "\(sent.count) frames answer a HELLO")
    let isIn = sent[0].header.type == .helloAck
    try demand(isIn == !outcome.isClosed, "closed: \(outcome.isClosed), answered with \(sent[0].header.type)")

    let hello: ClientHello
    do throws(Failure) { hello = try ClientHello.decode(payload.span) } catch {
      let codes: [ErrorReason] = [.invalidFrame, .unimplemented, .invalidArgument]
      try demand(!isIn, "a HELLO that can't be read is let in")
      try demand(codes.contains(error.reason), "\(error) isn't an answer to a HELLO")
      try demand(
        try sent[0].message.demandError() == "ERROR_REASON_\(error.reason.name)", "told: \(sent[0].message.text)")
      return try door.end()
    }
    try compare(hello, payload)
    let isOurs = hello.ledgerID.isEmpty || hello.ledgerID.string == Door.ledger.ledgerID
    let token = TokenText(hello.token.string)
    try demand(isIn == (isOurs && (!isAsked || token == Guests.token)), "let in: \(isIn), \(hello)")
    if !isIn { _ = try sent[0].message.demandError() }
    if let token { try demand(TokenText(token.text) == token, "\(token.text) is another token") }
    try door.end()
  }

  /// The schema's own reading says the same.
  private static func compare(_ hello: ClientHello, _ payload: [UInt8]) throws {
    guard let schema = SchemaRegistry.wallet.message("wallet.v1.Hello") else { throw Violation("no wallet.v1.Hello") }
    let value: JSONValue
    do throws(ProtobufJSON.Failure) {
      value = try ProtobufJSON.value(payload[...], as: schema, includeDefaults: true)
    } catch {
      // protobuf-c takes a field whose number no schema can have, 0 or beyond 29 bits, for any unknown one.
      return try demand(UnknownFields.first(in: payload[...], of: schema) != nil, "no JSON: \(error)")
    }
    func text(_ value: JSONValue?) -> String { if case .string(let text)? = value { text } else { "" } }
    let read = [hello.clientName.string, hello.ledgerID.string, hello.token.string]
    let said = [text(value["clientName"]), text(value["ledgerId"]), text(value["credentials"]?["token"])]
    try demand(zip(read, said).allSatisfy { Text($0) == Text($1) }, "read as \(read), and said was \(value.text)")
  }
}

/// Who is let in where callers are asked.
private enum Guests {
  private static let secret = [UInt8](repeating: 0x5A, count: TokenText.secretByteCount)
  static let token = TokenText(id: 7, secret: secret)

  static let authentication: Authentication = {
    var grants = Grants()
    grants.add(
      Grant(
        id: 7,
        terms: GrantTerms(principal: "shop", credential: .secret(digest: ShortBytes(secret)), scopes: .all),
        createdAt: 1))
    // Digests aren't what is tried here.
    return Authentication(.required, grants: GrantBook(grants), ownUser: 1000, sha256: { $0 })
  }()
}

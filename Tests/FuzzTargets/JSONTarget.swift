import WalletCore
import WalletWire

extension FuzzTarget {
  /// A message and its JSON, as the gateway and walletctl take it.
  ///
  /// What is read and written again is the same document; as a message it is what protobuf-c reads, and stays the same from
  /// there on; whatever is refused says where.
  package static let json = FuzzTarget("json", bytesMax: 4096, seeds: { try $0.documents() }) { bytes in
    var input = Input(bytes)
    let schema = JSONMessages.schema(input.byte())
    let text = Array(input.rest)
    let document: JSONValue
    do throws(JSONParser.Failure) { document = try JSONParser.parse(text) } catch {
      return try demand((0...text.count).contains(error.position) && !error.rule.isEmpty, "\(error)")
    }
    let written = document.text
    try demand(try JSONParser.parse(written) == document, "another document when it is read again: \(written)")
    try demand(String(validating: text, as: UTF8.self) != nil, "JSON that isn't UTF-8 is taken")

    let message: [UInt8]
    do throws(ProtobufJSON.Failure) { message = try ProtobufJSON.bytes(document, as: schema) } catch {
      return try demand(!error.rule.isEmpty, "a refusal without a rule: \(error)")
    }
    let first = try ProtobufJSON.text(message, as: schema)
    let again = try ProtobufJSON.bytes(first, as: schema)
    try demand(again == message, "\(message) is \(again) when it is read again: \(first)")
    let all = try ProtobufJSON.text(message, as: schema, includeDefaults: true)
    try demand(
      try ProtobufJSON.text(try ProtobufJSON.bytes(all, as: schema), as: schema) == first,
      "another message with its defaults: \(all)")
    try unpack(message, schema)
  }

  /// What the gateway sends on is a message.
  private static func unpack(_ message: [UInt8], _ schema: MessageSchema) throws {
    guard let method = RequestMethods.all.first(where: { $0.request.name == schema.name }) else { return }
    let decoder = RequestDecoder(budget: 16 << 20, batchBudget: 32 << 20)
    do throws(Failure) {
      _ = try decoder.decode(
        method: method.number, payload: message.span,
        origin: Origin(actor: "local", source: "127.0.0.1", clientName: "fuzz"))
    } catch {
      guard case .invalidArgument("", let rule) = error.detail else { return }
      throw Violation("no message of \(method.name): \(rule)")
    }
  }
}

enum JSONMessages {
  static let all = SchemaRegistry.wallet.messages.values.sorted { $0.name < $1.name }

  static func schema(_ choice: UInt8) -> MessageSchema { all[Int(choice) % all.count] }
}

import WalletWire

/// What a server sends, read by the schema.
struct ServerFrames {
  private(set) var frames: [(header: FrameHeader, message: JSONValue)] = []

  init(_ bytes: [UInt8]) throws {
    var start = 0
    while start < bytes.count {
      guard let slice = try FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 8 << 20) else {
        throw Violation("the server ends in the middle of a frame")
      }
      frames.append((slice.header, try Self.message(slice.header, bytes[slice.payload])))
      start = slice.end
    }
  }

  /// Of a response only errors are looked into: no method says here what it answers.
  private static func message(_ header: FrameHeader, _ payload: ArraySlice<UInt8>) throws -> JSONValue {
    switch header.type {
    case .connectionError: return try value(payload, "wallet.v1.Error")
    case .response: return header.code == 0 ? .null : try value(payload, "wallet.v1.Error")
    case .helloAck: return try value(payload, "wallet.v1.HelloAck")
    case .pong: return .null
    case .hello, .request, .cancel, .ping, .goAway, .event:
      throw Violation("the server sends a frame of type \(header.type)")
    }
  }

  private static func value(_ payload: ArraySlice<UInt8>, _ name: String) throws -> JSONValue {
    guard let schema = SchemaRegistry.wallet.message(name) else { throw Violation("there is no message \(name)") }
    return try ProtobufJSON.value(payload, as: schema, includeDefaults: true)
  }
}

extension JSONValue {
  /// Of a wallet.v1.Error: it must have a reason and say why.
  func demandError() throws -> String {
    guard case .string(let reason)? = self["reason"], case .string(let message)? = self["message"] else {
      throw Violation("an error without a reason or a message: \(text)")
    }
    try demand(reason != "ERROR_REASON_UNSPECIFIED" && !message.isEmpty, "an error that says nothing: \(text)")
    try demand(reason != "ERROR_REASON_INTERNAL", "a defect of the server: \(text)")
    return reason
  }
}

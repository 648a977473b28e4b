import WalletWire

/// Looks for fields that the schema doesn't have, at any depth.
enum UnknownFields {
  /// The number of the first one. Members of a oneof are left out: only the last one of those that came counts.
  static func first(in bytes: ArraySlice<UInt8>, of schema: MessageSchema) -> UInt64? {
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = varint(&rest), let content = content(type: tag & 7, &rest) else { return nil }
      guard let field = schema.fields.first(where: { UInt64($0.number) == tag >> 3 }) else { return tag >> 3 }
      guard case .message(let name) = field.type, field.oneof == nil,
        let nested = SchemaRegistry.wallet.message(name)
      else { continue }
      if let unknown = first(in: content, of: nested) { return unknown }
    }
    return nil
  }

  /// Whether a path such as `filter.oldest_first` leads to a truth value.
  static func isTruth(_ path: String, of schema: MessageSchema) -> Bool {
    let name = path.prefix { $0 != "." && $0 != "[" }
    let rest = path.dropFirst(name.count).drop { $0 != "." }.dropFirst()
    switch schema.fields.first(where: { $0.name == name })?.type {
    case .bool?: return true
    case .message(let name)?: return SchemaRegistry.wallet.message(name).map { isTruth(String(rest), of: $0) } ?? false
    default: return false
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func content(type: UInt64, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var count = 0
    switch type {
    case 0: return varint(&rest).map { _ in [] }
    case 1: count = 8
    case 5: count = 4
    case 2:
      guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
      count = Int(length)
    default: return nil
    }
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

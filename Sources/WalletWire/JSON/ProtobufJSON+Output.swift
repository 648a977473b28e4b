extension ProtobufJSON {
  /// The JSON value of a message on the wire.
  package static func value(
    _ bytes: ArraySlice<UInt8>, as schema: MessageSchema, includeDefaults: Bool, depth: Int = 0
  ) throws(Failure) -> JSONValue {
    guard depth < JSONParser.depthMax, let wire = WireField.parse(bytes) else {
      throw Failure(field: "", rule: "the bytes aren't a \(schema.name)")
    }
    // Of a oneof, the member that comes last is the one that counts.
    var lastOfOneof: [UInt32: UInt32] = [:]
    var valuesByNumber: [UInt32: [WireField.Value]] = [:]
    let oneofs = schema.fields.reduce(into: [UInt32: UInt32]()) { $0[$1.number] = $1.oneof }
    for field in wire {
      valuesByNumber[field.number, default: []].append(field.value)
      if let oneof = oneofs[field.number] { lastOfOneof[oneof] = field.number }
    }

    var members: [JSONValue.Member] = []
    for field in schema.fields {
      if let oneof = field.oneof, lastOfOneof[oneof] != field.number { continue }
      let values = valuesByNumber[field.number] ?? []
      do throws(Failure) {
        if let value = try output(field, values, includeDefaults: includeDefaults, depth: depth) {
          members.append(JSONValue.Member(field.jsonName, value))
        }
      } catch {
        throw Failure(field: error.field.isEmpty ? field.name : "\(field.name).\(error.field)", rule: error.rule)
      }
    }
    return .object(members)
  }

  /// `nil`: the field is left out.
  private static func output(
    _ field: MessageSchema.Field, _ values: [WireField.Value], includeDefaults: Bool, depth: Int
  ) throws(Failure) -> JSONValue? {
    if field.isRepeated {
      var elements: [JSONValue] = []
      for value in values {
        for single in try unpacked(value, field.type) {
          elements.append(try one(single, field.type, includeDefaults: includeDefaults, depth: depth))
        }
      }
      return elements.isEmpty && !includeDefaults ? nil : .array(elements)
    }
    if case .message = field.type {
      guard !values.isEmpty else { return nil }
      // A message that comes in parts is merged, which is what joining its bytes does.
      var joined: [UInt8] = []
      for value in values {
        guard case .bytes(let bytes) = value else { throw wrongType }
        joined += bytes
      }
      return try one(.bytes(joined[...]), field.type, includeDefaults: includeDefaults, depth: depth)
    }
    guard let last = values.last else {
      return includeDefaults && field.oneof == nil ? defaultValue(field.type) : nil
    }
    let value = try one(last, field.type, includeDefaults: includeDefaults, depth: depth)
    let isLeftOut = field.oneof == nil && !includeDefaults && value == defaultValue(field.type)
    return isLeftOut ? nil : value
  }

  private static var wrongType: Failure { Failure(field: "", rule: "has another type on the wire") }

  /// The numbers of a packed field; other values as they are.
  private static func unpacked(
    _ value: WireField.Value, _ type: MessageSchema.FieldType
  ) throws(Failure) -> [WireField.Value] {
    guard case .bytes(var rest) = value else { return [value] }
    var values: [WireField.Value] = []
    switch type {
    case .text, .bytes, .message: return [value]
    case .fixed64, .sfixed64:
      while !rest.isEmpty {
        guard let number = WireField.fixed(8, &rest) else { throw wrongType }
        values.append(.fixed64(number))
      }
    case .fixed32, .sfixed32:
      while !rest.isEmpty {
        guard let number = WireField.fixed(4, &rest) else { throw wrongType }
        values.append(.fixed32(UInt32(number)))
      }
    default:
      while !rest.isEmpty {
        guard let number = WireField.varint(&rest) else { throw wrongType }
        values.append(.varint(number))
      }
    }
    return values
  }

  private static func one(
    _ value: WireField.Value, _ type: MessageSchema.FieldType, includeDefaults: Bool, depth: Int
  ) throws(Failure) -> JSONValue {
    switch (type, value) {
    case (.int64, .varint(let bits)): return .string(String(Int64(bitPattern: bits)))
    case (.sint64, .varint(let bits)): return .string(String(Int64(bitPattern: bits >> 1 ^ (0 &- bits & 1))))
    case (.uint64, .varint(let bits)): return .string(String(bits))
    case (.sfixed64, .fixed64(let bits)): return .string(String(Int64(bitPattern: bits)))
    case (.fixed64, .fixed64(let bits)): return .string(String(bits))
    case (.int32, .varint(let bits)): return .integer(Int32(truncatingIfNeeded: bits))
    case (.sint32, .varint(let bits)): return .integer(Int32(truncatingIfNeeded: bits >> 1 ^ (0 &- bits & 1)))
    case (.uint32, .varint(let bits)): return .integer(UInt32(truncatingIfNeeded: bits))
    case (.sfixed32, .fixed32(let bits)): return .integer(Int32(bitPattern: bits))
    case (.fixed32, .fixed32(let bits)): return .integer(bits)
    case (.bool, .varint(let bits)): return .bool(bits != 0)
    case (.enumeration(let names, _), .varint(let bits)):
      let number = Int32(truncatingIfNeeded: bits)
      return names[number].map(JSONValue.string) ?? .integer(number)
    case (.text, .bytes(let bytes)): return .string(String(decoding: bytes, as: UTF8.self))
    case (.bytes, .bytes(let bytes)): return .string(Base64.text(bytes))
    case (.message(let name), .bytes(let bytes)):
      guard let schema = SchemaRegistry.wallet.message(name) else { throw wrongType }
      return try self.value(bytes, as: schema, includeDefaults: includeDefaults, depth: depth + 1)
    default: throw wrongType
    }
  }

  private static func defaultValue(_ type: MessageSchema.FieldType) -> JSONValue? {
    switch type {
    case .int64, .sint64, .sfixed64, .uint64, .fixed64: .string("0")
    case .int32, .sint32, .sfixed32, .uint32, .fixed32: .number("0")
    case .bool: .bool(false)
    case .text, .bytes: .string("")
    case .enumeration(let names, _): names[0].map(JSONValue.string) ?? .number("0")
    case .message: nil
    }
  }
}

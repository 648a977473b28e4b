extension ProtobufJSON {
  /// The bytes of a message given as a JSON value.
  package static func bytes(
    _ value: JSONValue, as schema: MessageSchema, depth: Int = 0
  ) throws(Failure) -> [UInt8] {
    guard depth < JSONParser.depthMax else { throw Failure(field: "", rule: "nests too deep") }
    guard case .object(let members) = value else { throw Failure(field: "", rule: "must be an object") }
    var given: [UInt32: JSONValue] = [:]
    var oneofs: Set<UInt32> = []
    for member in members {
      guard let field = schema.fields.first(where: { $0.jsonName == member.name || $0.name == member.name }) else {
        throw Failure(field: member.name, rule: "no such field in \(schema.name)")
      }
      if member.value == .null { continue }
      guard given.updateValue(member.value, forKey: field.number) == nil else {
        throw Failure(field: field.name, rule: "comes twice")
      }
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted {
        throw Failure(field: field.name, rule: "excludes another field that is given too")
      }
    }

    var bytes: [UInt8] = []
    for field in schema.fields {
      guard let value = given[field.number] else { continue }
      do throws(Failure) {
        try append(field, value, to: &bytes, depth: depth)
      } catch {
        let separator = error.field.isEmpty || error.field.hasPrefix("[") ? "" : "."
        throw Failure(field: field.name + separator + error.field, rule: error.rule)
      }
    }
    return bytes
  }

  private static func append(
    _ field: MessageSchema.Field, _ value: JSONValue, to bytes: inout [UInt8], depth: Int
  ) throws(Failure) {
    guard field.isRepeated else {
      let keepsDefault = field.oneof != nil
      return try append(field, one: value, to: &bytes, keepsDefault: keepsDefault, depth: depth)
    }
    guard case .array(let elements) = value else { throw Failure(field: "", rule: "must be an array") }
    for (index, element) in elements.enumerated() {
      do throws(Failure) {
        try append(field, one: element, to: &bytes, keepsDefault: true, depth: depth)
      } catch {
        throw Failure(field: "[\(index)]" + (error.field.isEmpty ? "" : ".\(error.field)"), rule: error.rule)
      }
    }
  }

  private static func append(
    _ field: MessageSchema.Field, one value: JSONValue, to bytes: inout [UInt8], keepsDefault: Bool, depth: Int
  ) throws(Failure) {
    let number = field.number
    switch field.type {
    case .text:
      guard case .string(let text) = value else { throw Failure(field: "", rule: "must be a string") }
      if keepsDefault || !text.isEmpty { bytes.appendBytes(number, Array(text.utf8)) }
    case .bytes:
      guard case .string(let text) = value, let content = Base64.bytes(text) else {
        throw Failure(field: "", rule: "must be base64 in a string")
      }
      if keepsDefault || !content.isEmpty { bytes.appendBytes(number, content) }
    case .message(let name):
      guard let schema = SchemaRegistry.wallet.message(name) else {
        throw Failure(field: "", rule: "no message \(name)")
      }
      bytes.appendBytes(number, try self.bytes(value, as: schema, depth: depth + 1))
    case .fixed32, .sfixed32:
      let bits = try scalar(value, field.type)
      if bits != 0 || keepsDefault {
        bytes.appendTag(number, 5)
        bytes.appendLittleEndian(bits, count: 4)
      }
    case .fixed64, .sfixed64:
      let bits = try scalar(value, field.type)
      if bits != 0 || keepsDefault {
        bytes.appendTag(number, 1)
        bytes.appendLittleEndian(bits, count: 8)
      }
    default:
      let bits = try scalar(value, field.type)
      if bits != 0 || keepsDefault {
        bytes.appendTag(number, 0)
        bytes.appendVarint(bits)
      }
    }
  }

  /// The bits of a number, a truth value or an enumeration, as the wire has them.
  private static func scalar(_ value: JSONValue, _ type: MessageSchema.FieldType) throws(Failure) -> UInt64 {
    switch type {
    case .int64, .sfixed64: return UInt64(bitPattern: try integer(value, Int64.self))
    case .sint64: return zigzag(try integer(value, Int64.self))
    case .uint64, .fixed64: return try integer(value, UInt64.self)
    case .int32, .sfixed32: return UInt64(bitPattern: Int64(try integer(value, Int32.self)))
    case .sint32: return zigzag(Int64(try integer(value, Int32.self)))
    case .uint32, .fixed32: return UInt64(try integer(value, UInt32.self))
    case .bool:
      guard case .bool(let flag) = value else { throw Failure(field: "", rule: "must be true or false") }
      return flag ? 1 : 0
    case .enumeration(_, let numbers):
      if case .string(let name) = value {
        guard let number = numbers[name] else { throw Failure(field: "", rule: "has no value \(name)") }
        return UInt64(bitPattern: Int64(number))
      }
      return UInt64(bitPattern: Int64(try integer(value, Int32.self)))
    case .text, .bytes, .message: throw Failure(field: "", rule: "isn't a number")
    }
  }

  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

  /// A whole number, as a number or in a string, from its digits.
  private static func integer<Number: FixedWidthInteger>(
    _ value: JSONValue, _: Number.Type
  ) throws(Failure) -> Number {
    let text: String
    switch value {
    case .number(let number): text = number
    case .string(let string): text = string
    default: throw Failure(field: "", rule: "must be a whole number")
    }
    let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
    let isWhole = !digits.isEmpty && digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isWhole else { throw Failure(field: "", rule: "must be a whole number, not \(text.prefix(40))") }
    guard let number = Number(text) else {
      throw Failure(field: "", rule: "must be from \(Number.min) to \(Number.max)")
    }
    return number
  }
}

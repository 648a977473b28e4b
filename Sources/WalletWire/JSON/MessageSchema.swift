/// A message type as the JSON mapping needs it, read once from the generated descriptors (`SchemaRegistry`).
package struct MessageSchema: Sendable {
  /// The full name, such as `wallet.v1.DebitRequest`.
  package var name: String
  /// By rising number.
  package var fields: [Field]

  package struct Field: Sendable {
    /// As in the schema.
    package var name: String
    /// In lowerCamelCase.
    package var jsonName: String
    package var number: UInt32
    package var isRepeated: Bool
    /// Fields of one oneof share a number here; `nil` outside of any.
    package var oneof: UInt32?
    package var type: FieldType
  }

  package enum FieldType: Sendable {
    case int32, sint32, sfixed32, int64, sint64, sfixed64
    case uint32, fixed32, uint64, fixed64
    case bool
    case text
    case bytes
    /// The enumeration's values by number and by name.
    case enumeration(names: [Int32: String], numbers: [String: Int32])
    /// A message by its full name.
    case message(String)
  }

  static func jsonName(_ name: String) -> String {
    var result = ""
    var isUpper = false
    for character in name {
      if character == "_" {
        isUpper = true
      } else {
        result += isUpper ? character.uppercased() : String(character)
        isUpper = false
      }
    }
    return result
  }
}

/// A method of the service.
package struct MethodSchema: Sendable {
  /// Such as `GetBalance`.
  package var name: String
  /// Its number on the wire.
  package var number: UInt16
  package var request: MessageSchema
  package var response: MessageSchema
  /// It answers with events, each a `response`, and then ends.
  package var isStream = false
  /// Whether it may change something: its request carries an idempotency key.
  package var isMutation: Bool { request.fields.contains { $0.name == "idempotency_key" } }
}

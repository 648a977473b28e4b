/// Protobuf's JSON mapping: lowerCamelCase names, int64 as strings, enumerations by name, bytes in base64, defaults left
/// out. Both directions go between JSON and the bytes of the wire without a C message in between, so hostile input meets
/// nothing but bounds-checked Swift.
package enum ProtobufJSON {
  package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The field as the schema writes it, such as `wallet.owner_id` or `metadata[2].key`; empty: the whole document.
    package var field: String
    package var rule: String

    package var description: String { field.isEmpty ? rule : "\(field): \(rule)" }
  }

  /// The JSON of a message on the wire. Unknown fields are left out; text that isn't UTF-8 is repaired.
  ///
  /// - Parameter includeDefaults: Write fields that have their default too (but not absent messages and oneofs), so that
  ///   a script always finds `"balance":"0"`.
  package static func text(
    _ bytes: [UInt8], as schema: MessageSchema, includeDefaults: Bool = false
  ) throws(Failure) -> String {
    try value(bytes[...], as: schema, includeDefaults: includeDefaults).text
  }

  /// The bytes of a message written as JSON. Names may be lowerCamelCase or as in the schema; `null` is the same as left
  /// out; an unknown name, a name that comes twice, and a number out of range are errors that say where.
  package static func bytes(_ text: String, as schema: MessageSchema) throws(Failure) -> [UInt8] {
    let value: JSONValue
    do throws(JSONParser.Failure) {
      value = try JSONParser.parse(text)
    } catch {
      throw Failure(field: "", rule: "not JSON: \(error.rule), at byte \(error.position)")
    }
    return try bytes(value, as: schema)
  }
}

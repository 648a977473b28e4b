import CProtobufC
import CWalletProto

/// Every message that the service's methods and the connection use, and the methods themselves.
package struct SchemaRegistry: Sendable {
  package static let wallet = SchemaRegistry()

  /// By full name.
  package private(set) var messages: [String: MessageSchema] = [:]
  package private(set) var methods: [MethodSchema] = []
  /// Methods that have a number and no message yet.
  private var unservedMethods: [MethodSchema] = []

  package func message(_ name: String) -> MessageSchema? { messages[name] }

  /// Finds a method by its name, whatever the case. One that isn't of the service yet has an empty request.
  package func method(_ name: String) -> MethodSchema? {
    (methods + unservedMethods).first { $0.name.lowercased() == name.lowercased() }
  }

  private init() {
    var texts: Set<String> = []
    for index in 0..<wallet_text_fields_count {
      if let name = unsafe wallet_text_field(index) { unsafe texts.insert(String(cString: name)) }
    }
    // The service leads to every message but those of the connection.
    var error = unsafe Wallet__V1__Error()
    unsafe wallet__v1__error__init(&error)
    unsafe add(error.base.descriptor, texts)
    var hello = unsafe Wallet__V1__Hello()
    unsafe wallet__v1__hello__init(&hello)
    unsafe add(hello.base.descriptor, texts)
    var helloAck = unsafe Wallet__V1__HelloAck()
    unsafe wallet__v1__hello_ack__init(&helloAck)
    unsafe add(helloAck.base.descriptor, texts)

    let numbers = unsafe Self.values(wallet__v1__method__descriptor).numbers
    let streams = Self.streams(in: WireSchema.fileDescriptorSet)
    let service = unsafe wallet__v1__wallet_service__descriptor
    for index in unsafe 0..<Int(service.n_methods) {
      let method = unsafe service.methods[index]
      let name = unsafe String(cString: method.name)
      guard let number = numbers["METHOD_" + Self.upperSnakeCase(name)], let code = UInt16(exactly: number),
        let request = unsafe add(method.input, texts), let response = unsafe add(method.output, texts)
      else { preconditionFailure("no method number for \(name)") }
      methods.append(
        MethodSchema(
          name: name, number: code, request: request, response: response, isStream: streams.contains(name)))
    }
    let served = Set(methods.map(\.number))
    for (name, number) in numbers.sorted(by: { $0.value < $1.value }) {
      guard number > 0, let code = UInt16(exactly: number), !served.contains(code) else { continue }
      let camelCase = name.split(separator: "_").dropFirst().map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
      unservedMethods.append(
        MethodSchema(
          name: camelCase, number: code, request: MessageSchema(name: "\(camelCase)Request", fields: []),
          response: MessageSchema(name: "\(camelCase)Response", fields: [])))
    }
  }

  @discardableResult
  private mutating func add(_ pointer: UnsafePointer<ProtobufCMessageDescriptor>?, _ texts: Set<String>)
    -> MessageSchema?
  {
    guard let descriptor = unsafe pointer?.pointee else { return nil }
    let name = unsafe String(cString: descriptor.name)
    if let known = messages[name] { return known }
    var schema = MessageSchema(name: name, fields: [])
    // Present before its fields, in case a message contains itself.
    messages[name] = schema
    for index in unsafe 0..<Int(descriptor.n_fields) {
      let field = unsafe descriptor.fields[index]
      let fieldName = unsafe String(cString: field.name)
      let isOneof = unsafe field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
      schema.fields.append(
        MessageSchema.Field(
          name: fieldName, jsonName: MessageSchema.jsonName(fieldName), number: unsafe field.id,
          isRepeated: unsafe field.label == PROTOBUF_C_LABEL_REPEATED,
          oneof: isOneof ? unsafe field.quantifier_offset : nil,
          type: unsafe type(field, isText: texts.contains("\(name).\(fieldName)"), texts)))
    }
    messages[name] = schema
    return schema
  }

  private mutating func type(
    _ field: ProtobufCFieldDescriptor, isText: Bool, _ texts: Set<String>
  ) -> MessageSchema.FieldType {
    switch unsafe field.type {
    case PROTOBUF_C_TYPE_INT32: return .int32
    case PROTOBUF_C_TYPE_SINT32: return .sint32
    case PROTOBUF_C_TYPE_SFIXED32: return .sfixed32
    case PROTOBUF_C_TYPE_INT64: return .int64
    case PROTOBUF_C_TYPE_SINT64: return .sint64
    case PROTOBUF_C_TYPE_SFIXED64: return .sfixed64
    case PROTOBUF_C_TYPE_UINT32: return .uint32
    case PROTOBUF_C_TYPE_FIXED32: return .fixed32
    case PROTOBUF_C_TYPE_UINT64: return .uint64
    case PROTOBUF_C_TYPE_FIXED64: return .fixed64
    case PROTOBUF_C_TYPE_BOOL: return .bool
    case PROTOBUF_C_TYPE_STRING: return .text
    case PROTOBUF_C_TYPE_BYTES: return isText ? .text : .bytes
    case PROTOBUF_C_TYPE_ENUM:
      guard let descriptor = unsafe field.descriptor else { preconditionFailure("an enum field without its enum") }
      let values = unsafe Self.values(descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee)
      return .enumeration(names: values.names, numbers: values.numbers)
    case PROTOBUF_C_TYPE_MESSAGE:
      guard let nested = unsafe add(field.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), texts)
      else { preconditionFailure("a message field without its message") }
      return .message(nested.name)
    default:
      // The schema has no float and no double, and won't: amounts are integers.
      preconditionFailure("field \(unsafe String(cString: field.name)) has a type that isn't used here")
    }
  }

  private static func values(
    _ descriptor: ProtobufCEnumDescriptor
  ) -> (names: [Int32: String], numbers: [String: Int32]) {
    var names: [Int32: String] = [:]
    var numbers: [String: Int32] = [:]
    for index in unsafe 0..<Int(descriptor.n_values) {
      let value = unsafe descriptor.values[index]
      let name = unsafe String(cString: value.name)
      names[unsafe value.value] = name
      numbers[name] = unsafe value.value
    }
    return (names, numbers)
  }

  private static func upperSnakeCase(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty { result += "_" }
      result += character.uppercased()
    }
    return result
  }
}

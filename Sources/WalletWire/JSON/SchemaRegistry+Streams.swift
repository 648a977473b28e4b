/// protobuf-c's descriptors don't say which methods answer with a stream; the schema's own descriptor does.
extension SchemaRegistry {
  // Field numbers of google/protobuf/descriptor.proto.
  private static let fileOfSet: UInt32 = 1
  private static let serviceOfFile: UInt32 = 6
  private static let methodOfService: UInt32 = 2
  private static let nameOfMethod: UInt32 = 1
  private static let serverStreamingOfMethod: UInt32 = 6

  /// The names of the methods that answer with a stream.
  ///
  /// - Parameter set: A serialised google.protobuf.FileDescriptorSet.
  static func streams(in set: [UInt8]) -> Set<String> {
    var names: Set<String> = []
    for file in messages(fileOfSet, in: set[...]) {
      for service in messages(serviceOfFile, in: file) {
        for method in messages(methodOfService, in: service) {
          guard let name = messages(nameOfMethod, in: method).first, isStream(method) else { continue }
          names.insert(String(decoding: name, as: UTF8.self))
        }
      }
    }
    return names
  }

  private static func isStream(_ method: ArraySlice<UInt8>) -> Bool {
    fields(of: method).contains { field in
      if field.number == serverStreamingOfMethod, case .varint(let value) = field.value { value != 0 } else { false }
    }
  }

  private static func messages(_ number: UInt32, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    fields(of: bytes).compactMap { field in
      if field.number == number, case .bytes(let bytes) = field.value { bytes } else { nil }
    }
  }

  private static func fields(of bytes: ArraySlice<UInt8>) -> [WireField] {
    guard let fields = WireField.parse(bytes) else { preconditionFailure("the schema's descriptor isn't one") }
    return fields
  }
}

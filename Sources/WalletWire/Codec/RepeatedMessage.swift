import CProtobufC

/// Finds a field that holds one message and is in the bytes of a request more than once.
///
/// Protobuf says that the two are merged. protobuf-c 1.4 merges the texts of such a pair and takes the numbers from the
/// second alone: a wallet of `{id: 1}` and then `{owner_id: "ada"}` would be Ada's, where merged it is refused for having
/// an id and an owner. No encoder writes a field twice, so it is refused in both forms.
@unsafe
struct RepeatedMessage {
  /// A bit for each field of the message, by its place in the descriptor; no request has more than 64 (tested).
  private var seen: UInt64 = 0
  private var bytes: UnsafeBufferPointer<UInt8>

  /// Where it stands, as "items[3].debit.wallet"; `nil` when there is none.
  ///
  /// - Parameter bytes: Those of a message that protobuf-c has unpacked.
  static func path(
    in bytes: UnsafeBufferPointer<UInt8>, of descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> String? {
    if unsafe !descriptor.pointee.hasMessages { return nil }
    var reader = unsafe RepeatedMessage(bytes: bytes)
    return unsafe reader.path(descriptor)
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = unsafe bytes }

  /// As deep as the schema goes, which has no message within itself.
  private mutating func path(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> String? {
    var elements: UInt32 = 0
    var elementsOf: UInt32 = 0
    while let tag = unsafe number() {
      guard let value = unsafe value(ofType: tag & 7) else { return nil }
      let number = UInt32(truncatingIfNeeded: tag >> 3)
      guard let field = unsafe protobuf_c_message_descriptor_get_field(descriptor, number),
        unsafe field.pointee.type == PROTOBUF_C_TYPE_MESSAGE, let inner = unsafe field.pointee.descriptor
      else { continue }
      let isRepeated = unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED
      if isRepeated {
        elements = number == elementsOf ? elements + 1 : 0
        elementsOf = number
      } else {
        let bit = unsafe UInt64(1) << UInt64(field - descriptor.pointee.fields)
        if unsafe seen & bit != 0 { return unsafe String(cString: field.pointee.name) }
        unsafe seen |= bit
      }
      let below = unsafe Self.path(in: value, of: inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
      if let below {
        let name = unsafe String(cString: field.pointee.name)
        return isRepeated ? "\(name)[\(elements)].\(below)" : "\(name).\(below)"
      }
    }
    return nil
  }

  /// The bytes of a field's value, behind its length where it has one.
  private mutating func value(ofType wireType: UInt64) -> UnsafeBufferPointer<UInt8>? {
    switch wireType {
    case 0: unsafe number() == nil ? nil : UnsafeBufferPointer(rebasing: bytes[..<0])
    case 1: unsafe take(8)
    case 2: unsafe number().flatMap { unsafe take(Int(truncatingIfNeeded: $0)) }
    case 5: unsafe take(4)
    default: nil
    }
  }

  private mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for index in unsafe 0..<min(10, bytes.count) {
      let byte = unsafe bytes[index]
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 {
        unsafe bytes = unsafe UnsafeBufferPointer(rebasing: bytes[(index + 1)...])
        return value
      }
    }
    return nil
  }

  private mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8>? {
    guard unsafe (0...bytes.count).contains(count) else { return nil }
    let taken = unsafe UnsafeBufferPointer(rebasing: bytes[..<count])
    unsafe bytes = unsafe UnsafeBufferPointer(rebasing: bytes[count...])
    return unsafe taken
  }
}

extension ProtobufCMessageDescriptor {
  /// Whether a field of it is a message.
  fileprivate var hasMessages: Bool {
    unsafe UnsafeBufferPointer(start: fields, count: Int(n_fields)).contains {
      unsafe $0.type == PROTOBUF_C_TYPE_MESSAGE
    }
  }
}

import CProtobufC
import WalletWire

/// Memory of one C message while it is being built: everything taken here is freed with the arena.
@unsafe struct MessageArena: ~Copyable {
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  deinit {
    unsafe blocks.forEach { unsafe $0.deallocate() }
  }

  /// The bytes of `text`; empty text needs no memory.
  mutating func bytes(_ text: String) -> ProtobufCBinaryData {
    let utf8 = Array(text.utf8)
    guard !utf8.isEmpty else { return unsafe ProtobufCBinaryData() }
    let block = UnsafeMutableRawPointer.allocate(byteCount: utf8.count, alignment: 1)
    unsafe block.copyMemory(from: utf8, byteCount: utf8.count)
    unsafe blocks.append(block)
    return unsafe ProtobufCBinaryData(len: utf8.count, data: block.assumingMemoryBound(to: UInt8.self))
  }

  /// An initialised message, which others may point to.
  mutating func message<Message>(
    _ initialise: (UnsafeMutablePointer<Message>) -> Void
  ) -> UnsafeMutablePointer<Message> {
    let message = UnsafeMutablePointer<Message>.allocate(capacity: 1)
    unsafe initialise(message)
    unsafe blocks.append(UnsafeMutableRawPointer(message))
    return unsafe message
  }

  /// An array of C values.
  mutating func array<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element>? {
    guard !elements.isEmpty else { return nil }
    let array = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    unsafe array.initialize(from: elements, count: elements.count)
    unsafe blocks.append(UnsafeMutableRawPointer(array))
    return unsafe array
  }

  /// The message on the wire.
  static func packed<Message>(_ message: UnsafeMutablePointer<Message>) -> [UInt8] {
    // Every generated struct begins with its ProtobufCMessage.
    let base = unsafe UnsafeMutableRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
    let size = unsafe protobuf_c_message_get_packed_size(base)
    guard size > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe protobuf_c_message_pack(base, buffer.baseAddress)
    }
  }
}

/// A body that isn't the message that it should be.
package struct DecodeError: Error {
  package var text: String
}

/// Unpacks a body, reads it and frees it.
func withUnpacked<Message, Result>(
  _ payload: [UInt8],
  _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) -> UnsafeMutablePointer<Message>?,
  _ read: (Message) throws(DecodeError) -> Result
) throws(DecodeError) -> Result {
  let message = unsafe payload.withUnsafeBufferPointer { unsafe unpack(nil, $0.count, $0.baseAddress) }
  guard let message = unsafe message else { throw DecodeError(text: "not a \(Message.self)") }
  defer {
    unsafe protobuf_c_message_free_unpacked(
      UnsafeMutableRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self), nil)
  }
  return try read(unsafe message.pointee)
}

extension ProtobufCBinaryData {
  /// The text; a server that sends invalid UTF-8 is read with replacement characters.
  var text: String { String(decoding: unsafe bytes, as: UTF8.self) }

  var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: data, count: len)) }
}

import CProtobufC
import WalletWire

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

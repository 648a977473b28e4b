package import CProtobufC
import WalletCore

/// Memory for protobuf-c messages: handed out by moving a pointer, taken back all at once.
///
/// It has a budget, since a body of repeated empty sub-messages unpacks to many times its size (proto/WIRE.md).
@safe
package final class MessageArena {
  private static let blockByteCount = 64 * 1024

  private let budget: Int
  private var blocks: [UnsafeMutableRawBufferPointer] = unsafe []
  private var blockIndex = 0
  private var offset = 0
  private var used = 0
  /// What protobuf-c is given. Its data pointer leads back here, so the arena must outlive every unpacked message.
  private let allocator: UnsafeMutablePointer<ProtobufCAllocator>

  /// - Parameter budget: Bytes that may be handed out between two resets.
  package init(budget: Int) {
    self.budget = budget
    unsafe allocator = .allocate(capacity: 1)
    unsafe allocator.initialize(
      to: ProtobufCAllocator(
        alloc: { context, size in
          guard let context = unsafe context else { return nil }
          return unsafe Unmanaged<MessageArena>.fromOpaque(context).takeUnretainedValue().allocate(size)
        },
        free: { _, _ in }, allocator_data: Unmanaged.passUnretained(self).toOpaque()))
  }

  deinit {
    unsafe blocks.forEach { unsafe $0.deallocate() }
    unsafe allocator.deallocate()
  }

  /// Takes everything back. No pointer that was handed out may be used after it.
  package func reset() {
    blockIndex = 0
    offset = 0
    used = 0
    // Blocks made for one large message aren't kept.
    while unsafe blocks.count > 4 { unsafe blocks.removeLast().deallocate() }
  }

  /// `nil` when the budget is used up.
  @unsafe
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    let rounded = (size + 15) & ~15
    guard size >= 0, rounded >= size, used + rounded <= budget else { return nil }
    used += rounded
    while unsafe blockIndex < blocks.count {
      if let pointer = unsafe blocks[blockIndex].baseAddress, unsafe offset + rounded <= blocks[blockIndex].count {
        defer { offset += rounded }
        return unsafe pointer + offset
      }
      blockIndex += 1
      offset = 0
    }
    let count = max(rounded, Self.blockByteCount)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    unsafe blocks.append(block)
    offset = rounded
    return block.baseAddress
  }

  /// Unpacks a message; `nil` when the bytes aren't one, or the budget doesn't suffice.
  @unsafe
  func unpack<Message>(
    _ type: Message.Type, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: Span<UInt8>
  ) -> UnsafeMutablePointer<Message>? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      // protobuf-c wants a pointer even where there is nothing behind it.
      var nothing: UInt8 = 0
      return unsafe withUnsafePointer(to: &nothing) { nothing in
        let message = unsafe protobuf_c_message_unpack(
          descriptor, allocator, buffer.count, buffer.baseAddress ?? UnsafePointer(nothing))
        return unsafe UnsafeMutableRawPointer(message)?.assumingMemoryBound(to: type)
      }
    }
  }

  // MARK: Building messages

  @unsafe
  package func new<Message>(
    _ type: Message.Type, _ initialize: (UnsafeMutablePointer<Message>) -> Void
  ) -> UnsafeMutablePointer<Message> {
    let pointer = unsafe array(of: type, count: 1)
    unsafe initialize(pointer)
    return unsafe pointer
  }

  /// A message that nobody frees.
  @unsafe
  func new<Message>(_ message: Message) -> UnsafeMutablePointer<Message> {
    let pointer = unsafe array(of: Message.self, count: 1)
    unsafe pointer.initialize(to: message)
    return unsafe pointer
  }

  /// Room for `count` elements, uninitialised.
  @unsafe
  package func array<Element>(of type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
    guard let pointer = unsafe allocate(max(1, count) * MemoryLayout<Element>.stride) else {
      preconditionFailure("a reply outgrew its arena of \(budget) bytes")
    }
    return unsafe pointer.bindMemory(to: type, capacity: count)
  }

  @unsafe
  func text(_ text: Text) -> ProtobufCBinaryData {
    unsafe text.utf8.withUnsafeBytes { unsafe copy($0) }
  }

  @unsafe
  package func text(_ text: String) -> ProtobufCBinaryData { unsafe self.text(Text(text)) }

  @unsafe
  func key(_ key: IdempotencyKey?) -> ProtobufCBinaryData {
    switch key {
    case nil: return unsafe ProtobufCBinaryData(len: 0, data: nil)
    case .text(let text): return unsafe self.text(text)
    case .item: return unsafe self.text(key?.text ?? "")
    case .uuid(let high, let low):
      let target = unsafe array(of: UInt8.self, count: UUIDv7.textByteCount)
      unsafe UUIDv7.write(high: high, low: low, to: target)
      return unsafe ProtobufCBinaryData(len: UUIDv7.textByteCount, data: target)
    }
  }

  @unsafe
  func bytes(_ bytes: ShortBytes) -> ProtobufCBinaryData { unsafe bytes.withUnsafeBytes { unsafe copy($0) } }

  @unsafe
  package func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData { unsafe bytes.withUnsafeBytes { unsafe copy($0) } }

  private func copy(_ source: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    guard let base = source.baseAddress, source.count > 0 else { return unsafe ProtobufCBinaryData(len: 0, data: nil) }
    let target = unsafe array(of: UInt8.self, count: source.count)
    unsafe UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: source.count)
    return unsafe ProtobufCBinaryData(len: source.count, data: target)
  }
}

extension Array where Element == UInt8 {
  /// Appends the packed bytes of a message.
  @unsafe
  package mutating func appendPacked(_ message: UnsafeRawPointer) {
    let message = unsafe message.assumingMemoryBound(to: ProtobufCMessage.self)
    let size = unsafe protobuf_c_message_get_packed_size(message)
    if size == 0 { return }
    // Room that is filled byte by byte first takes a hundred times as long where the compiler doesn't optimise.
    let written = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { buffer in
      let count = unsafe buffer.baseAddress.map { unsafe protobuf_c_message_pack(message, $0) } ?? 0
      unsafe append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
      return count
    }
    precondition(written == size, "protobuf-c packed \(written) bytes where it had counted \(size)")
  }
}

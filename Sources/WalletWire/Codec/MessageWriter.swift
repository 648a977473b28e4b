import CProtobufC
import WalletCore

/// Writes protobuf by hand into memory of its own that grows as needed and is used again for each frame: what is answered
/// most often would otherwise be built as C structs, measured and packed. Fields must be written by rising numbers, and
/// those at their default are left out; then the bytes are those of protobuf-c.
@safe
struct MessageWriter: ~Copyable {
  private static let varintBytesMax = 10
  private static let tagBytesMax = 5
  /// What an inline text writes at most, tag included.
  private static let inlineTextBytes = tagBytesMax + ShortBytes.inlineMax + 1
  /// Memory for one large reply isn't kept.
  private static let keptBytesMax = 1 << 20

  private var base: UnsafeMutablePointer<UInt8>
  private var capacity = 4096
  private(set) var count = 0

  init() { unsafe base = .allocate(capacity: capacity) }

  deinit { unsafe base.deallocate() }

  // MARK: Frames

  /// Forgets what was written and leaves room for a frame's header.
  mutating func beginFrame() {
    if capacity > Self.keptBytesMax {
      unsafe base.deallocate()
      capacity = 4096
      unsafe base = .allocate(capacity: capacity)
    }
    count = FrameHeader.byteCount
  }

  /// Makes a frame of what was written and appends it.
  func appendFrame(_ header: FrameHeader, to output: inout [UInt8]) {
    unsafe header.write(to: base, frameByteCount: count)
    unsafe output.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
  }

  // MARK: Fields

  @inline(__always)
  mutating func integer(_ number: UInt32, _ value: Int64) {
    if value == 0 { return }
    makeRoom(Self.tagBytesMax + Self.varintBytesMax)
    tag(number, 0)
    varint(UInt64(bitPattern: value))
  }

  @inline(__always)
  mutating func flag(_ number: UInt32, _ value: Bool) { integer(number, value ? 1 : 0) }

  @inline(__always)
  mutating func bytes(_ number: UInt32, _ value: ShortBytes) {
    if value.isEmpty { return }
    if value.isInline {
      makeRoom(Self.inlineTextBytes)
      tag(number, 2)
      unsafe value.writeInlineCounted(to: base + count)
      count += 1 + value.count
    } else {
      unsafe value.withUnsafeBytes { unsafe longBytes(number, $0) }
    }
  }

  @inline(__always)
  mutating func text(_ number: UInt32, _ value: Text) { bytes(number, value.utf8) }

  mutating func bytes(_ number: UInt32, _ value: [UInt8]) {
    if value.isEmpty { return }
    unsafe value.withUnsafeBytes { unsafe longBytes(number, $0) }
  }

  mutating func key(_ number: UInt32, _ key: IdempotencyKey?) {
    switch key {
    case nil: break
    case .uuid(let high, let low):
      makeRoom(Self.tagBytesMax + 1 + UUIDv7.textByteCount)
      tag(number, 2)
      unsafe base[count] = UInt8(UUIDv7.textByteCount)
      unsafe UUIDv7.write(high: high, low: low, to: base + count + 1)
      count += 1 + UUIDv7.textByteCount
    case .text(let text): self.text(number, text)
    case .item: text(number, Text(key?.text ?? ""))
    }
  }

  /// Begins a message in the message; its length is written by `endMessage`, which takes what this returns.
  @inline(__always)
  mutating func beginMessage(_ number: UInt32) -> Int {
    makeRoom(Self.tagBytesMax + 1)
    tag(number, 2)
    count += 1
    return count
  }

  /// Lengths from 128 up take more than the byte that was left for them: then the message is moved.
  mutating func endMessage(_ start: Int) {
    let length = count - start
    var lengthBytes = 1
    while length >> (7 * lengthBytes) > 0 { lengthBytes += 1 }
    if lengthBytes > 1 {
      makeRoom(lengthBytes - 1)
      unsafe UnsafeMutableRawPointer(base + start + lengthBytes - 1).copyMemory(from: base + start, byteCount: length)
    }
    count = start - 1
    varint(UInt64(length))
    count += length
  }

  /// A message that protobuf-c packs.
  @unsafe
  mutating func packed(_ number: UInt32, _ message: UnsafePointer<ProtobufCMessage>) {
    let size = unsafe protobuf_c_message_get_packed_size(message)
    makeRoom(Self.tagBytesMax + Self.varintBytesMax + size)
    tag(number, 2)
    varint(UInt64(size))
    let written = unsafe protobuf_c_message_pack(message, base + count)
    precondition(written == size, "protobuf-c packed \(written) bytes where it had counted \(size)")
    count += size
  }

  // MARK: Bytes

  @unsafe
  private mutating func longBytes(_ number: UInt32, _ value: UnsafeRawBufferPointer) {
    guard let source = value.baseAddress else { return }
    makeRoom(Self.tagBytesMax + Self.varintBytesMax + value.count)
    tag(number, 2)
    varint(UInt64(value.count))
    unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: value.count)
    count += value.count
  }

  @inline(__always)
  private mutating func tag(_ number: UInt32, _ wireType: UInt32) {
    let tag = number << 3 | wireType
    if tag < 0x80 {
      unsafe base[count] = UInt8(truncatingIfNeeded: tag)
      count += 1
    } else {
      varint(UInt64(tag))
    }
  }

  @inline(__always)
  private mutating func varint(_ value: UInt64) {
    var rest = value
    var end = unsafe base + count
    while rest >= 0x80 {
      unsafe end.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
      unsafe end += 1
      rest >>= 7
    }
    unsafe end.pointee = UInt8(truncatingIfNeeded: rest)
    count = unsafe end - base + 1
  }

  @inline(__always)
  private mutating func makeRoom(_ byteCount: Int) { if capacity - count < byteCount { grow(byteCount) } }

  @inline(never)
  private mutating func grow(_ byteCount: Int) {
    let larger = max(capacity * 2, count + byteCount)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe memory.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = memory
    capacity = larger
  }
}

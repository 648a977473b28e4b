/// What proto/WIRE.md makes of the bytes that a client sends, written from it alone: it shares no code with the server.
struct StreamReference {
  struct Frame: Equatable {
    var type: UInt8
    var flags: UInt8
    var code: UInt16
    var id: UInt32
    var payload: Range<Int>
  }

  static let preface: [UInt8] = Array("WRP/1\r\n".utf8) + [0]
  private static let headerBytes = 20
  private static let requestBytesMax = 1 << 20
  private static let batchBytesMax = 4 << 20
  private static let helloFrameBytesMax = 4096
  private static let batch: UInt16 = 272
  private static let low: [UInt8: UInt8] = [4: 0x06, 10: 0x08]

  /// Those before the stream is over, or before it can't be trusted any more.
  private(set) var frames: [Frame] = []
  /// The connection must be closed.
  private(set) var isBroken = false

  /// - Parameter isWelcome: Whether the HELLO is accepted; nobody here reads it.
  init(_ bytes: [UInt8], isWelcome: Bool) {
    for (index, byte) in Self.preface.enumerated() where index < bytes.count && bytes[index] != byte {
      isBroken = true
      return
    }
    var start = Self.preface.count
    while !isBroken, let frame = next(bytes, &start) {
      isBroken = !mayCome(frame) || frames.isEmpty && !isWelcome
      if !isBroken || frames.isEmpty { frames.append(frame) }
    }
  }

  private mutating func next(_ bytes: [UInt8], _ start: inout Int) -> Frame? {
    guard bytes.count >= start + 4 else { return nil }
    let length = Int(Self.number(bytes, start, 4))
    var limit = Self.batchBytesMax + Self.headerBytes
    if frames.isEmpty {
      limit = Self.helloFrameBytesMax
    } else if bytes.count >= start + 8, UInt16(Self.number(bytes, start + 6, 2)) != Self.batch {
      limit = Self.requestBytesMax + Self.headerBytes
    }
    if length < 16 || length + 4 > limit {
      isBroken = true
      return nil
    }
    guard bytes.count >= start + 4 + length else { return nil }
    let payload = start + Self.headerBytes..<start + 4 + length
    if Self.number(bytes, start + 16, 4) != UInt64(Self.checksum(bytes, start)) {
      isBroken = true
      return nil
    }
    defer { start = payload.upperBound }
    return Frame(
      type: bytes[start + 4], flags: bytes[start + 5], code: UInt16(Self.number(bytes, start + 6, 2)),
      id: UInt32(Self.number(bytes, start + 8, 4)), payload: payload)
  }

  /// Ids that are in flight are for who asks: here nothing has been answered yet.
  private func mayCome(_ frame: Frame) -> Bool {
    guard (1...10).contains(frame.type), frame.flags & 0x0F & ~(Self.low[frame.type] ?? 0) == 0 else { return false }
    if frames.isEmpty { return frame.type == 1 }
    switch frame.type {
    case 3: return frame.id != 0
    case 5, 7: return true
    case 6: return frame.payload.count == 8
    default: return false
    }
  }

  // MARK: Bytes

  static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
    bytes[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  /// CRC-32 of the whole frame that begins at `start`: its header from the type on, and its payload.
  private static func checksum(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    let end = start + 4 + Int(number(bytes, start, 4))
    var crc: UInt32 = .max
    for range in [start + 4..<start + 16, start + headerBytes..<end] {
      for byte in bytes[range] { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    }
    return ~crc
  }

  /// The stream with right checksums, as far as its lengths lead: chance alone would hardly find one.
  static func sealed(_ stream: [UInt8]) -> [UInt8] {
    var bytes = stream
    var start = preface.count
    while bytes.count >= start + headerBytes {
      let length = Int(number(bytes, start, 4))
      guard length >= 16, bytes.count >= start + 4 + length else { break }
      let crc = checksum(bytes, start)
      for index in 0..<4 { bytes[start + 16 + index] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * index)) }
      start += 4 + length
    }
    return bytes
  }

  /// A whole frame.
  static func frame(type: UInt8, code: UInt16 = 0, id: UInt32 = 0, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt32(16 + payload.count)
    let header: [UInt8] =
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [type, 0, UInt8(code >> 8), UInt8(code & 0xFF)]
      + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } + [UInt8](repeating: 0, count: 8)
    return Array(sealed(preface + header + payload).dropFirst(preface.count))
  }
}

extension Array where Element == UInt8 {
  /// Appends a frame whose payload `body` appends.
  package mutating func appendFrame(_ header: FrameHeader, body: (inout [UInt8]) -> Void = { _ in }) {
    let start = count
    append(contentsOf: repeatElement(0, count: FrameHeader.byteCount))
    body(&self)
    finishFrame(header, from: start)
  }

  /// Makes a frame of what was appended since `start`: room for the header, and the payload.
  package mutating func finishFrame(_ header: FrameHeader, from start: Int) {
    let length = UInt32(count - start - 4)
    storeBigEndian(length, at: start)
    self[start + 4] = header.type.rawValue
    self[start + 5] = header.flags.rawValue
    self[start + 6] = UInt8(truncatingIfNeeded: header.code >> 8)
    self[start + 7] = UInt8(truncatingIfNeeded: header.code)
    storeBigEndian(header.requestID, at: start + 8)
    storeBigEndian(header.millis, at: start + 12)
    let crc = CRC32.checksum(span, start + 4..<start + 16, start + FrameHeader.byteCount..<count)
    storeBigEndian(crc, at: start + 16)
  }

  /// Appends a frame with a payload that is there already.
  package mutating func appendFrame(_ header: FrameHeader, payload: [UInt8]) {
    appendFrame(header) { $0.append(contentsOf: payload) }
  }

  private mutating func storeBigEndian(_ value: UInt32, at index: Int) {
    self[index] = UInt8(truncatingIfNeeded: value >> 24)
    self[index + 1] = UInt8(truncatingIfNeeded: value >> 16)
    self[index + 2] = UInt8(truncatingIfNeeded: value >> 8)
    self[index + 3] = UInt8(truncatingIfNeeded: value)
  }
}

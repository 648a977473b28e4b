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
    precondition(start >= 0 && count - start >= FrameHeader.byteCount, "a frame without room for its header")
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe header.write(to: base + start, frameByteCount: buffer.count - start)
    }
  }

  /// Appends a frame with a payload that is there already.
  package mutating func appendFrame(_ header: FrameHeader, payload: [UInt8]) {
    appendFrame(header) { $0.append(contentsOf: payload) }
  }
}

extension FrameHeader {
  /// Writes the header of a frame whose payload is there, 20 bytes behind `frame`.
  @unsafe
  func write(to frame: UnsafeMutablePointer<UInt8>, frameByteCount: Int) {
    let bytes = UnsafeMutableRawPointer(frame)
    let first = UInt32(type.rawValue) | UInt32(flags.rawValue) << 8 | UInt32(code.bigEndian) << 16
    // What the checksum covers lies in one piece while it is computed: it is one call instead of two.
    unsafe bytes.storeBytes(of: first, toByteOffset: 8, as: UInt32.self)
    unsafe bytes.storeBytes(of: requestID.bigEndian, toByteOffset: 12, as: UInt32.self)
    unsafe bytes.storeBytes(of: millis.bigEndian, toByteOffset: 16, as: UInt32.self)
    let checksum = unsafe CRC32.checksum(frame + 8, count: frameByteCount - 8)
    unsafe bytes.storeBytes(of: UInt32(frameByteCount - 4).bigEndian, as: UInt32.self)
    unsafe bytes.storeBytes(of: first, toByteOffset: 4, as: UInt32.self)
    unsafe bytes.storeBytes(of: requestID.bigEndian, toByteOffset: 8, as: UInt32.self)
    unsafe bytes.storeBytes(of: millis.bigEndian, toByteOffset: 12, as: UInt32.self)
    unsafe bytes.storeBytes(of: checksum.bigEndian, toByteOffset: 16, as: UInt32.self)
  }
}

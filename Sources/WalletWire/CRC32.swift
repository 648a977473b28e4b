import CZlib

/// CRC-32 as zlib computes it.
enum CRC32 {
  /// The checksum over two ranges of `bytes`, one after the other.
  static func checksum(_ bytes: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      // zlib takes a length of 32 bits; frames are far below it.
      let head = unsafe crc32(0, base + first.lowerBound, UInt32(first.count))
      return UInt32(unsafe crc32(head, base + second.lowerBound, UInt32(second.count)))
    }
  }
}

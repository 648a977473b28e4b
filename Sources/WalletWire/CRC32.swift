import CDeflate

/// CRC-32 as zlib and Ethernet have it.
enum CRC32 {
  /// The checksum over two ranges of `bytes`, one after the other.
  static func checksum(_ bytes: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      let head = unsafe libdeflate_crc32(0, base + first.lowerBound, first.count)
      return unsafe libdeflate_crc32(head, base + second.lowerBound, second.count)
    }
  }

  @unsafe
  static func checksum(_ start: UnsafePointer<UInt8>, count: Int) -> UInt32 {
    unsafe libdeflate_crc32(0, start, count)
  }
}

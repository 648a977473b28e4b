import WalletWire

/// Bytes as they come, frames as they become whole.
struct FrameBuffer {
  private var bytes: [UInt8] = []
  private var position = 0
  /// The longest frame taken, header included.
  var frameBytesMax: Int

  init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

  mutating func append(_ more: [UInt8]) {
    bytes.removeFirst(position)
    position = 0
    bytes.append(contentsOf: more)
  }

  /// The next whole frame; `nil` when there is none yet. After an error the stream can't be trusted any more.
  mutating func next() throws(FrameError) -> (header: FrameHeader, payload: [UInt8])? {
    guard let slice = try FrameParser.frame(in: bytes.span, from: position, frameBytesMax: frameBytesMax) else {
      return nil
    }
    position = slice.end
    return (slice.header, Array(bytes[slice.payload]))
  }

  /// Whether what hasn't been taken begins so.
  func begins(with prefix: [UInt8]) -> Bool { bytes[position...].starts(with: prefix) }
}

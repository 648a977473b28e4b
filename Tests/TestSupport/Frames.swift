package import WalletWire

/// What a server has sent, in frames.
package enum Frames {
  package typealias Frame = (header: FrameHeader, payload: [UInt8])

  private static let frameBytesMax = 8 << 20

  /// All of it.
  package static func all(_ bytes: [UInt8]) throws(TestFailure) -> [Frame] {
    var rest = bytes
    let frames = try take(from: &rest)
    guard rest.isEmpty else { throw TestFailure("\(rest.count) bytes behind the last frame") }
    return frames
  }

  /// Those that are whole; the beginning of one more stays.
  package static func take(from bytes: inout [UInt8]) throws(TestFailure) -> [Frame] {
    var frames: [Frame] = []
    var start = 0
    do throws(FrameError) {
      while let slice = try FrameParser.frame(in: bytes.span, from: start, frameBytesMax: frameBytesMax) {
        frames.append((slice.header, Array(bytes[slice.payload])))
        start = slice.end
      }
    } catch {
      throw TestFailure("the server sent what is no frame: \(error)")
    }
    bytes.removeFirst(start)
    return frames
  }
}

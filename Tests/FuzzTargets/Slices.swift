/// How a stream is cut into the pieces in which it arrives.
struct Slices {
  private var state: UInt64
  private static let piecesMax = 96

  /// Pieces are as long as this at most; 0: there is one.
  private let countMax: UInt64

  /// - Parameter choice: A byte of the input.
  init(_ choice: UInt8) {
    state = UInt64(choice) &* 0x9E37_79B9_7F4A_7C15 | 1
    countMax = [1, 2, 5, 21, 64, 200, 1000, 0][Int(choice & 7)]
  }

  /// All in one piece.
  static var none: Slices { Slices(7) }

  mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
    guard countMax > 0 else { return [bytes] }
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      // Where many single bytes have come, more of them show nothing more.
      if pieces.count == Self.piecesMax {
        pieces.append(Array(bytes[start...]))
        break
      }
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let count = 1 + Int((state >> 33) % countMax)
      pieces.append(Array(bytes[start..<min(start + count, bytes.count)]))
      start += count
    }
    return pieces
  }
}

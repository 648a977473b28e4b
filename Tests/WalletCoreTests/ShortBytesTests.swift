import TestSupport
import Testing
import WalletCore

@Suite("Short bytes")
struct ShortBytesTests {
  @Test("what goes in comes out, at every length on both sides of the border")
  func roundTrip() {
    for count in 0...2 * ShortBytes.inlineMax + 2 {
      for filling in [0x00, 0x01, 0x7F, 0xFF] as [UInt8] {
        let bytes = Array(repeating: filling, count: count)
        expectSame(ShortBytes(bytes), bytes)
      }
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
      expectSame(ShortBytes(bytes), bytes)
    }
  }

  private func expectSame(_ short: ShortBytes, _ bytes: [UInt8]) {
    #expect(short.count == bytes.count && short.isEmpty == bytes.isEmpty && short.bytes == bytes)
    #expect(unsafe short.withUnsafeBytes { unsafe Array($0) } == bytes)
    // In place: as a member of something else that stays where it is.
    var pair = (before: UInt8(0xAA), bytes: short, after: UInt8(0xBB))
    unsafe withUnsafePointer(to: &pair.bytes) { place in
      #expect(unsafe Array(ShortBytes.bytes(at: place)) == bytes)
    }
  }

  @Test("bytes that differ only in length, or in their last byte, are different values")
  func nearlySame() {
    for count in 1...ShortBytes.inlineMax + 3 {
      let bytes = Array(repeating: UInt8(0), count: count)
      #expect(ShortBytes(bytes) != ShortBytes(bytes.dropLast()), "\(count) zeros")
      #expect(ShortBytes(bytes) != ShortBytes(bytes.dropLast() + [1]))
      #expect(ShortBytes(bytes) == ShortBytes(bytes))
    }
  }

  @Test("equality and hashes are those of the bytes")
  func asArrays() {
    var generator = SeededGenerator(of: "short bytes")
    for _ in 0..<5_000 {
      let left = (0..<Int.random(in: 0...44, using: &generator)).map { _ in
        UInt8.random(in: 0...3, using: &generator)
      }
      var right = left
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: right.append(0)
      case 1: if !right.isEmpty { right.removeLast() }
      case 2: if !right.isEmpty { right[Int.random(in: 0..<right.count, using: &generator)] ^= 0x80 }
      default: break
      }
      let (one, other) = (ShortBytes(left), ShortBytes(right))
      #expect((one == other) == (left == right))
      if left == right { #expect(one.hashValue == other.hashValue) }
      #expect(Set([one, other]).count == Set([left, right]).count)
    }
  }

  @Test("a difference in any byte makes another hash", arguments: [16, 31, 32, 39, 40, 64])
  func hashesSpread(_ count: Int) {
    var hashes: Set<Int> = []
    for position in 0..<count {
      var bytes = Array(repeating: UInt8(7), count: count)
      for value in 0..<8 as Range<UInt8> {
        bytes[position] = 100 + value
        hashes.insert(ShortBytes(bytes).hashValue)
      }
    }
    #expect(hashes.count == 8 * count)
  }

  @Test("a copy of long bytes outlives what it was made from")
  func copies() {
    var original: ShortBytes? = ShortBytes(Array(repeating: 9, count: 100))
    let copy = original
    original = nil
    #expect(original == nil && copy?.bytes == Array(repeating: 9, count: 100))
    let text = Text(String(repeating: "ä", count: 20))
    #expect(text.byteCount == 40 && text.string == String(repeating: "ä", count: 20))
  }
}

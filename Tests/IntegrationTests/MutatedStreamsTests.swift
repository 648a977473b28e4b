import Foundation
import TestSupport
import Testing

/// Golden conversations with bytes changed, inserted, removed and appended. Most have their checksums set right again, so
/// that the change reaches what lies behind the frames.
@Suite("Mutated streams")
struct MutatedStreamsTests {
  private static let streamCount = 600

  @Test("no stream of bytes ends the server or is noticed by others")
  func mutations() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("mutated streams: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let service = try Service()
    let conversations = try Self.conversations()
    for index in 0..<Self.streamCount {
      var stream = conversations.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...5, using: &random) { Self.mutate(&stream, conversations, &random) }
      if Int.random(in: 0..<5, using: &random) > 0 { Self.mendChecksums(&stream) }
      let connection = try RawConnection(port: service.server.port)
      connection.send(stream)
      // A few wait for what comes, the rest hang up with everything under way.
      if index.isMultiple(of: 100) { _ = connection.receive(count: 1, untilEnd: false) }
      if index.isMultiple(of: 50) { _ = try await service.client.ping() }
    }
    #expect(try service.server.terminate() == .exited(0), "seed \(seed): \(service.server.lines)")
  }

  private static func mutate(_ stream: inout [UInt8], _ others: [[UInt8]], _ random: inout SeededGenerator) {
    let place = Int.random(in: 0...stream.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0 where place < stream.count:
      stream[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
    case 1:
      stream.insert(contentsOf: (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }, at: place)
    case 2:
      stream.removeSubrange(place..<min(stream.count, place + 9))
    default:
      stream += (others.randomElement(using: &random) ?? []).dropFirst(8)
    }
  }

  /// Goes through what still looks like frames behind the preface.
  private static func mendChecksums(_ stream: inout [UInt8]) {
    var start = 8
    while start + 20 <= stream.count {
      let length = stream[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length >= 16, start + 4 + length <= stream.count else { return }
      let checked = Array(stream[start + 4..<start + 16]) + Array(stream[start + 20..<start + 4 + length])
      let checksum = crc32(checked)
      for byte in 0..<4 { stream[start + 16 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * byte)) }
      start += 4 + length
    }
  }

  /// Bit by bit, apart from the library that the server uses.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
  }

  private static func conversations() throws -> [[UInt8]] {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../proto/vectors/sessions.json")
    let file = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let vectors = try #require(file?["vectors"] as? [[String: Any]])
    return vectors.compactMap { ($0["hex"] as? String).flatMap(VectorSessionTests.bytes) }
  }
}

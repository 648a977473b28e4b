import Foundation
import Testing
import WalletWire

@testable import WalletClient

@Suite struct FrameVectorTests {
  struct Vectors: Decodable {
    var limit: Int
    var vectors: [Vector]
  }
  struct Vector: Decodable {
    struct Frame: Decodable {
      var type: UInt8
      var flags: UInt8
      var code: UInt16
      var requestId: UInt32
      var millis: UInt32
      var payload: String
    }
    var name: String
    var hex: String
    var frames: [Frame]
    var error: String?
  }

  static func load() throws -> Vectors {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("proto/vectors/frames.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: data)
  }

  static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
  }

  @Test func everyVectorAtEverySplit() throws {
    let vectors = try Self.load()
    #expect(vectors.vectors.count > 20)
    for vector in vectors.vectors {
      let bytes = Self.bytes(vector.hex)
      let splits = bytes.count > 200 ? Array(0...64) + [bytes.count - 1] : Array(0...bytes.count)
      for split in splits {
        var buffer = FrameBuffer(frameBytesMax: vectors.limit)
        var frames: [(header: FrameHeader, payload: [UInt8])] = []
        var failure: FrameError?
        for part in [Array(bytes[..<split]), Array(bytes[split...])] where failure == nil {
          buffer.append(part)
          do throws(FrameError) {
            while let frame = try buffer.next() { frames.append(frame) }
          } catch {
            failure = error
          }
        }
        #expect(name(failure) == vector.error, "\(vector.name), split at \(split)")
        #expect(frames.count == vector.frames.count, "\(vector.name), split at \(split)")
        for (frame, expected) in zip(frames, vector.frames) {
          #expect(frame.header.type.rawValue == expected.type)
          #expect(frame.header.flags.rawValue == expected.flags)
          #expect(frame.header.code == expected.code)
          #expect(frame.header.requestID == expected.requestId)
          #expect(frame.header.millis == expected.millis)
          #expect(frame.payload == Self.bytes(expected.payload))
        }
      }
    }
  }

  private func name(_ error: FrameError?) -> String? {
    switch error {
    case nil: nil
    case .lengthBelowHeader: "length_min"
    case .lengthAboveLimit: "length_max"
    case .checksum: "checksum"
    case .unknownType: "type"
    case .unknownFlags: "flags"
    }
  }
}

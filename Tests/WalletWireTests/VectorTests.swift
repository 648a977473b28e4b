import Foundation
import Testing
import WalletCore

@testable import WalletWire

/// proto/vectors/frames.json
struct FrameVectors: Decodable {
  var limit: Int
  var vectors: [Vector]

  struct Vector: Decodable {
    var name: String
    var hex: String
    var frames: [Frame]
    var error: String?
  }

  struct Frame: Decodable, Equatable {
    var type: UInt8
    var flags: UInt8
    var code: UInt16
    // The name is that of the JSON.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var request_id: UInt32
    var millis: UInt32
    var payload: String
  }

  static let all: FrameVectors = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../proto/vectors/frames.json")
    do {
      return try JSONDecoder().decode(FrameVectors.self, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("proto/vectors/frames.json can't be read: \(error)")
    }
  }()
}

/// Feeds pieces of a stream to the parser, as a connection does.
private struct Deframer {
  var limit: Int
  private(set) var frames: [FrameVectors.Frame] = []
  private(set) var error: FrameError?
  private var buffer: [UInt8] = []
  private var start = 0

  init(limit: Int) { self.limit = limit }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
    while error == nil {
      do throws(FrameError) {
        guard let slice = try FrameParser.frame(in: buffer.span, from: start, frameBytesMax: limit) else { return }
        let header = slice.header
        frames.append(
          FrameVectors.Frame(
            type: header.type.rawValue, flags: header.flags.rawValue, code: header.code, request_id: header.requestID,
            millis: header.millis, payload: Hexadecimal.text(Array(buffer[slice.payload]))))
        start = slice.end
      } catch {
        self.error = error
      }
    }
  }
}

@Suite("Frames")
struct FrameTests {
  @Test("every vector, split at every point, and byte by byte", arguments: 0..<FrameVectors.all.vectors.count)
  func splits(_ index: Int) throws {
    let vector = FrameVectors.all.vectors[index]
    let bytes = try #require(Hexadecimal.bytes(vector.hex))
    // The longest vector is split at fewer points: its middle is all alike.
    let points = Array(0...min(bytes.count, 80)) + Array(max(0, bytes.count - 8)...bytes.count)
    for split in points {
      var deframer = Deframer(limit: FrameVectors.all.limit)
      deframer.feed(bytes[..<split])
      deframer.feed(bytes[split...])
      check(deframer, vector)
    }
    var single = Deframer(limit: FrameVectors.all.limit)
    for byte in bytes { single.feed(CollectionOfOne(byte)) }
    check(single, vector)
  }

  private func check(_ deframer: Deframer, _ vector: FrameVectors.Vector) {
    #expect(deframer.frames == vector.frames, "\(vector.name)")
    let rule: String? =
      switch deframer.error {
      case nil: nil
      case .lengthBelowHeader: "length_min"
      case .lengthAboveLimit: "length_max"
      case .checksum: "checksum"
      case .unknownType: "type"
      case .unknownFlags: "flags"
      }
    #expect(rule == vector.error, "\(vector.name)")
  }

  @Test("what the writer writes is the vector", arguments: 0..<FrameVectors.all.vectors.count)
  func writes(_ index: Int) throws {
    let vector = FrameVectors.all.vectors[index]
    guard vector.frames.count == 1, vector.error == nil, let frame = vector.frames.first else { return }
    let type = try #require(FrameType(rawValue: frame.type))
    var output: [UInt8] = []
    output.appendFrame(
      FrameHeader(
        type: type, flags: FrameFlags(rawValue: frame.flags), code: frame.code, requestID: frame.request_id,
        millis: frame.millis), payload: try #require(Hexadecimal.bytes(frame.payload)))
    #expect(vector.hex.hasPrefix(Hexadecimal.text(output)))
  }

  @Test("a length above the limit is refused before the payload arrives")
  func earlyRefusal() {
    var deframer = Deframer(limit: 1 << 20)
    deframer.feed([0x7F, 0xFF, 0xFF, 0xFF])
    #expect(deframer.error == .lengthAboveLimit(0x7FFF_FFFF, limit: 1 << 20))
  }
}

import Foundation
import TestSupport
import Testing
import WalletWire

/// proto/vectors/sessions.json against a live server, at every way of cutting the bytes that matters.
@Suite("Golden conversations")
struct VectorSessionTests {
  private struct File: Decodable { var vectors: [Session] }

  private struct Session: Decodable {
    var name: String
    var hex: String
    var answers: [Answer]
    var closes: Bool
  }

  // The names are those of the JSON.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct Answer: Decodable {
    var type: UInt8
    var code: UInt16?
    var request_id: UInt32?
    var flags: UInt8?
    var payload: String?
  }

  private static func sessions() throws -> [Session] {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../proto/vectors/sessions.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).vectors
  }

  @Test("each conversation goes as written, whole, halved, and byte by byte; and a healthy client notices nothing")
  func conversations() async throws {
    let service = try Service()
    for session in try Self.sessions() {
      let bytes = try #require(Self.bytes(session.hex))
      for pieces in [[bytes], [Array(bytes.prefix(bytes.count / 2)), Array(bytes.dropFirst(bytes.count / 2))]] {
        try check(session, RawConnection(port: service.server.port), pieces)
      }
      if bytes.count < 120 {
        try check(session, RawConnection(port: service.server.port), bytes.map { [$0] })
      }
      _ = try await service.client.ping()
    }
    #expect(try service.server.terminate() == .exited(0))
  }

  private func check(_ session: Session, _ connection: RawConnection, _ pieces: [[UInt8]]) throws {
    for piece in pieces { connection.send(piece) }
    let (frames, hasEnded) = connection.receive(count: session.answers.count, untilEnd: session.closes)
    #expect(frames.count == session.answers.count && hasEnded == session.closes, "\(session.name)")
    for (answer, frame) in zip(session.answers, frames) {
      let header = frame.header
      #expect(header.type.rawValue == answer.type, "\(session.name)")
      if let code = answer.code { #expect(header.code == code, "\(session.name)") }
      if let id = answer.request_id { #expect(header.requestID == id, "\(session.name)") }
      // The same conversation again replays what the first one left behind, so only the promise must be the same.
      if let flags = answer.flags {
        #expect(header.flags.contains(.notExecuted) == (flags & 2 != 0), "\(session.name)")
      }
      if let payload = answer.payload { #expect(frame.payload == Self.bytes(payload), "\(session.name)") }
    }
  }

  static func bytes(_ hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }
}

/// The type of a frame, byte 4 of its header (proto/WIRE.md).
package enum FrameType: UInt8, Sendable {
  case hello = 1
  case helloAck = 2
  case request = 3
  case response = 4
  case cancel = 5
  case ping = 6
  case pong = 7
  case goAway = 8
  case connectionError = 9
  case event = 10

  /// The low flag bits that this type takes; any other low bit is an error.
  fileprivate var allowedLowFlags: UInt8 {
    switch self {
    case .response: FrameFlags.notExecuted.rawValue | FrameFlags.replayed.rawValue
    case .event: FrameFlags.last.rawValue
    default: 0
    }
  }
}

package struct FrameFlags: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// This attempt had no effect and never will.
  package static let notExecuted = FrameFlags(rawValue: 0x02)
  /// The first result of a known key, answered again.
  package static let replayed = FrameFlags(rawValue: 0x04)
  /// The last item of a stream.
  package static let last = FrameFlags(rawValue: 0x08)
}

/// The 20-byte header of a frame without its length and checksum.
package struct FrameHeader: Equatable, Sendable {
  /// Bytes of header before the payload.
  package static let byteCount = 20
  /// The least value of the length field: the header behind it.
  package static let lengthMin = 16
  /// What a client sends before its first frame.
  package static let preface: [UInt8] = [0x57, 0x52, 0x50, 0x2F, 0x31, 0x0D, 0x0A, 0x00]

  package var type: FrameType
  package var flags: FrameFlags
  /// REQUEST: method number; RESPONSE: status; else 0.
  package var code: UInt16
  package var requestID: UInt32
  /// REQUEST: relative deadline; RESPONSE: retry after; else 0.
  package var millis: UInt32

  package init(type: FrameType, flags: FrameFlags = [], code: UInt16 = 0, requestID: UInt32 = 0, millis: UInt32 = 0) {
    self.type = type
    self.flags = flags
    self.code = code
    self.requestID = requestID
    self.millis = millis
  }
}

/// Why bytes are not a frame. The stream can't be trusted after it: the connection closes.
package enum FrameError: Error, Equatable, Sendable {
  case lengthBelowHeader(UInt32)
  case lengthAboveLimit(UInt32, limit: Int)
  case checksum
  case unknownType(UInt8)
  case unknownFlags(UInt8)
}

/// The place of one whole frame in a buffer.
package struct FrameSlice: Equatable, Sendable {
  package var header: FrameHeader
  package var payload: Range<Int>
  /// Where the next frame begins.
  package var end: Int { payload.upperBound }
}

package enum FrameParser {
  /// Finds the frame that begins at `start`; `nil` when it isn't whole yet.
  ///
  /// The length is judged as soon as its four bytes are there, so that nobody waits for, or makes room for, a frame
  /// that will be refused. The parser keeps no state: what is incomplete is looked at again from its beginning.
  ///
  /// - Parameter frameBytesMax: the longest frame taken, header included.
  package static func frame(
    in bytes: Span<UInt8>, from start: Int, frameBytesMax: Int
  ) throws(FrameError) -> FrameSlice? {
    guard bytes.count - start >= 4 else { return nil }
    let length = bytes.bigEndianUInt32(at: start)
    guard length >= FrameHeader.lengthMin else { throw .lengthBelowHeader(length) }
    guard Int(length) <= frameBytesMax - 4 else { throw .lengthAboveLimit(length, limit: frameBytesMax) }
    guard bytes.count - start >= 4 + Int(length) else { return nil }

    let end = start + 4 + Int(length)
    let payload = start + FrameHeader.byteCount..<end
    let crc = CRC32.checksum(bytes, start + 4..<start + 16, payload)
    guard crc == bytes.bigEndianUInt32(at: start + 16) else { throw .checksum }
    guard let type = FrameType(rawValue: bytes[start + 4]) else { throw .unknownType(bytes[start + 4]) }
    let flags = bytes[start + 5]
    guard flags & 0x0F & ~type.allowedLowFlags == 0 else { throw .unknownFlags(flags) }
    let header = FrameHeader(
      type: type, flags: FrameFlags(rawValue: flags), code: bytes.bigEndianUInt16(at: start + 6),
      requestID: bytes.bigEndianUInt32(at: start + 8), millis: bytes.bigEndianUInt32(at: start + 12))
    return FrameSlice(header: header, payload: payload)
  }
}

extension Span where Element == UInt8 {
  fileprivate func bigEndianUInt16(at index: Int) -> UInt16 { UInt16(self[index]) << 8 | UInt16(self[index + 1]) }

  fileprivate func bigEndianUInt32(at index: Int) -> UInt32 {
    UInt32(bigEndianUInt16(at: index)) << 16 | UInt32(bigEndianUInt16(at: index + 2))
  }
}

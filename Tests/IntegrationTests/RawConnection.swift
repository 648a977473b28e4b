import Foundation
import WalletWire

/// A socket that says whatever bytes a test likes.
final class RawConnection {
  private static let timeoutSeconds = 5
  private let descriptor: Int32

  /// - Parameter receiveBytes: What the kernel keeps for a reader that doesn't read; 0: what it likes.
  init(port: UInt16, receiveBytes: Int32 = 0) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if receiveBytes > 0 {
      var bytes = receiveBytes
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  deinit { close(descriptor) }

  /// The server may have closed by now, so a broken pipe is no failure.
  func send(_ bytes: [UInt8]) {
    _ = unsafe Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// All of them, with pauses in which the other side could close.
  ///
  /// - Returns: False when it has.
  func sendAll(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = unsafe rest.withUnsafeBytes {
        unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent <= 0 { return false }
      rest = rest.dropFirst(sent)
      usleep(500)
    }
    return true
  }

  /// Whether something has come that can be read, now or soon. It is left there.
  func waitForBytes() -> Bool {
    var byte: UInt8 = 0
    return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 1
  }

  /// Bytes that come next; empty at the end, or when none come in time.
  func receiveSome() -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let received = unsafe recv(descriptor, &piece, piece.count, 0)
    return Array(piece.prefix(max(0, received)))
  }

  /// Whether the server has ended the connection, now or soon.
  func waitForEnd() -> Bool {
    while true {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let received = unsafe recv(descriptor, &piece, piece.count, 0)
      if received <= 0 { return received == 0 || errno == ECONNRESET }
    }
  }

  /// What comes until the other side is at its end, or has nothing to say for a while.
  func receiveAll() -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = receiveSome()
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }

  /// Frames up to the first response, or the end.
  func receiveToResponse() -> [(header: FrameHeader, payload: [UInt8])] {
    var frames: [(header: FrameHeader, payload: [UInt8])] = []
    var bytes: [UInt8] = []
    while frames.last?.header.type != .response {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let received = unsafe recv(descriptor, &piece, piece.count, 0)
      if received <= 0 { break }
      bytes += piece.prefix(received)
      var start = 0
      while let slice = try? FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 2 << 20) {
        frames.append((slice.header, Array(bytes[slice.payload])))
        start = slice.end
      }
      bytes.removeFirst(start)
    }
    return frames
  }

  /// Frames until there are `count` of them, or until the end.
  func receive(count: Int, untilEnd: Bool) -> (frames: [(header: FrameHeader, payload: [UInt8])], hasEnded: Bool) {
    var bytes: [UInt8] = []
    var frames: [(header: FrameHeader, payload: [UInt8])] = []
    var start = 0
    while frames.count < count || untilEnd {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let received = unsafe recv(descriptor, &piece, piece.count, 0)
      if received <= 0 { return (frames, received == 0) }
      bytes += piece.prefix(received)
      while let slice = try? FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 2 << 20) {
        frames.append((slice.header, Array(bytes[slice.payload])))
        start = slice.end
      }
    }
    return (frames, false)
  }
}

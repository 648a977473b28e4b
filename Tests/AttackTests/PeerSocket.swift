import Glibc
import TestSupport
import WalletWire

/// A socket that does what no client should. Used by one thread; nothing on it waits but the connect.
final class PeerSocket {
  private let descriptor: Int32
  private(set) var isOpen = true
  /// The server has ended the connection.
  private(set) var isPutOut = false
  private(set) var receivedBytes = 0
  /// The last of what came.
  private(set) var lastPiece: [UInt8] = []

  /// - Parameter receiveBytes: What the kernel keeps for one that doesn't read; 0: what it likes.
  init(port: UInt16, receiveBytes: Int32 = 0) throws(TestFailure) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure("an attacker has no socket left: error \(errno)") }
    if receiveBytes > 0 {
      var bytes = receiveBytes
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      let error = errno
      Glibc.close(descriptor)
      isOpen = false
      throw TestFailure("an attacker can't connect: error \(error)")
    }
  }

  deinit { close() }

  static let hello: [UInt8] = {
    var bytes = FrameHeader.preface
    bytes.appendFrame(FrameHeader(type: .hello), payload: [0x0A, 0x01, 0x01])
    return bytes
  }()

  static func frame(_ request: TestRequest, id: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendFrame(
      FrameHeader(type: .request, code: request.method, requestID: id, millis: request.deadline),
      payload: request.payload)
    return bytes
  }

  static func ping(id: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendFrame(FrameHeader(type: .ping, requestID: id), payload: [1, 2, 3, 4, 5, 6, 7, 8])
    return bytes
  }

  /// Sends what the kernel takes.
  @discardableResult
  func send(_ bytes: some Collection<UInt8>) -> Int {
    guard isOpen, !isPutOut else { return 0 }
    let bytes = Array(bytes)
    let count = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    if count < 0, errno == EPIPE || errno == ECONNRESET { isPutOut = true }
    return max(0, count)
  }

  /// Reads all that is there, and sees whether the connection has ended.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while isOpen, !isPutOut {
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        receivedBytes += count
        lastPiece = Array(buffer[..<count])
      } else if count == 0 || errno == ECONNRESET {
        isPutOut = true
      } else {
        return
      }
    }
  }

  /// Sees whether the connection has ended, without reading.
  func look() {
    // POLLRDHUP, which Glibc's module hides.
    let ended: Int16 = 0x2000
    var poll = pollfd(fd: descriptor, events: ended, revents: 0)
    guard isOpen, !isPutOut, unsafe Glibc.poll(&poll, 1, 0) > 0 else { return }
    isPutOut = poll.revents & (ended | Int16(POLLHUP) | Int16(POLLERR)) != 0
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    Glibc.close(descriptor)
  }

  /// Ends the connection by a reset, which leaves no port behind that waits.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close()
  }
}

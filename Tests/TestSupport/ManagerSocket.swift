internal import CLinux
internal import Foundation

/// The end of a service manager: the datagrams that a service sends to the socket that NOTIFY_SOCKET names.
package final class ManagerSocket: Sendable {
  private let descriptor: Int32
  private let folder: ScratchFolder
  /// What NOTIFY_SOCKET is to say.
  package let name: String

  package init(isAbstract: Bool = false) throws {
    folder = try ScratchFolder("manager")
    name = isAbstract ? "@walletd-test-\(UUID().uuidString)" : "\(folder.path)/notify"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure("socket: errno \(errno)") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(name.utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
      unsafe path.copyBytes(from: bytes)
      if isAbstract { unsafe path[0] = 0 }
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
    let result = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
    }
    guard result == 0 else { throw TestFailure("bind: errno \(errno)") }
  }

  deinit { close(descriptor) }

  /// The next datagram's lines; `nil` when none comes in time.
  package func receive(timeoutMilliseconds: Int32 = 20_000) -> [String]? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&entry, 1, timeoutMilliseconds) == 1 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Waits for a datagram with a line that begins so, and drops what comes before it.
  package func wait(for prefix: String) throws -> [String] {
    while let lines = receive() {
      if lines.contains(where: { $0.hasPrefix(prefix) }) { return lines }
    }
    throw TestFailure("the service never said \(prefix)")
  }

  /// Drops all that has arrived.
  package func drain() {
    while receive(timeoutMilliseconds: 0) != nil {}
  }
}

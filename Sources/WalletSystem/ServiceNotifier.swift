internal import CLinux
internal import Glibc

/// What a service tells its manager (sd_notify(3)).
package enum ServiceState: Equatable, Sendable {
  case ready
  case stopping
  /// Microseconds of CLOCK_MONOTONIC at which the reload began.
  case reloading(Int64)
  case watchdog
  case status(String)

  var line: String {
    switch self {
    case .ready: "READY=1"
    case .stopping: "STOPPING=1"
    case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
    case .watchdog: "WATCHDOG=1"
    case .status(let text): "STATUS=" + String(text.map { $0.isNewline ? " " : $0 })
    }
  }
}

/// Datagrams to the socket of a service manager. Its descriptor is kept, so that a full table of descriptors can't silence a
/// process that is well.
package final class ServiceNotifier: Sendable {
  package static let variable = "NOTIFY_SOCKET"

  private let descriptor: Int32
  private let address: sockaddr_un
  private let length: socklen_t

  /// - Parameter path: A path, or a name that begins with `@` for a socket without a file.
  package init(path: String) throws(SystemError) {
    let name = Array(path.utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard name.count > 1, name.count < room, name[0] == UInt8(ascii: "/") || name[0] == UInt8(ascii: "@") else {
      throw SystemError(call: "\(Self.variable) \(path)", number: EINVAL)
    }
    let isAbstract = name[0] == UInt8(ascii: "@")
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: name)
      if isAbstract { unsafe bytes[0] = 0 }
    }
    self.address = address
    // A name without a file has the length of its bytes; a path ends with a zero.
    length = socklen_t(MemoryLayout<sa_family_t>.size + name.count + (isAbstract ? 0 : 1))
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .last("socket") }
  }

  deinit { close(descriptor) }

  /// Sends all states in one datagram, and doesn't wait: a manager that doesn't read is told the next time.
  package func send(_ states: [ServiceState]) throws(SystemError) {
    var text = states.map(\.line).joined(separator: "\n")
    let count = text.withUTF8 { bytes in
      unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          retryingInterrupts {
            unsafe sendto(
              descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), pointer, length)
          }
        }
      }
    }
    guard count >= 0 else { throw .last("\(Self.variable)") }
  }
}

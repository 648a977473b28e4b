internal import Glibc

/// Listening sockets that systemd has opened and hands over (sd_listen_fds(3)).
package enum PassedSockets {
  private static let first: Int32 = 3
  private static let countMax: Int32 = 64

  /// - Returns: Nothing when none were passed to this process.
  package static func take(environment: [String: String], processID: Int32) throws(SystemError) -> [ListeningSocket] {
    guard environment["LISTEN_PID"] == String(processID), let text = environment["LISTEN_FDS"] else { return [] }
    guard let count = Int32(text), (0...countMax).contains(count) else {
      throw SystemError(call: "LISTEN_FDS=\(text)", number: EINVAL)
    }
    var sockets: [ListeningSocket] = []
    for descriptor in first..<(first + count) { sockets.append(try ListeningSocket(adopting: descriptor)) }
    return sockets
  }
}

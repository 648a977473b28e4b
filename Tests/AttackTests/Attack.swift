import TestSupport
import Testing

/// What is attacked.
struct Target: Sendable {
  let port: UInt16
  /// A wallet with more rows than a page holds.
  let richWallet: Int64
  /// Wallets with money for attackers who pay.
  let wallets: [Int64]
}

/// What an attack came to.
struct Toll: Sendable {
  /// Connections of the attacker.
  var connections = 0
  /// Those that the server ended.
  var putOut = 0
}

/// Something that peers do to a server, and what is expected of it.
struct Attack: Sendable, CustomTestStringConvertible {
  let name: String
  /// Options of the server for the short form, so that nobody has to wait for the usual times.
  var impatience: [String] = []
  /// All of its connections have ended before the attack is over.
  var isPutOut = true
  /// What the server may hold more than before, MiB.
  var memoryMax = 64
  /// The healthy ones compete for the machine itself, be the server as fair as it likes: no bound on their latency.
  var isCompetition = false
  /// Attacks until it is over.
  let body: @Sendable (Target, _ isOver: @escaping @Sendable () -> Bool) throws -> Toll

  var testDescription: String { name }
}

/// Does `round` for all of them until it is over, with a rest of so many milliseconds between.
///
/// - Parameter mustEnd: It goes on until the server has put all of them out.
func attack(
  with sockets: [PeerSocket], everyMilliseconds: Int, mustEnd: Bool = true, until isOver: () -> Bool,
  _ round: (PeerSocket, Int) -> Void
) -> Toll {
  var overAt: Int64?
  while !isOver() || (mustEnd && sockets.contains { !$0.isPutOut }) {
    // A busy machine may take its time.
    if isOver() {
      overAt = overAt ?? microsecondsNow()
      if microsecondsNow() - (overAt ?? 0) > 15_000_000 { break }
    }
    for (index, socket) in sockets.enumerated() where !socket.isPutOut { round(socket, index) }
    Threads.sleep(milliseconds: everyMilliseconds)
  }
  for socket in sockets where !socket.isPutOut { socket.look() }
  return Toll(connections: sockets.count, putOut: sockets.count { $0.isPutOut })
}

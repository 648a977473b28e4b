/// Why a run can't go on. The message is one line for people.
package struct BenchFailure: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// Nobody there, somebody else there, or nobody any more.
    case unreachable
    /// The server is there and refuses what the set-up needs.
    case refused
  }

  package var kind: Kind
  package var message: String

  package static func unreachable(_ message: String) -> BenchFailure {
    BenchFailure(kind: .unreachable, message: message)
  }
  static func refused(_ message: String) -> BenchFailure { BenchFailure(kind: .refused, message: message) }
}

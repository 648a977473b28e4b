import WalletSystem

/// What the engine must know of a server's language. The engine is generic over it, and the compiler specialises it: no
/// call on the way of an operation goes through an existential.
protocol WireProtocol {
  /// Whether a request may be sent again when nobody knows whether it was executed.
  static func repeats(_ kind: Operation.Kind) -> Bool
  /// Whether the server counts the changes of a wallet.
  static var hasVersions: Bool { get }

  /// The first words on a new connection.
  func greet(_ channel: Channel, deadline: Int64, _ time: any TimeSource) throws(BenchFailure) -> Peer
  /// Appends the request of an operation.
  func append(_ operation: Operation, requestID: UInt32, _ batches: BatchPool, to output: inout [UInt8])
  /// The message that begins at `start`; `nil` when it isn't whole yet.
  func message(in bytes: Span<UInt8>, from start: Int) throws(BenchFailure) -> Incoming?
  /// `nil` when the message doesn't answer the operation.
  func reply(to operation: Operation, _ message: Incoming, _ bytes: Span<UInt8>) -> Reply?
  func refusal(_ message: Incoming, _ bytes: Span<UInt8>) -> Refusal?
  /// Calls `body` with each item's place and what became of it; `false` when the message isn't an answer to a batch.
  func batchResults(
    _ message: Incoming, _ bytes: Span<UInt8>, _ body: (Int, BatchItemResult) throws(BenchFailure) -> Void
  ) throws(BenchFailure) -> Bool
}

/// Who is at the other end.
package struct Peer: Equatable, Sendable {
  /// Program and version.
  package var name = ""
  /// "release" or "debug"; empty when it doesn't tell.
  package var build = ""
}

/// One message of a server, still in the bytes that were received.
struct Incoming: Equatable {
  enum Kind: UInt8 {
    case answer, refusal, ping, leaving
  }

  var kind = Kind.answer
  /// How a RESP value begins, such as `:`; 0 in WRP.
  var form: UInt8 = 0
  /// A refusal's promise that this attempt had no effect.
  var isNotExecuted = false
  /// The first result of a known key, answered again.
  var isReplay = false
  /// 0: the answer to the oldest request in flight.
  var requestID: UInt32 = 0
  var retryAfterMillis: UInt32 = 0
  var payload: Range<Int>
  /// Where the next message begins.
  var end: Int
}

/// What became of one item of a batch.
enum BatchItemResult: Equatable {
  case done(Reply, isReplay: Bool)
  case refused(Refusal)
}

/// One stretch of a run: what it asks for, and what it makes of the answers.
protocol Phase: AnyObject {
  /// Requests that each connection keeps outstanding.
  var depth: Int { get }
  /// Whether a refusal that may pass (a full queue, say) is tried again until it has passed.
  var insists: Bool { get }
  /// Whether operations have times at which they are due. Then any connection sends them; else each one sends when it has
  /// got an answer.
  var isPaced: Bool { get }

  func next(_ now: Int64) -> Next
  /// One operation, or one item of a batch, was executed.
  func succeeded(_ operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) throws(BenchFailure)
  /// What must be asked for because of an answer that `succeeded` was told of; until that is answered too the operation
  /// isn't completed.
  func next(after operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) -> Operation?
  /// Refused for good: it had no effect. An item of a batch is refused by itself.
  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure)
  /// A request was answered, and what it did was reported by `succeeded` (and `refused`).
  func completed(_ operation: Operation, _ now: Int64)
  /// Its outcome can't be learnt.
  func gaveUp(_ operation: Operation) throws(BenchFailure)
  /// The answers of one reading were reported; nothing was sent since.
  func settle() throws(BenchFailure)
  /// Called after each look at all sockets.
  func round(_ now: Int64) throws(BenchFailure)
  /// Nothing was answered for long while something was outstanding.
  func stalled(from start: Int64, to end: Int64)
  /// Called about ten times a second.
  func tick(_ now: Int64)
}

/// What a phase asks for next.
enum Next {
  case operation(Operation)
  /// Nothing is due before this time.
  case notBefore(Int64)
  case nothing
}

extension Phase {
  var isPaced: Bool { false }
  func next(after operation: Operation, _ reply: Reply, isReplay: Bool, _ now: Int64) -> Operation? { nil }
  func completed(_ operation: Operation, _ now: Int64) {}
  func settle() throws(BenchFailure) {}
  func round(_ now: Int64) throws(BenchFailure) {}
  func stalled(from start: Int64, to end: Int64) {}
}

extension BenchFailure {
  static func malformed(_ operation: Operation) -> BenchFailure {
    .unreachable("the server's answer to \(operation.kind.verb) isn't a message of that verb")
  }
}

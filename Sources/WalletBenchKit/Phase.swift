import WalletWire

/// One stretch of a run: what it asks for, and what it makes of the answers.
protocol Phase: AnyObject {
  /// Requests that each connection keeps outstanding.
  var depth: Int { get }
  /// Whether a refusal that may pass (a full queue, say) is tried again until it has passed.
  var insists: Bool { get }

  /// `nil` when there is nothing more to ask for.
  func next(_ now: Int64) -> Operation?
  func succeeded(
    _ operation: Operation, _ header: FrameHeader, _ bytes: Span<UInt8>, _ payload: Range<Int>, _ now: Int64
  ) throws(BenchFailure)
  /// Refused for good: it had no effect.
  func refused(_ operation: Operation, _ refusal: Refusal, _ now: Int64) throws(BenchFailure)
  /// Its outcome can't be learnt.
  func gaveUp(_ operation: Operation) throws(BenchFailure)
  /// Called about ten times a second.
  func tick(_ now: Int64)
}

extension BenchFailure {
  static func malformed(_ operation: Operation) -> BenchFailure {
    .unreachable("the server's answer to \(operation.kind.verb) isn't a message of that verb")
  }
}

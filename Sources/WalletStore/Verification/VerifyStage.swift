import WalletCore

/// A part of a verification.
protocol VerifyStage: AnyObject {
  /// As the wire names it.
  var name: String { get }
  var done: Int64 { get }
  var total: Int64 { get }

  /// A bounded piece of work, with a snapshot of its own.
  func step() throws(StoreError) -> VerifyStep

  /// Something can't be read. Goes on behind it, or ends.
  func skip(_ error: StoreError) -> VerifyStep

  /// Nobody waits for it any more.
  func cancel()
}

enum VerifyStep {
  case more
  /// The next stages; none when this was the last one of its kind.
  case finished(next: [any VerifyStage])
  /// It can't come to an end.
  case abandoned(String)
}

extension VerifyStage {
  func cancel() {}
}

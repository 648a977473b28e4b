import TestSupport

/// A world whose ledger can be held against its reference.
protocol Checked {
  /// Of the data folder.
  var path: String { get }
  /// SQLite's name of the file system that has it; `nil` for the machine's.
  var vfs: String? { get }
  var reference: ReferenceLedger { get }

  /// With whatever is needed to see it again.
  func failure(_ comment: String) -> TestFailure
}

extension Checked {
  func expect(_ isTrue: Bool, _ comment: @autoclosure () -> String) throws(TestFailure) {
    if !isTrue { throw failure(comment()) }
  }
}

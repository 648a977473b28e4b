import Foundation

/// Where a statement goes: to standard output as it comes, or to a file that is there as a whole or not at all.
final class StatementOutput {
  struct Failure: Error {
    var text: String
  }

  private let handle: FileHandle
  /// The file's name, and what it is called until it is whole.
  private let paths: (whole: String, partial: String)?

  /// - Parameter path: `nil`: standard output.
  init(path: String?) throws(Failure) {
    guard let path else {
      handle = .standardOutput
      paths = nil
      return
    }
    let url = URL(fileURLWithPath: path)
    let partial = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial").path
    guard FileManager.default.createFile(atPath: partial, contents: nil),
      let file = FileHandle(forWritingAtPath: partial)
    else { throw Failure(text: "can't write \(path): \(Self.lastError)") }
    handle = file
    paths = (path, partial)
  }

  func write(_ text: String) throws(Failure) {
    if text.isEmpty { return }
    do { try handle.write(contentsOf: Data(text.utf8)) } catch { throw failure(error) }
  }

  /// Everything is written.
  func finish() throws(Failure) {
    guard let paths else { return }
    do {
      try handle.synchronize()
      try handle.close()
      guard unsafe rename(paths.partial, paths.whole) == 0 else {
        throw Failure(text: "can't write \(paths.whole): \(Self.lastError)")
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw failure(error)
    }
  }

  /// It comes to nothing: a file that was there stays as it was.
  func discard() {
    guard let paths else { return }
    try? handle.close()
    try? FileManager.default.removeItem(atPath: paths.partial)
  }

  private static var lastError: String { unsafe String(cString: strerror(errno)) }

  private func failure(_ error: any Error) -> Failure {
    Failure(text: "can't write \(paths?.whole ?? "to standard output"): \(error.localizedDescription)")
  }
}

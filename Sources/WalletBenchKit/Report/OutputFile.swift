import FoundationEssentials

/// A file that is written when the run is over. It is made at the start, so that a wrong path is found then.
struct OutputFile {
  let path: String

  init(path: String) throws(BenchFailure) {
    self.path = path
    try write("")
  }

  func write(_ text: String) throws(BenchFailure) {
    do {
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      throw .refused("can't write \(path): \(error)")
    }
  }
}

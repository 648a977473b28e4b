/// All that a server can hold in memory by its limits: a sum that can be read.
package struct MemoryBudget: Equatable, Sendable, CustomStringConvertible {
  package struct Part: Equatable, Sendable {
    package var name: String
    package var bytes: Int

    package init(_ name: String, bytes: Int) {
      self.name = name
      self.bytes = bytes
    }
  }

  package var parts: [Part]

  package init(_ parts: [Part]) { self.parts = parts }

  package var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

  /// The sum, and its parts from the largest on.
  package var description: String {
    let texts = parts.sorted { $0.bytes > $1.bytes }.map { "\($0.name) \(Self.text($0.bytes))" }
    return "\(Self.text(bytes)): \(texts.joined(separator: ", "))"
  }

  private static func text(_ bytes: Int) -> String {
    // Rounded up: it is a bound.
    let mebibytes = (bytes + (1 << 20) - 1) >> 20
    return mebibytes < 10_240 ? "\(mebibytes) MiB" : "\((mebibytes + 1023) / 1024) GiB"
  }
}

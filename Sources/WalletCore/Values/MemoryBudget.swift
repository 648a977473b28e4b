/// All that a server can hold in memory by its limits: a sum that can be read.
public struct MemoryBudget: Equatable, Sendable, CustomStringConvertible {
  public struct Part: Equatable, Sendable {
    public var name: String
    public var bytes: Int

    public init(_ name: String, bytes: Int) {
      self.name = name
      self.bytes = bytes
    }
  }

  public var parts: [Part]

  public init(_ parts: [Part]) { self.parts = parts }

  public var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

  /// The sum, and its parts from the largest on.
  public var description: String {
    let texts = parts.sorted { $0.bytes > $1.bytes }.map { "\($0.name) \(Self.text($0.bytes))" }
    return "\(Self.text(bytes)): \(texts.joined(separator: ", "))"
  }

  private static func text(_ bytes: Int) -> String {
    // Rounded up: it is a bound.
    let mebibytes = (bytes + (1 << 20) - 1) >> 20
    return mebibytes < 10_240 ? "\(mebibytes) MiB" : "\((mebibytes + 1023) / 1024) GiB"
  }
}

/// Something that takes bytes of strangers, and what must hold whatever they are. A fuzzer makes such bytes (docs/FUZZING.md),
/// and a test runs those that were worth keeping.
package struct FuzzTarget: Sendable {
  package let name: String
  /// Longer inputs show nothing that shorter ones don't.
  package let bytesMax: Int
  private let body: @Sendable ([UInt8]) throws -> Void
  /// Inputs to begin with, by name.
  package let seeds: @Sendable (Vectors) throws -> [String: [UInt8]]

  package init(
    _ name: String, bytesMax: Int, seeds: @escaping @Sendable (Vectors) throws -> [String: [UInt8]] = { _ in [:] },
    _ body: @escaping @Sendable ([UInt8]) throws -> Void
  ) {
    self.name = name
    self.bytesMax = bytesMax
    self.seeds = seeds
    self.body = body
  }

  /// - Throws: What doesn't hold.
  package func check(_ bytes: [UInt8]) throws { try body(bytes) }

  package static let all: [FuzzTarget] = [.frames, .hello, .requests, .json, .http, .cursors, .rows, .configuration]

  /// `nil` when there is none of that name.
  package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Something that must hold, and doesn't.
package struct Violation: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

func demand(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
  if !holds { throw Violation(otherwise()) }
}

/// An input, taken apart from its front.
struct Input {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// 0 where nothing is left.
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func integer() -> Int64 {
    var bits: UInt64 = 0
    for _ in 0..<8 { bits = bits << 8 | UInt64(byte()) }
    return Int64(bitPattern: bits)
  }

  /// What comes before a byte that is 0, which goes too; all that is left where there is none.
  mutating func upToZero() -> [UInt8] {
    let part = rest.prefix { $0 != 0 }
    rest = rest[part.endIndex...].dropFirst()
    return Array(part)
  }
}

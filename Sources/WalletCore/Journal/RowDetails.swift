/// What rows of holds, captures and refunds say in `detail` beyond their columns (docs/ROW.md).
private let detailFormat: Int64 = 1

/// Of a `hold` row.
public struct HoldDetail: Equatable, Sendable {
  /// As it was asked for, microseconds.
  public var timeout: Int64
  public var endsAt: Int64

  public init(timeout: Int64, endsAt: Int64) {
    self.timeout = timeout
    self.endsAt = endsAt
  }

  public var encoded: [UInt8] { encode([timeout, endsAt]) }

  public init?(encoded: [UInt8]) {
    guard let figures = decode(encoded, count: 2) else { return nil }
    self.init(timeout: figures[0], endsAt: figures[1])
  }
}

/// Of an `expire` row.
public struct ExpireDetail: Equatable, Sendable {
  /// When the hold's end was.
  public var endsAt: Int64

  public init(endsAt: Int64) { self.endsAt = endsAt }

  public var encoded: [UInt8] { encode([endsAt]) }

  public init?(encoded: [UInt8]) {
    guard let figures = decode(encoded, count: 1) else { return nil }
    self.init(endsAt: figures[0])
  }
}

/// Of a `capture` row.
public struct CaptureDetail: Equatable, Sendable {
  /// The amount that was asked for; 0: all that was left.
  public var requested: Int64
  public var isFinal: Bool

  public init(requested: Int64, isFinal: Bool) {
    self.requested = requested
    self.isFinal = isFinal
  }

  public var encoded: [UInt8] { encode([requested, isFinal ? 1 : 0]) }

  public init?(encoded: [UInt8]) {
    guard let figures = decode(encoded, count: 2), figures[1] == 0 || figures[1] == 1 else { return nil }
    self.init(requested: figures[0], isFinal: figures[1] == 1)
  }
}

/// Of a `refund` row.
public struct RefundDetail: Equatable, Sendable {
  /// The amount that was asked for; 0: all that was left.
  public var requested: Int64

  public init(requested: Int64) { self.requested = requested }

  public var encoded: [UInt8] { encode([requested]) }

  public init?(encoded: [UInt8]) {
    guard let figures = decode(encoded, count: 1) else { return nil }
    self.init(requested: figures[0])
  }
}

private func encode(_ figures: [Int64]) -> [UInt8] {
  var writer = CanonicalWriter()
  writer.integer(detailFormat)
  for figure in figures { writer.integer(figure) }
  return writer.bytes
}

private func decode(_ encoded: [UInt8], count: Int) -> [Int64]? {
  var reader = CanonicalReader(encoded)
  guard reader.integer() == detailFormat else { return nil }
  var figures: [Int64] = []
  for _ in 0..<count {
    guard let figure = reader.integer() else { return nil }
    figures.append(figure)
  }
  return reader.isAtEnd ? figures : nil
}

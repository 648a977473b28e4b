import WalletCore

extension FuzzTarget {
  /// Bytes that stand in rows of the journal, as another hand may have written them.
  ///
  /// What can be read is written in one way, and read as the same again. Nothing that is written is longer than what was read.
  package static let rows = FuzzTarget("rows", bytesMax: 1024, seeds: { try $0.details() }) { bytes in
    var input = Input(bytes)
    let choice = input.byte()
    let reason = input.byte()
    let encoded = Array(input.rest)
    switch choice % 8 {
    case 0: try check(encoded, OpenDetail.init(encoded:), \.encoded)
    case 1: try check(encoded, HoldDetail.init(encoded:), \.encoded)
    case 2: try check(encoded, ExpireDetail.init(encoded:), \.encoded)
    case 3: try check(encoded, CaptureDetail.init(encoded:), \.encoded)
    case 4: try check(encoded, RefundDetail.init(encoded:), \.encoded)
    case 5, 6: try check(encoded, Command.Parameters.init(encoded:), \.encoded)
    default:
      let reasons = ErrorReason.allCases
      let reason = reasons[Int(reason) % reasons.count]
      try check(encoded, { FailureDetail(encoded: $0, of: reason) }, \.encoded)
      guard let detail = FailureDetail(encoded: encoded, of: reason) else { return }
      let failure = Failure(reason, detail)
      try demand(!failure.message.isEmpty, "a refusal that says nothing: \(failure)")
    }
  }

  private static func check<Value: Equatable>(
    _ encoded: [UInt8], _ read: ([UInt8]) -> Value?, _ write: (Value) -> [UInt8]
  ) throws {
    guard let value = read(encoded) else { return }
    let written = write(value)
    try demand(written.count <= encoded.count, "\(value) takes \(written.count) bytes, and came in \(encoded.count)")
    guard let again = read(written) else { throw Violation("\(value) can't be read again from \(written)") }
    try demand(again == value && write(again) == written, "\(value) is \(again) when it is read again")
  }
}

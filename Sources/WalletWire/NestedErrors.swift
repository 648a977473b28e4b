/// `Error` is the one message that can hold itself, by `batch_aborted.cause`. protobuf-c unpacks by recursion without a
/// bound, so a peer's nesting is looked at before. A cause never is an aborted batch.
package enum NestedErrors {
  private static let results: UInt32 = 1
  private static let error: UInt32 = 5
  private static let batchAborted: UInt32 = 29
  private static let cause: UInt32 = 2
  private static let refusals: UInt32 = 1
  private static let refusalError: UInt32 = 3

  /// Whether the bytes of an `Error` nest deeper than a server's do. Bytes that are no message are left to protobuf-c.
  package static func areTooDeep(inError bytes: ArraySlice<UInt8>) -> Bool {
    messages(bytes, batchAborted).flatMap { messages($0, cause) }.contains { !messages($0, batchAborted).isEmpty }
  }

  /// The same of a `BatchResponse`.
  package static func areTooDeep(inBatchResponse bytes: ArraySlice<UInt8>) -> Bool {
    messages(bytes, results).contains { result in messages(result, error).contains { areTooDeep(inError: $0) } }
  }

  /// The same of a `ListRefusalsResponse`.
  package static func areTooDeep(inListRefusalsResponse bytes: ArraySlice<UInt8>) -> Bool {
    messages(bytes, refusals).contains { refusal in
      messages(refusal, refusalError).contains { areTooDeep(inError: $0) }
    }
  }

  /// Every occurrence of a field that is a message: several are merged into one.
  private static func messages(_ bytes: ArraySlice<UInt8>, _ number: UInt32) -> [ArraySlice<UInt8>] {
    (WireField.parse(bytes) ?? []).compactMap { field in
      if field.number == number, case .bytes(let content) = field.value { content } else { nil }
    }
  }
}

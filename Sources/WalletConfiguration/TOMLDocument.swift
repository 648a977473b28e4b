internal import CTOML

/// The top level of a text of TOML, in the order of its lines.
struct TOMLDocument {
  struct Unreadable: Error {
    /// From 1; `nil` where it is no line's fault.
    var line: Int?
    var message: String
  }

  let entries: [ConfigurationFile.Entry]

  init(_ text: String) throws(Unreadable) {
    var text = text
    let read = text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe ctoml_read($0.baseAddress, $0.count) }
    }
    guard let document = unsafe read else { throw Unreadable(message: "there is no memory to read it") }
    defer { unsafe ctoml_free(document) }
    let complaint = unsafe Self.text(ctoml_complaint(document))
    guard complaint.isEmpty else {
      throw Unreadable(line: unsafe Int(ctoml_complaint_line(document)), message: complaint)
    }
    var entries: [ConfigurationFile.Entry] = []
    for index in 0..<(unsafe ctoml_count(document)) {
      entries.append(
        ConfigurationFile.Entry(
          key: unsafe Self.text(ctoml_key(document, index)), value: unsafe Self.value(ctoml_value_at(document, index)),
          line: unsafe Int(ctoml_line(document, index))))
    }
    self.entries = entries.sorted { ($0.line, $0.key) < ($1.line, $1.key) }
  }

  private static func value(_ value: OpaquePointer?) -> ConfigurationFile.Value {
    guard let value = unsafe value else { return .table }
    switch unsafe ctoml_kind_of(value) {
    case CTOML_TEXT: return unsafe .text(text(ctoml_text(value)))
    case CTOML_INTEGER: return unsafe .integer(Int(ctoml_integer(value)))
    case CTOML_DECIMAL: return unsafe .decimal(ctoml_decimal(value))
    case CTOML_TRUTH: return unsafe .truth(ctoml_truth(value))
    case CTOML_LIST:
      return unsafe .list((0..<ctoml_list_count(value)).map { unsafe Self.value(ctoml_list_value(value, $0)) })
    case CTOML_TIME: return .time
    default: return .table
    }
  }

  private static func text(_ bytes: ctoml_bytes) -> String {
    unsafe UnsafeBufferPointer(start: bytes.start, count: bytes.count).withMemoryRebound(to: UInt8.self) {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }
}

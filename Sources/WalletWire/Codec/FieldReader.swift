import CProtobufC
import WalletCore

/// Reads the fields of one request and keeps the first rule that one breaks.
///
/// What can't even be read (invalid UTF-8) is `malformed`. What can be read and breaks a rule is a `violation`: rules
/// may change with a version of the server, so a request whose key is known is answered before them.
struct FieldReader {
  private(set) var malformed: Failure?
  private(set) var violation: Failure?

  /// Bytes that a text may consist of.
  enum Alphabet {
    /// `[A-Za-z0-9._:@-]`
    case identifier
    /// `[A-Za-z0-9._:@/-]`
    case clientName
    /// `[a-z0-9._-]`
    case code
    /// `[A-Z0-9-]`
    case currency
    /// UTF-8 without control characters.
    case text
    /// UTF-8 without control characters and "=".
    case metadataKey

    var rule: String {
      switch self {
      case .identifier: "may contain only A-Z a-z 0-9 . _ : @ -"
      case .clientName: "may contain only A-Z a-z 0-9 . _ : @ / -"
      case .code: "may contain only a-z 0-9 . _ -"
      case .currency: "may contain only A-Z 0-9 -"
      case .text: "may not contain control characters"
      case .metadataKey: "may not contain control characters or ="
      }
    }

    func allows(_ scalar: Unicode.Scalar) -> Bool {
      switch (self, scalar) {
      case (.text, _): !scalar.isControl
      case (.metadataKey, _): !scalar.isControl && scalar != "="
      case (_, "0"..."9"), (_, "-"): true
      case (.identifier, "A"..."Z"), (.clientName, "A"..."Z"), (.currency, "A"..."Z"): true
      case (.identifier, "a"..."z"), (.clientName, "a"..."z"), (.code, "a"..."z"): true
      case (.identifier, "."), (.identifier, "_"), (.identifier, ":"), (.identifier, "@"): true
      case (.clientName, "."), (.clientName, "_"), (.clientName, ":"), (.clientName, "@"), (.clientName, "/"): true
      case (.code, "."), (.code, "_"): true
      default: false
      }
    }
  }

  mutating func text(
    _ data: ProtobufCBinaryData, _ field: @autoclosure () -> String, bytesMax: Int, _ alphabet: Alphabet,
    required: Bool = false
  ) -> Text {
    guard let string = unsafe String(data) else {
      refuseAsMalformed(field(), "is not valid UTF-8")
      return ""
    }
    if string.isEmpty {
      if required { refuse(field(), "is required") }
      return ""
    }
    if string.utf8.count > bytesMax {
      refuse(field(), "has \(string.utf8.count) bytes; at most \(bytesMax) are allowed")
    } else if !string.unicodeScalars.allSatisfy(alphabet.allows) {
      refuse(field(), alphabet.rule)
    }
    return Text(string)
  }

  mutating func refuse(_ field: String, _ rule: String) {
    if violation == nil { violation = .invalidArgument(field, rule) }
  }

  mutating func refuseAsMalformed(_ field: String, _ rule: String) {
    if malformed == nil { malformed = .invalidArgument(field, rule) }
  }

  /// Unknown fields are an error in mutations: an older server must not do what a newer client meant otherwise.
  mutating func refuseUnknownFields(_ message: ProtobufCMessage, in path: String) {
    guard unsafe message.n_unknown_fields > 0, let first = unsafe message.unknown_fields?.pointee.tag else { return }
    refuseAsMalformed("\(path)\(first)", "is a field that this server doesn't know")
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension String {
  /// `nil` when the bytes aren't valid UTF-8.
  @unsafe
  init?(_ data: ProtobufCBinaryData) {
    guard unsafe data.len > 0, let base = unsafe data.data else {
      self = ""
      return
    }
    let bytes = unsafe UnsafeBufferPointer(start: base, count: data.len)
    guard let string = unsafe String(validating: bytes, as: UTF8.self) else { return nil }
    self = string
  }
}

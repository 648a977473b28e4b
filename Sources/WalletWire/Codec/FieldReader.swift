import CProtobufC
import WalletCore

/// Reads the fields of one request and keeps the first rule that one breaks.
///
/// What can't even be read (invalid UTF-8) is `malformed`. What can be read and breaks a rule is a `violation`: rules
/// may change with a version of the server, so a request whose key is known is answered before them.
struct FieldReader {
  /// What was refused; nothing of nearly all requests.
  private var refused: Refused?

  private final class Refused {
    var malformed: Failure?
    var violation: Failure?
  }

  var malformed: Failure? { refused?.malformed }
  var violation: Failure? { refused?.violation }
  private(set) var isMalformed = false

  /// For a request that can't be read.
  var whyUnreadable: Failure {
    guard let malformed else { preconditionFailure("a field was neither read nor refused") }
    return malformed
  }

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

    /// Whether all bytes are ASCII and allowed.
    @unsafe
    func allowsASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
      if bytes.count < 8 {
        // Every alphabet has the hyphen.
        var word: UInt64 = 0x2D2D_2D2D_2D2D_2D2D
        for index in 0..<bytes.count { unsafe word = word << 8 | UInt64(bytes[index]) }
        return allowsASCII(word)
      }
      let last = bytes.count - 8
      var index = 0
      while index < last {
        if unsafe !allowsASCII(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) { return false }
        index += 8
      }
      return unsafe allowsASCII(bytes.loadUnaligned(fromByteOffset: last, as: UInt64.self))
    }

    /// Eight bytes at once.
    private func allowsASCII(_ word: UInt64) -> Bool {
      let highBits: UInt64 = 0x8080_8080_8080_8080
      if word & highBits != 0 { return false }
      let allowed =
        switch self {
        case .identifier:
          word.bytes(in: "-", ".") | word.bytes(in: "0", ":") | word.bytes(in: "@", "Z") | word.bytes(in: "_", "_")
            | word.bytes(in: "a", "z")
        case .clientName:
          word.bytes(in: "-", ":") | word.bytes(in: "@", "Z") | word.bytes(in: "_", "_") | word.bytes(in: "a", "z")
        case .code:
          word.bytes(in: "-", ".") | word.bytes(in: "0", "9") | word.bytes(in: "_", "_") | word.bytes(in: "a", "z")
        case .currency: word.bytes(in: "-", "-") | word.bytes(in: "0", "9") | word.bytes(in: "A", "Z")
        case .text: word.bytes(in: " ", "~")
        case .metadataKey: word.bytes(in: " ", "<") | word.bytes(in: ">", "~")
        }
      return allowed & highBits == highBits
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
    let bytes = unsafe UnsafeRawBufferPointer(start: data.data, count: data.len)
    if unsafe bytes.isEmpty {
      if required { refuse(field(), "is required") }
      return Text()
    }
    // Nearly all text is short ASCII of its alphabet.
    if bytes.count <= bytesMax, unsafe alphabet.allowsASCII(bytes) { return unsafe Text(utf8: ShortBytes(bytes)) }
    guard let string = unsafe String(validating: bytes, as: UTF8.self) else {
      refuseAsMalformed(field(), "is not valid UTF-8")
      return Text()
    }
    if bytes.count > bytesMax {
      refuse(field(), "has \(bytes.count) bytes; at most \(bytesMax) are allowed")
    } else if !string.unicodeScalars.allSatisfy(alphabet.allows) {
      refuse(field(), alphabet.rule)
    }
    return unsafe Text(utf8: ShortBytes(bytes))
  }

  mutating func refuse(_ field: String, _ rule: String) {
    let refused = self.refused ?? Refused()
    self.refused = refused
    if refused.violation == nil { refused.violation = .invalidArgument(field, rule) }
  }

  mutating func refuseAsMalformed(_ field: String, _ rule: String) {
    let refused = self.refused ?? Refused()
    self.refused = refused
    isMalformed = true
    if refused.malformed == nil { refused.malformed = .invalidArgument(field, rule) }
  }

  /// Unknown fields are an error in mutations: an older server must not do what a newer client meant otherwise.
  ///
  /// - Parameter path: Of the message; empty for the request itself.
  mutating func refuseUnknownFields(_ message: ProtobufCMessage, in path: String) {
    guard unsafe message.n_unknown_fields > 0, let first = unsafe message.unknown_fields?.pointee.tag else { return }
    refuseAsMalformed(path.isEmpty ? "\(first)" : "\(path).\(first)", "is a field that this server doesn't know")
  }
}

extension UInt64 {
  /// The high bit of each byte from `first` to `last`, where all bytes are ASCII.
  @inline(__always)
  fileprivate func bytes(in first: Unicode.Scalar, _ last: Unicode.Scalar) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    return (self &+ ones &* (0x80 - UInt64(first.value))) & ~(self &+ ones &* (0x7F - UInt64(last.value)))
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

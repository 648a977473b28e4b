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

    /// A bit for each ASCII byte that is allowed.
    private var ascii: (low: UInt64, high: UInt64) {
      switch self {
      case .identifier: (Self.digits | Self.bits("-.:"), Self.lower | Self.upper | Self.bits("@_"))
      case .clientName: (Self.digits | Self.bits("-.:/"), Self.lower | Self.upper | Self.bits("@_"))
      case .code: (Self.digits | Self.bits("-."), Self.lower | Self.bits("_"))
      case .currency: (Self.digits | Self.bits("-"), Self.upper)
      case .text: (Self.printableLow, Self.printableHigh)
      case .metadataKey: (Self.printableLow & ~Self.bits("="), Self.printableHigh)
      }
    }

    private static let digits: UInt64 = 0x3FF << 48
    private static let upper: UInt64 = 0x3FF_FFFF << 1
    private static let lower: UInt64 = 0x3FF_FFFF << 33
    private static let printableLow: UInt64 = 0xFFFF_FFFF << 32
    /// All but DEL.
    private static let printableHigh: UInt64 = .max >> 1

    /// The bits of bytes that lie in one half.
    private static func bits(_ bytes: StaticString) -> UInt64 {
      var bits: UInt64 = 0
      bytes.withUTF8Buffer { buffer in
        for index in 0..<buffer.count { unsafe bits |= 1 << UInt64(buffer[index] & 63) }
      }
      return bits
    }

    /// Whether all bytes are ASCII and allowed.
    @unsafe
    func allowsASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
      let (low, high) = ascii
      for index in 0..<bytes.count {
        let byte = unsafe bytes[index]
        let half = byte < 64 ? low : byte < 128 ? high : 0
        if half >> UInt64(byte & 63) & 1 == 0 { return false }
      }
      return true
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

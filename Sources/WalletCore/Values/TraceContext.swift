/// W3C's `traceparent` (w3.org/TR/trace-context): version, trace, span and flags in hexadecimal.
public enum TraceContext {
  public static func isValid(_ text: String) -> Bool { traceID(in: text) != nil }

  /// The trace's id of 32 digits; `nil` where the text is no traceparent.
  public static func traceID(in text: String) -> String? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, zip(parts, [2, 32, 16, 2]).allSatisfy({ isHexadecimal($0, count: $1) }),
      parts[0] != "ff", parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
    else { return nil }
    return String(parts[1])
  }

  private static func isHexadecimal(_ text: Substring, count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

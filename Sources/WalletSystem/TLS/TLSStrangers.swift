/// What those hear who come without TLS.
package struct TLSStrangers: Sendable {
  /// How clients begin who speak this server's protocol without TLS, and what they understand.
  private let preface: [UInt8]
  private let answer: [UInt8]
  /// A fatal alert, `unexpected_message`, for everybody else.
  private static let alert: [UInt8] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x0A]
  private static let handshake: UInt8 = 0x16

  package init(preface: [UInt8], answer: [UInt8]) {
    precondition(preface.first != Self.handshake)
    self.preface = preface
    self.answer = answer
  }

  /// - Parameter bytes: The first of a connection, at least one.
  /// - Returns: `nil` for one that begins as TLS does.
  func answer(to bytes: [UInt8]) -> [UInt8]? {
    if bytes.first == Self.handshake { return nil }
    return bytes.first == preface.first ? answer : Self.alert
  }
}

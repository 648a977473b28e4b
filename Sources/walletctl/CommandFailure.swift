import WalletWire

/// How a command ends without having done its work: text for stderr, JSON for stdout when it was asked for.
struct CommandFailure: Error {
  static let refused: Int32 = 1
  static let usage: Int32 = 2
  static let cannotReach: Int32 = 3
  static let outcomeUnknown: Int32 = 4

  var exitCode: Int32
  var text: String
  var json: JSONValue?

  /// The command line, or a file that it names, isn't usable; nothing was sent.
  static func usage(_ text: String, json: Bool, isWhole: Bool = false) -> CommandFailure {
    let error = JSONValue.object([
      .init("code", .string("USAGE")), .init("outcome", .string("not_executed")), .init("message", .string(text)),
    ])
    return CommandFailure(
      exitCode: usage, text: isWhole ? text : "walletctl: \(text)",
      json: json ? .object([.init("error", error)]) : nil)
  }
}

import ArgumentParser
import WalletClient

/// Which kinds of transactions.
struct KindOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only of this kind: \(KindName.all.joined(separator: ", ")). May be given several times.", valueName: "kind"))
  var kind: [String] = []

  func validate() throws {
    for name in kind where KindName.kind(name) == nil {
      throw ValidationError("--kind must be one of \(KindName.all.joined(separator: ", ")), not '\(name)'")
    }
  }

  /// Empty: all.
  var kinds: Set<TransactionKind> { Set(kind.compactMap(KindName.kind)) }
}

/// Kinds of transactions as options name them.
enum KindName {
  static let all = TransactionKind.allCases.map(name)

  static func name(_ kind: TransactionKind) -> String { Words.of(kind).joined(separator: "-") }

  static func kind(_ name: String) -> TransactionKind? {
    TransactionKind.allCases.first { self.name($0) == name.lowercased() }
  }
}

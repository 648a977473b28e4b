import WalletCore

/// The bounds of a mutation's fields as the contract has them, in its own figures.
struct CommandBounds {
  private let command: Command

  init(_ command: Command) { self.command = command }

  func check() throws {
    let audit = command.audit
    try text(audit.reason, "reason", 1...64, Self.isCode)
    try text(audit.note, "note", 0...256)
    try text(audit.reference, "reference", 0...128)
    try text(audit.onBehalfOf, "on_behalf_of", 0...64, Self.isIdentifier)
    try text(audit.correlationID, "correlation_id", 0...64, Self.isIdentifier)
    try text(command.counterAccount, "counter_account", 0...32, Self.isCode)
    try demand(audit.occurredAt >= 0 && command.expectedVersion >= 0, "a negative time or version")
    try demand(audit.metadata.count <= 16, "\(audit.metadata.count) pairs of metadata")
    try demand(Set(audit.metadata.map(\.key)).count == audit.metadata.count, "metadata with a key twice")
    try demand(audit.metadata.reduce(0) { $0 + $1.key.byteCount + $1.value.byteCount } <= 1024, "long metadata")
    for pair in audit.metadata {
      try text(pair.key, "metadata.key", 1...1024) { $0 != "=" }
      try text(pair.value, "metadata.value", 0...1024)
    }
    try checkKey()
    try checkAmount()
    try check(command.wallet, isNamed: command.parameters.namesWallet)
    if case .transfer(let to) = command.parameters { try check(to, isNamed: true) }
  }

  private func checkKey() throws {
    if case .item(_, let index) = command.key { return try demand(index < 8190, "item \(index) of a batch") }
    let key = command.key.text
    try demand(
      (8...64).contains(key.utf8.count) && key.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "the key \(key)")
  }

  private func checkAmount() throws {
    let amount = command.amount
    switch command.verb {
    case .debit, .credit, .transfer, .hold: try demand(amount > 0, "the amount \(amount)")
    case .capture, .refund: try demand(amount >= 0, "the amount \(amount)")
    default: try demand(amount == 0, "\(command.verb) with the amount \(amount)")
    }
  }

  private func check(_ wallet: WalletReference, isNamed: Bool) throws {
    switch wallet {
    case .id(let id, let currency):
      try demand(id > 0, "the wallet \(id)")
      try text(currency, "currency", 0...16, Self.isCurrency)
    case .name(let name):
      try text(name.owner, "owner_id", isNamed ? 1...64 : 0...0, Self.isIdentifier)
      try text(name.currency, "currency", isNamed ? 1...16 : 0...16, Self.isCurrency)
      try text(name.name, "name", isNamed ? 1...32 : 0...0)
    }
  }

  private func text(
    _ text: Text, _ field: String, _ count: ClosedRange<Int>, _ allows: (Unicode.Scalar) -> Bool = { _ in true }
  ) throws {
    try demand(count.contains(text.byteCount), "\(field) has \(text.byteCount) bytes")
    guard let string = String(validating: text.utf8.bytes, as: UTF8.self) else {
      throw Violation("\(field) isn't UTF-8")
    }
    try demand(
      string.unicodeScalars.allSatisfy { !($0.properties.generalCategory == .control) && allows($0) },
      "\(field) is \(string.debugDescription)")
  }

  // MARK: Alphabets

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private static func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }
  private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }

  private static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || isLower(scalar) || isUpper(scalar) || "._:@-".unicodeScalars.contains(scalar)
  }

  private static func isCode(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || isLower(scalar) || "._-".unicodeScalars.contains(scalar)
  }

  private static func isCurrency(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || isUpper(scalar) || scalar == "-"
  }
}

extension Command.Parameters {
  /// Others name a hold, a transaction, or nothing that a wallet has.
  fileprivate var namesWallet: Bool {
    switch self {
    case .none, .transfer, .hold, .freeze, .unfreeze, .limits: true
    case .capture, .release, .refund, .currency, .counterAccount, .grant, .revocation: false
    }
  }
}

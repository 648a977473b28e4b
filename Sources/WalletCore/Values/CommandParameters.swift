extension Command {
  /// What a verb asks for beyond a wallet and an amount.
  public indirect enum Parameters: Equatable, Sendable {
    case none
    case transfer(to: WalletReference)
    /// How long it reserves, microseconds.
    case hold(timeout: Int64)
    /// - Parameter isFinal: Nothing more will be captured. So it is too where the amount is 0: all that is left.
    case capture(holdID: Int64, isFinal: Bool)
    case release(holdID: Int64)
    /// Of a debit or a capture; where the amount is 0 all that wasn't refunded yet.
    case refund(seq: Int64)
    /// - Parameter until: 0: until it is lifted.
    case freeze(FreezeScope, until: Int64)
    case unfreeze(FreezeScope)
    case limits(WalletLimits)
    case currency(code: Text, exponent: UInt32)
    case counterAccount(name: Text)
    case grant(GrantTerms)
    /// Of a grant, by its id.
    case revocation(id: Int64)

    /// The first field, by its name in wallet.proto, in which another request of the verb differs; `nil` when none does.
    ///
    /// - Parameter counterpartyID: The wallet that the other's destination leads to; 0 where it leads to none.
    func firstDifference(from other: Parameters, counterpartyID: Int64) -> String? {
      switch (self, other) {
      case (.transfer(let to), .transfer(let otherTo)):
        if case .id(let id, _) = to, id == counterpartyID { return nil }
        return to == otherTo ? nil : "to"
      case (.capture(let holdID, let isFinal), .capture(let otherID, let otherIsFinal)):
        if holdID != otherID { return "hold_id" }
        return isFinal == otherIsFinal ? nil : "final"
      case (.freeze(let scope, let until), .freeze(let otherScope, let otherUntil)):
        if scope != otherScope { return "scope" }
        return until == otherUntil ? nil : "until_micros"
      case (.currency(let code, let exponent), .currency(let otherCode, let otherExponent)):
        if code != otherCode { return "code" }
        return exponent == otherExponent ? nil : "exponent"
      case (.grant(let terms), .grant(let others)): return terms.firstDifference(from: others)
      default: return self == other ? nil : fieldName
      }
    }

    private var fieldName: String {
      switch self {
      case .none: "verb"
      case .transfer: "to"
      case .hold: "timeout_millis"
      case .capture, .release: "hold_id"
      case .refund: "transaction_id"
      case .freeze, .unfreeze: "scope"
      case .limits: "limits"
      case .currency: "code"
      case .counterAccount: "name"
      case .grant: "principal"
      case .revocation: "token_id"
      }
    }
  }
}

/// The encoding of docs/ROW.md: nothing for verbs without parameters.
extension Command.Parameters {
  private static let format: Int64 = 1

  private enum Tag: Int64 {
    case transfer = 1
    case hold = 2
    case capture = 3
    case release = 4
    case refund = 5
    case freeze = 6
    case unfreeze = 7
    case limits = 8
    case currency = 9
    case counterAccount = 10
    case grant = 11
    case revocation = 12
  }

  public var encoded: [UInt8] {
    var writer = CanonicalWriter()
    encode(counterpartyID: 0, into: &writer)
    return writer.bytes
  }

  /// - Parameter counterpartyID: The wallet that a transfer's destination leads to; 0 where it leads to none.
  public func encode(counterpartyID: Int64, into writer: inout CanonicalWriter) {
    func begin(_ tag: Tag) {
      writer.integer(Self.format)
      writer.integer(tag.rawValue)
    }
    switch self {
    case .none: break
    case .transfer(let to):
      begin(.transfer)
      if counterpartyID != 0 {
        writer.address(id: counterpartyID, currency: Text())
      } else {
        writer.address(to)
      }
    case .hold(let timeout):
      begin(.hold)
      writer.integer(timeout)
    case .capture(let holdID, let isFinal):
      begin(.capture)
      writer.integer(holdID)
      writer.integer(isFinal ? 1 : 0)
    case .release(let holdID):
      begin(.release)
      writer.integer(holdID)
    case .refund(let seq):
      begin(.refund)
      writer.integer(seq)
    case .freeze(let scope, let until):
      begin(.freeze)
      writer.integer(Int64(scope.rawValue))
      writer.integer(until)
    case .unfreeze(let scope):
      begin(.unfreeze)
      writer.integer(Int64(scope.rawValue))
    case .limits(let limits):
      begin(.limits)
      limits.encode(into: &writer)
    case .currency(let code, let exponent):
      begin(.currency)
      writer.text(code)
      writer.integer(Int64(exponent))
    case .counterAccount(let name):
      begin(.counterAccount)
      writer.text(name)
    case .grant(let terms):
      begin(.grant)
      terms.encode(into: &writer)
    case .revocation(let id):
      begin(.revocation)
      writer.integer(id)
    }
  }

  /// `nil` when the bytes aren't parameters.
  public init?(encoded: [UInt8]) {
    if encoded.isEmpty {
      self = .none
      return
    }
    var reader = CanonicalReader(encoded)
    guard reader.integer() == Self.format, let tag = reader.integer().flatMap({ Tag(rawValue: $0) }),
      let parameters = Self.read(tag, &reader), reader.isAtEnd
    else { return nil }
    self = parameters
  }

  private static func read(_ tag: Tag, _ reader: inout CanonicalReader) -> Command.Parameters? {
    switch tag {
    case .transfer: return reader.address().map { .transfer(to: $0) }
    case .hold: return reader.integer().map { .hold(timeout: $0) }
    case .capture:
      guard let holdID = reader.integer(), let isFinal = reader.flag() else { return nil }
      return .capture(holdID: holdID, isFinal: isFinal)
    case .release: return reader.integer().map { .release(holdID: $0) }
    case .refund: return reader.integer().map { .refund(seq: $0) }
    case .freeze:
      guard let scope = reader.scope(), let until = reader.integer() else { return nil }
      return .freeze(scope, until: until)
    case .unfreeze: return reader.scope().map { .unfreeze($0) }
    case .limits: return WalletLimits(reading: &reader).map { .limits($0) }
    case .currency:
      guard let code = reader.text(), let exponent = reader.integer().flatMap({ UInt32(exactly: $0) }) else {
        return nil
      }
      return .currency(code: code, exponent: exponent)
    case .counterAccount: return reader.text().map { .counterAccount(name: $0) }
    case .grant: return GrantTerms(reading: &reader).map { .grant($0) }
    case .revocation: return reader.integer().map { .revocation(id: $0) }
    }
  }
}

extension WalletLimits {
  func encode(into writer: inout CanonicalWriter) {
    writer.integer(overdraft)
    writer.integer(balanceMax)
    writer.integer(amountMax)
    for window in [day, week, month] {
      writer.integer(window.amount)
      writer.integer(window.count)
    }
  }

  init?(reading reader: inout CanonicalReader) {
    var figures: [Int64] = []
    for _ in 0..<9 {
      guard let figure = reader.integer() else { return nil }
      figures.append(figure)
    }
    self.init()
    (overdraft, balanceMax, amountMax) = (figures[0], figures[1], figures[2])
    day = WindowLimit(amount: figures[3], count: figures[4])
    week = WindowLimit(amount: figures[5], count: figures[6])
    month = WindowLimit(amount: figures[7], count: figures[8])
  }
}

extension CanonicalReader {
  mutating func flag() -> Bool? {
    switch integer() {
    case 0: false
    case 1: true
    default: nil
    }
  }

  mutating func scope() -> FreezeScope? {
    integer().flatMap { UInt8(exactly: $0) }.flatMap { FreezeScope(rawValue: $0) }
  }

  mutating func address() -> WalletReference? {
    guard let id = integer(), let owner = text(), let currency = text(), let name = text() else { return nil }
    return id != 0 ? .id(id, currency: currency) : .name(WalletName(owner: owner, currency: currency, name: name))
  }
}

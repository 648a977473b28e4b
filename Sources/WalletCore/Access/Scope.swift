/// What principals are allowed. The numbers stand in rows of the journal and are never used again.
public enum Scope: UInt8, Sendable, CaseIterable {
  case read = 1
  case debit = 2
  case credit = 3
  case hold = 4
  case refund = 5
  case transfer = 6
  case freeze = 7
  case limits = 8
  case `import` = 9
  case admin = 10

  public var name: String { "\(self)" }

  /// `nil` when there is no such scope.
  public init?(name: String) {
    guard let scope = Scope.allCases.first(where: { $0.name == name }) else { return nil }
    self = scope
  }

  /// For errors that name all of them.
  public static let list = Scope.allCases.map(\.name).joined(separator: ", ")
}

/// Nothing that isn't in it is allowed.
public struct ScopeSet: Hashable, Sendable {
  /// A bit for the number of each scope.
  public private(set) var bits: UInt16

  public static let all = ScopeSet(Scope.allCases)

  public init(_ scopes: [Scope] = []) { bits = scopes.reduce(0) { $0 | 1 << UInt16($1.rawValue) } }

  /// `nil` when a bit belongs to no scope.
  public init?(bits: UInt16) {
    guard bits & ~Self.all.bits == 0 else { return nil }
    self.bits = bits
  }

  @inline(__always)
  public func contains(_ scope: Scope) -> Bool { bits & 1 << UInt16(scope.rawValue) != 0 }

  public var isEmpty: Bool { bits == 0 }

  /// By number.
  public var scopes: [Scope] { Scope.allCases.filter(contains) }
}

/// What a call takes.
public enum Permission: Equatable, Sendable {
  /// An identity is enough.
  case anyone
  case scope(Scope)
  /// It tells of all wallets, so only a principal without constraints may have it.
  case wholeLedger(Scope)
  /// That of each of its items.
  case ofItems
}

extension Verb {
  /// The one place that says which scope a verb takes. A dry run takes what the mutation itself takes.
  public var permission: Permission {
    switch self {
    case .ping, .getSchema, .getServerInfo, .hello: .anyone
    case .getWallet, .listWallets, .getBalance, .listTransactions, .getBalanceAt, .explainBalance, .listRefusals,
      .watchTransactions:
      .scope(.read)
    case .trialBalance: .wholeLedger(.read)
    case .debit: .scope(.debit)
    // Whoever may fill wallets makes them.
    case .credit, .openWallet: .scope(.credit)
    case .hold, .capture, .release: .scope(.hold)
    case .refund: .scope(.refund)
    case .transfer: .scope(.transfer)
    // Closing stops a wallet as a freeze does, for good.
    case .freeze, .unfreeze, .closeWallet: .scope(.freeze)
    case .setLimits: .scope(.limits)
    case .batch: .ofItems
    // A verification reads everything and works for long.
    case .verify, .registerCurrency, .addCounterAccount, .createToken, .revokeToken, .listTokens, .backup:
      .scope(.admin)
    case .importLedger: .scope(.import)
    }
  }
}

import Synchronization

/// What the caller on a connection may do. One object for all connections and requests of a grant.
public final class Access: Sendable {
  public let principal: Text
  /// 0: of no grant.
  public let grantID: Int64
  public let scopes: ScopeSet
  public let constraints: Constraints
  /// Microseconds; 0: never.
  public let expiresAt: Int64
  /// Everything is allowed, for ever: nothing has to be looked at.
  public let isUnlimited: Bool
  /// It was revoked, by a row that may not be committed yet. The queue of the ledger sets it and looks at it.
  private let ended = Atomic<Bool>(false)

  public init(
    principal: Text, grantID: Int64 = 0, scopes: ScopeSet = .all, constraints: Constraints = Constraints(),
    expiresAt: Int64 = 0
  ) {
    self.principal = principal
    self.grantID = grantID
    self.scopes = scopes
    self.constraints = constraints
    self.expiresAt = expiresAt
    isUnlimited = grantID == 0 && scopes == .all && constraints.isEmpty && expiresAt == 0
  }

  public convenience init(_ grant: Grant) {
    self.init(
      principal: grant.terms.principal, grantID: grant.id, scopes: grant.terms.scopes,
      constraints: grant.terms.constraints, expiresAt: grant.terms.expiresAt)
  }

  /// Where there is no authentication.
  public static let local = Access(principal: PrincipalName.local)
  /// Of a connection that has yet to say who it is.
  public static let none = Access(principal: PrincipalName.unauthenticated, scopes: ScopeSet())

  public var isEnded: Bool {
    get { ended.load(ordering: .relaxed) }
    set { ended.store(newValue, ordering: .relaxed) }
  }

  public func isExpired(at time: Int64) -> Bool { expiresAt != 0 && expiresAt <= time }

  /// Why a verb isn't allowed whatever it is about; `nil` when it may be, or when that is its items' to say.
  public func denial(of verb: Verb) -> AccessDenial? {
    switch verb.permission {
    case .anyone, .ofItems: nil
    case .scope(let scope): scopes.contains(scope) ? nil : AccessDenial(.scope, scope: scope)
    case .wholeLedger(let scope):
      if !scopes.contains(scope) {
        AccessDenial(.scope, scope: scope)
      } else {
        constraints.isEmpty ? nil : AccessDenial(.wholeLedger)
      }
    }
  }
}

/// Why a call, or a caller, was turned away.
public struct AccessDenial: Error, Equatable, Sendable {
  /// The numbers stand in rows of the journal and are never used again.
  public enum Rule: UInt8, Sendable, CaseIterable {
    case scope = 1
    case wallet = 2
    case amount = 3
    case wholeLedger = 4
    case credentialMissing = 5
    case credentialWrong = 6
    case credentialExpired = 7
    case credentialRevoked = 8
    case certificateUnknown = 9
    case unixUserUnknown = 10

    /// As the wire says it.
    public var name: String {
      switch self {
      case .scope: "scope"
      case .wallet: "wallet"
      case .amount: "max_amount"
      case .wholeLedger: "whole_ledger"
      case .credentialMissing: "missing"
      case .credentialWrong: "wrong"
      case .credentialExpired: "expired"
      case .credentialRevoked: "revoked"
      case .certificateUnknown: "certificate"
      case .unixUserUnknown: "unix_user"
      }
    }
  }

  public var rule: Rule
  /// That is missing; of the rule `scope`.
  public var scope: Scope?
  /// Of the rule `amount`.
  public var amountMax: Int64
  /// In an audit row: denied calls of the same principal before it that have none.
  public var omitted: Int64

  public init(_ rule: Rule, scope: Scope? = nil, amountMax: Int64 = 0, omitted: Int64 = 0) {
    self.rule = rule
    self.scope = scope
    self.amountMax = amountMax
    self.omitted = omitted
  }

  public var failure: Failure {
    Failure(rule.rawValue < Rule.credentialMissing.rawValue ? .permissionDenied : .unauthenticated, .denied(self))
  }

  public var message: String {
    let text =
      switch rule {
      case .scope: "this takes the scope \(scope?.name ?? ""), which the caller doesn't have"
      case .wallet: "the wallet is none that the caller may use: its owner_prefix or its currencies exclude it"
      case .amount: "the amount is above the caller's max_amount, \(amountMax) minor units"
      case .wholeLedger: "this tells of all wallets, and the caller is kept to some: it has constraints"
      case .credentialMissing: "this server asks who is calling: HELLO has no token"
      case .credentialWrong: "the token is not valid"
      case .credentialExpired: "the token has expired"
      case .credentialRevoked: "the token was revoked"
      case .certificateUnknown: "no principal was granted to any name of the certificate"
      case .unixUserUnknown: "no principal was granted to this Unix user"
      }
    return omitted == 0 ? text : "\(text) (\(omitted) denied calls before it have no row)"
  }
}

/// A call that was denied, as its audit row tells of it. It has no key: the same key may be used again.
public struct DeniedCall: Sendable {
  public var verb: Verb
  public var address: WalletReference
  /// That the address leads to; 0: none.
  public var walletID: Int64 = 0
  public var amount: Int64
  public var counterAccount: Text
  public var parameters: Command.Parameters
  public var audit: Command.Audit
  public var origin: Origin
  public var denial: AccessDenial

  /// A call whose body nobody has read, or that has none.
  public init(_ verb: Verb, address: WalletReference = .none, origin: Origin, _ denial: AccessDenial) {
    self.verb = verb
    self.address = address
    amount = 0
    counterAccount = Text()
    parameters = .none
    audit = Command.Audit(reason: "")
    self.origin = origin
    self.denial = denial
  }

  public init(_ command: Command, _ denial: AccessDenial) {
    verb = command.verb
    address = command.wallet
    amount = command.amount
    counterAccount = command.effectiveCounterAccount
    parameters = command.parameters
    audit = command.audit
    origin = command.origin
    self.denial = denial
  }
}

/// A mutation as it was asked for.
///
/// A value in one object that never changes: handing a command on is one reference.
public struct Command: Sendable {
  public final class Storage: Attribution, @unchecked Sendable {
    public let verb: Verb
    public let wallet: WalletReference
    public let amount: Int64
    public let expectedVersion: Int64
    public let counterAccount: Text
    public let violation: Failure?
    public let parameters: Parameters
    /// The counter-account that the command posts against; empty for verbs that post nothing.
    public let effectiveCounterAccount: Text
    /// The currency that the address names; empty where it names none.
    public let currency: Text
    /// The wallet's id; 0 where the address is a name.
    public let walletID: Int64

    init(
      verb: Verb, key: IdempotencyKey, wallet: WalletReference, amount: Int64, expectedVersion: Int64,
      counterAccount: Text, audit: Audit, origin: Origin, violation: Failure?, parameters: Parameters
    ) {
      switch wallet {
      case .id(let id, let currency): (walletID, self.currency) = (id, currency)
      case .name(let name): (walletID, self.currency) = (0, name.currency)
      }
      self.verb = verb
      self.wallet = wallet
      self.amount = amount
      self.expectedVersion = expectedVersion
      self.counterAccount = counterAccount
      self.violation = violation
      self.parameters = parameters
      effectiveCounterAccount = counterAccount.isEmpty ? CounterAccount.standard(for: verb) ?? Text() : counterAccount
      super.init(key: key, audit: audit, origin: origin)
    }
  }

  public private(set) var storage: Storage

  /// What a command takes in memory, but for texts beyond what lies in their values.
  public static let objectBytes =
    16
    + MemoryLayout<
      (
        IdempotencyKey?, (UInt64, UInt64)?, Audit, Origin, Bool, Verb, WalletReference, Int64, Int64, Text, Failure?,
        Parameters, Text, Text, Int64
      )
    >.stride

  /// The same but for what is given.
  private mutating func change(
    verb: Verb? = nil, key: IdempotencyKey? = nil, wallet: WalletReference? = nil, amount: Int64? = nil,
    expectedVersion: Int64? = nil, counterAccount: Text? = nil, audit: Audit? = nil, origin: Origin? = nil,
    violation: Failure?? = nil, parameters: Parameters? = nil
  ) {
    storage = Storage(
      verb: verb ?? self.verb, key: key ?? self.key, wallet: wallet ?? self.wallet, amount: amount ?? self.amount,
      expectedVersion: expectedVersion ?? self.expectedVersion, counterAccount: counterAccount ?? self.counterAccount,
      audit: audit ?? self.audit, origin: origin ?? self.origin, violation: violation ?? self.violation,
      parameters: parameters ?? self.parameters)
  }

  public var verb: Verb {
    @inlinable _read { yield storage.verb }
    set { change(verb: newValue) }
  }
  public var key: IdempotencyKey {
    @inlinable get {
      guard let key = storage.key else { preconditionFailure("a command was made without a key") }
      return key
    }
    set { change(key: newValue) }
  }
  public var wallet: WalletReference {
    @inlinable _read { yield storage.wallet }
    set { change(wallet: newValue) }
  }
  /// Minor units, positive; 0 for verbs without an amount.
  public var amount: Int64 {
    @inlinable _read { yield storage.amount }
    set { change(amount: newValue) }
  }
  /// 0: not checked.
  public var expectedVersion: Int64 {
    @inlinable _read { yield storage.expectedVersion }
    set { change(expectedVersion: newValue) }
  }
  public var counterAccount: Text {
    @inlinable _read { yield storage.counterAccount }
    set { change(counterAccount: newValue) }
  }
  public var audit: Audit {
    @inlinable _read { yield storage.audit }
    set { change(audit: newValue) }
  }
  public var origin: Origin {
    @inlinable _read { yield storage.origin }
    set { change(origin: newValue) }
  }
  /// The first field that breaks a rule of form, found when the request was read. A known key answers before it, since
  /// such rules may change from one version of the server to the next.
  public var violation: Failure? {
    @inlinable _read { yield storage.violation }
    set { change(violation: newValue) }
  }
  /// What the verb asks for beyond wallet and amount.
  public var parameters: Parameters {
    @inlinable get { storage.parameters }
    set { change(parameters: newValue) }
  }

  /// What a request says about itself and no rule reads.
  public struct Audit: Hashable, Sendable {
    public var reason: Text
    public var note: Text
    public var reference: Text
    public var onBehalfOf: Text
    public var correlationID: Text
    /// Business time, microseconds; 0: not given.
    public var occurredAt: Int64
    public var metadata: [MetadataPair]

    public init(
      reason: Text, note: Text = "", reference: Text = "", onBehalfOf: Text = "", correlationID: Text = "",
      occurredAt: Int64 = 0, metadata: [MetadataPair] = []
    ) {
      self.reason = reason
      self.note = note
      self.reference = reference
      self.onBehalfOf = onBehalfOf
      self.correlationID = correlationID
      self.occurredAt = occurredAt
      self.metadata = metadata
    }
  }

  public init(
    verb: Verb, key: IdempotencyKey, wallet: WalletReference, amount: Int64 = 0, expectedVersion: Int64 = 0,
    counterAccount: Text = "", audit: Audit, origin: Origin, violation: Failure? = nil,
    parameters: Parameters = .none
  ) {
    storage = Storage(
      verb: verb, key: key, wallet: wallet, amount: amount, expectedVersion: expectedVersion,
      counterAccount: counterAccount, audit: audit, origin: origin, violation: violation, parameters: parameters)
  }

  /// What the command's rows refer to.
  @inlinable
  public var attribution: Attribution { storage }

  /// The counter-account that the command posts against; empty for verbs that post nothing.
  @inlinable
  public var effectiveCounterAccount: Text {
    _read { yield storage.effectiveCounterAccount }
  }
  /// The currency that the address names; empty where it names none.
  @inlinable
  public var currency: Text {
    _read { yield storage.currency }
  }
}

public struct MetadataPair: Hashable, Sendable {
  public var key: Text
  public var value: Text

  public init(key: Text, value: Text) {
    self.key = key
    self.value = value
  }
}

/// A mutation as it was asked for.
package struct Command: Sendable {
  package var verb: Verb
  package var key: IdempotencyKey
  package var wallet: WalletReference
  /// Minor units, positive; 0 for verbs without an amount.
  package var amount: Int64
  /// 0: not checked.
  package var expectedVersion: Int64
  package var counterAccount: Text
  package var audit: Audit
  package var origin: Origin
  /// The first field that breaks a rule of form, found when the request was read. A known key answers before it, since
  /// such rules may change from one version of the server to the next.
  package var violation: Failure? {
    get { violated?.failure }
    set { violated = newValue.map { Violation($0) } }
  }
  private var violated: Violation?

  /// Boxed, since a failure is large and seldom.
  private final class Violation: Sendable {
    let failure: Failure

    init(_ failure: Failure) { self.failure = failure }
  }

  /// What a request says about itself and no rule reads.
  package struct Audit: Hashable, Sendable {
    package var reason: Text
    package var note: Text
    package var reference: Text
    package var onBehalfOf: Text
    package var correlationID: Text
    /// Business time, microseconds; 0: not given.
    package var occurredAt: Int64
    package var metadata: [MetadataPair]

    package init(
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

  package init(
    verb: Verb, key: IdempotencyKey, wallet: WalletReference, amount: Int64 = 0, expectedVersion: Int64 = 0,
    counterAccount: Text = "", audit: Audit, origin: Origin, violation: Failure? = nil
  ) {
    self.verb = verb
    self.key = key
    self.wallet = wallet
    self.amount = amount
    self.expectedVersion = expectedVersion
    self.counterAccount = counterAccount
    self.audit = audit
    self.origin = origin
    if let violation { self.violation = violation }
  }

  /// The counter-account that the command posts against; empty for verbs that post nothing.
  package var effectiveCounterAccount: Text {
    counterAccount.isEmpty ? CounterAccount.standard(for: verb) ?? Text() : counterAccount
  }
}

package struct MetadataPair: Hashable, Sendable {
  package var key: Text
  package var value: Text

  package init(key: Text, value: Text) {
    self.key = key
    self.value = value
  }
}

import WalletClient
import WalletWire

/// The figures of a rejection, named as in the schema: amounts as decimal text for people, exact minor units in JSON.
struct RejectionFigures {
  struct Pair {
    /// For people, such as `overdraft limit`.
    var name: String
    var text: String
    var jsonName: String
    var json: JSONValue
    /// In minor units, when it is an amount.
    var amount: Int64?
  }

  private(set) var pairs: [Pair] = []
  private let unit: Unit?

  init(_ detail: RejectionDetail, unit: Unit?) {
    self.unit = unit
    switch detail {
    case .none: break
    case .invalidArgument(let field, let rule):
      add("field", field)
      add("rule", rule)
    case .unimplemented(let method, let feature):
      pairs.append(Pair(name: "method", text: "\(method)", jsonName: "method", json: .integer(method)))
      if !feature.isEmpty { add("feature", feature) }
    case .frameLimit(let rule, let limit):
      add("rule", rule)
      if limit > 0 { pairs.append(Pair(name: "limit", text: "\(limit)", jsonName: "limit", json: .integer(limit))) }
    case .retryAfter(let millis):
      pairs.append(
        Pair(name: "retry after", text: "\(millis) ms", jsonName: "retryAfterMillis", json: .integer(millis)))
    case .idempotencyMismatch(let field), .amountOverflow(let field): add("field", field)
    case .currency(let wallet, let request):
      if !wallet.isEmpty { add("wallet currency", wallet, "walletCurrency") }
      add("request currency", request, "requestCurrency")
    case .counterAccount(let account): add("counter account", account, "counterAccount")
    case .wallet(let id, let owner, let currency, let name):
      if id != 0 { add("wallet", id, "walletId") }
      if !owner.isEmpty { add("owner", owner, "ownerId") }
      if !currency.isEmpty { add("currency", currency) }
      if !name.isEmpty { add("name", name) }
    case .versionConflict(let expected, let actual, let balance):
      add("expected", expected, "expected")
      add("actual", actual, "actual")
      add(amount: "balance", balance, "balance")
    case .insufficientFunds(let figures):
      add(amount: "requested", figures.requested, "requested")
      add(amount: "available", figures.available, "available")
      add(amount: "shortfall", figures.shortfall, "shortfall")
      add(amount: "balance", figures.balance, "balance")
      add(amount: "held", figures.held, "held")
      add(amount: "overdraft limit", figures.overdraftLimit, "overdraftLimit")
      add("version", figures.version, "version")
    case .transaction(let id): add("transaction", id, "transactionId")
    case .hold(let figures):
      add("hold", figures.holdID, "holdId")
      if figures.atMicros == 0 { break }
      add(time: "at", figures.atMicros, "atMicros")
      add(amount: "remaining", figures.remaining, "remaining")
    case .refundExceeds(let original, let refunded, let remaining):
      add(amount: "original", original, "original")
      add(amount: "refunded", refunded, "refunded")
      add(amount: "remaining", remaining, "remaining")
    case .walletFrozen(let freeze): add(freeze)
    case .walletNotEmpty(let balance, let openHolds):
      add(amount: "balance", balance, "balance")
      add("open holds", openHolds, "openHolds")
    case .limitExceeded(let figures): add(figures)
    case .maxBalanceExceeded(let limit, let balance, let remaining):
      add(amount: "limit", limit, "limit")
      add(amount: "balance", balance, "balance")
      add(amount: "remaining", remaining, "remaining")
    case .internal(let id): add("id", id)
    case .denied(let rule, let scope, let maxAmount, let omitted):
      add("rule", rule)
      if !scope.isEmpty { add("scope", scope) }
      if maxAmount != 0 { add(amount: "max amount", maxAmount, "maxAmount") }
      if omitted != 0 { add("calls without a row", omitted, "omitted") }
    case .streamEnd(let token): add("resume token", token, "resumeToken")
    case .batchAborted(let index, let cause):
      pairs.append(Pair(name: "item", text: "\(index)", jsonName: "index", json: .integer(index)))
      let figures = RejectionFigures(cause.detail, unit: nil).pairs
      let json = JSONValue.object([
        .init("code", .string(cause.code)), .init("message", .string(cause.message)),
        .init("detail", .object(figures.map { .init($0.jsonName, $0.json) })),
      ])
      pairs.append(Pair(name: "cause", text: cause.description, jsonName: "cause", json: json))
    }
  }

  private mutating func add(_ freeze: WalletFrozen) {
    add("wallet", freeze.walletID, "walletId")
    add("scope", of: freeze.scope, prefix: "FREEZE_SCOPE")
    add("reason", freeze.reason)
    add(time: "since", freeze.sinceMicros, "sinceMicros")
    if freeze.untilMicros != 0 { add(time: "until", freeze.untilMicros, "untilMicros") }
  }

  private mutating func add(_ figures: LimitExceeded) {
    add("kind", of: figures.kind, prefix: "LIMIT_KIND")
    for (name, value) in [("limit", figures.limit), ("used", figures.used), ("remaining", figures.remaining)] {
      if figures.kind?.isCount == true { add(name, value, name) } else { add(amount: name, value, name) }
    }
    if figures.windowEndMicros != 0 { add(time: "window ends", figures.windowEndMicros, "windowEndMicros") }
  }

  /// The words of an enumeration's case; in JSON as in the schema.
  private mutating func add<Value>(_ name: String, of value: Value?, prefix: String) {
    guard let value else { return add(name, "unknown") }
    let words = Words.of(value)
    let json = ([prefix] + words.map { $0.uppercased() }).joined(separator: "_")
    pairs.append(Pair(name: name, text: words.joined(separator: " "), jsonName: name, json: .string(json)))
  }

  private mutating func add(time name: String, _ micros: Int64, _ jsonName: String) {
    pairs.append(Pair(name: name, text: Timestamp.text(micros), jsonName: jsonName, json: .string("\(micros)")))
  }

  private mutating func add(_ name: String, _ value: String, _ jsonName: String? = nil) {
    pairs.append(Pair(name: name, text: value, jsonName: jsonName ?? name, json: .string(value)))
  }

  private mutating func add(_ name: String, _ value: Int64, _ jsonName: String) {
    pairs.append(Pair(name: name, text: "\(value)", jsonName: jsonName, json: .string("\(value)")))
  }

  private mutating func add(amount name: String, _ value: Int64, _ jsonName: String) {
    let text = unit?.text(value) ?? "\(value) minor units"
    pairs.append(Pair(name: name, text: text, jsonName: jsonName, json: .string("\(value)"), amount: value))
  }
}

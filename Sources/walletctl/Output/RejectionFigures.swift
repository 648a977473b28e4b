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
    case .internal(let id): add("id", id)
    case .scope(let scope): add("scope", scope)
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

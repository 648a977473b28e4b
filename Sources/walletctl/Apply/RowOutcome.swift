import WalletClient

/// What became of a row.
enum RowOutcome: Sendable, Equatable {
  case applied
  /// Done before under its key.
  case replayed
  case refused(RowRefusal)
  /// Not decided when the run stopped.
  case unresolved(WalletError)
}

struct RowRefusal: Sendable, Equatable {
  var code: String
  var message: String
  /// The figures, such as `requested=12.30;available=5.00`.
  var detail: String

  /// Refused without asking the server.
  static func invalidArgument(_ field: String, _ rule: String) -> RowRefusal {
    RowRefusal(code: "INVALID_ARGUMENT", message: "\(field): \(rule)", detail: "field=\(field);rule=\(rule)")
  }

  init(code: String, message: String, detail: String) {
    self.code = code
    self.message = message
    self.detail = detail
  }

  init(_ rejection: Rejection, unit: Unit?) {
    code = rejection.code
    message = rejection.message
    detail = RejectionFigures(rejection.detail, unit: nil).pairs.map { pair in
      // Amounts as plain decimals where the unit is known: a currency behind each would only be in the way.
      "\(pair.jsonName)=\(pair.amount.flatMap { amount in unit.map { $0.decimal(amount) } } ?? pair.text)"
    }.joined(separator: ";")
  }
}

/// A mutation as its caller means it: the encoder writes it, and the reference carries it out.
struct Request {
  /// By the numbers of `Method` in wallet.proto.
  enum Verb: UInt16, CaseIterable {
    case open = 256
    case debit = 260
    case credit = 261
    case transfer = 263
    case hold = 264
    case capture = 265
    case release = 266
    case refund = 267
    case freeze = 268
    case unfreeze = 269
    case setLimits = 270
    case close = 271
    case registerCurrency = 512
    case addCounterAccount = 513

    /// It changes no wallet, and may not stand in a batch.
    var isAdministration: Bool { self == .registerCurrency || self == .addCounterAccount }
    var namesWallet: Bool { self != .capture && self != .release && self != .refund && !isAdministration }
    /// Takes from what is available, and counts for limits.
    var takes: Bool { self == .debit || self == .transfer || self == .hold }
    var hasVersion: Bool { self != .open && !isAdministration }
    var hasCounterAccount: Bool { self == .debit || self == .credit || self == .capture || self == .refund }
    /// The field of a BatchItem.
    var itemField: UInt32 { UInt32((Verb.allCases.firstIndex(of: self) ?? 0) + 1) }
    var itemName: String {
      [
        "open_wallet", "debit", "credit", "transfer", "hold", "capture", "release", "refund", "freeze", "unfreeze",
        "set_limits", "close_wallet",
      ][Int(itemField) - 1]
    }
  }

  struct Pair: Equatable {
    var key: String
    var value: String
  }

  /// What is wrong with the form of it.
  struct Fault {
    /// Its path.
    var field: String
    /// It can't be read at all, so that even a known key isn't looked up.
    var isUnreadable: Bool
    /// Written behind all other fields.
    var tail: [UInt8] = []
  }

  var verb: Verb
  var key = ""
  var wallet = Address()
  var amount: Int64 = 0
  var reason = "test"
  var reference = ""
  var correlation = ""
  var note = ""
  var onBehalfOf = ""
  var expectedVersion: Int64 = 0
  var occurredAt: Int64 = 0
  var counterAccount = ""
  var metadata: [Pair] = []
  /// The destination of a transfer.
  var to = Address()
  var timeoutMillis: Int64 = 0
  var holdID: Int64 = 0
  var transactionID: Int64 = 0
  var isFinal = false
  /// Of the amount of a capture or a refund.
  var currency = ""
  /// 1 debit, 2 credit, 3 both.
  var scope: Int64 = 0
  var until: Int64 = 0
  var limits: Limits?
  /// What an administrator makes known: a currency's code, or a counter-account's name.
  var subject = ""
  var exponent: Int64 = 0
  var fault: Fault?

  /// As the item of a batch it says the whole path of its fault.
  mutating func placeFault(below path: String) {
    guard let field = fault?.field else { return }
    fault?.field = "\(path).\(verb.itemName).\(field)"
  }

  /// The currency that it says.
  var givenCurrency: String { verb.namesWallet ? wallet.currency : currency }
  /// Empty where nothing is posted against one.
  var effectiveCounterAccount: String {
    if !verb.hasCounterAccount || !counterAccount.isEmpty { return counterAccount }
    return verb == .credit ? "funding" : verb == .refund ? "refunds" : "sales"
  }
}

/// How a wallet is named: by its id, or by owner, currency and name.
struct Address: Equatable {
  var id: Int64 = 0
  var owner = ""
  var currency = ""
  var name = ""

  var fullName: String { name.isEmpty ? "main" : name }
}

struct Limits: Equatable {
  struct Window: Equatable {
    var amount: Int64 = 0
    var count: Int64 = 0
  }

  var overdraft: Int64 = 0
  var maxBalance: Int64 = 0
  var maxAmount: Int64 = 0
  /// Day, week and month.
  var windows = [Window(), Window(), Window()]
}

/// Who sends it.
struct Caller {
  var source: String
  var client: String
}

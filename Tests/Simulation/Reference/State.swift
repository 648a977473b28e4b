/// A day, a week or a month (0, 1, 2) and its first day.
struct WindowPlace: Hashable {
  let number: Int
  let firstDay: Int64
}

/// A wallet as its rows left it.
final class Wallet {
  /// What changes.
  struct State {
    var balance: Int64 = 0
    var held: Int64 = 0
    var overdraft: Int64 = 0
    var isClosed = false
    var debitFreeze: Freeze?
    var creditFreeze: Freeze?
    var limits = Limits()
    /// What debits, outgoing transfers and holds have used of each day that one was made on.
    var used: [Int64: Limits.Window] = [:]
    /// Windows whose sum has reached what an int64 can hold: nobody knows it any more, so it stays there.
    var beyondAll: Set<WindowPlace> = []
    var openHolds: [Hold] = []
    var updatedAt: Int64 = 0
    var updatedBy = ""
  }

  let id: Int64
  let owner: String
  let currency: String
  let name: String
  let exponent: Int64
  let createdAt: Int64
  var state = State()
  var rows: [Row] = []

  var version: Int64 { Int64(rows.count) }
  var available: Int64 { Self.available(state.balance, state.held, state.overdraft) }

  static func available(_ balance: Int64, _ held: Int64, _ overdraft: Int64) -> Int64 {
    Int64(clamping: Int128(balance) - Int128(held) + Int128(overdraft))
  }

  init(id: Int64, owner: String, currency: String, name: String, exponent: Int64, createdAt: Int64) {
    self.id = id
    self.owner = owner
    self.currency = currency
    self.name = name
    self.exponent = exponent
    self.createdAt = createdAt
  }

  func dueHolds(at now: Int64) -> [Hold] {
    state.openHolds.filter { $0.endsAt <= now }.sorted { ($0.endsAt, $0.id) < ($1.endsAt, $1.id) }
  }
}

struct Freeze {
  var scope: Int64
  var reason: String
  var since: Int64
  var until: Int64
}

final class Hold {
  struct State {
    var remaining: Int64
    var captured: Int64 = 0
    /// What it ended by; `nil` while it is open.
    var ended: Code?
    var endedAt: Int64 = 0
  }

  let id: Int64
  let wallet: Wallet
  let amount: Int64
  let createdAt: Int64
  let endsAt: Int64
  var state: State

  init(id: Int64, wallet: Wallet, amount: Int64, createdAt: Int64, endsAt: Int64) {
    self.id = id
    self.wallet = wallet
    self.amount = amount
    self.createdAt = createdAt
    self.endsAt = endsAt
    state = State(remaining: amount)
  }
}

/// The numbers of `TransactionKind` in wallet.proto.
enum Kind: Int64 {
  case open = 1
  case debit, credit, transferOut, transferIn, hold, capture, release, expire, refund, freeze, unfreeze, setLimits
  case close
}

/// A row of the journal that callers are shown.
class ShownRow {
  let seq: Int64
  /// What the wire must say of it, but for the digests.
  let wire: [UInt8]
  /// Digests of request and row, as they were told first.
  var told: [[UInt8]] = []
  /// How many there are: nobody has asked for a row without a request.
  var digestCount: Int { 2 }

  init(seq: Int64, wire: [UInt8]) {
    self.seq = seq
    self.wire = wire
  }
}

/// A transaction.
final class Row: ShownRow {
  let kind: Kind
  let wallet: Wallet
  let version: Int64
  let amount: Int64
  let heldChange: Int64
  let balance: Int64
  let held: Int64
  let overdraft: Int64
  let holdID: Int64
  let related: Int64
  let previous: Int64
  let createdAt: Int64
  let reference: String
  override var digestCount: Int { kind == .expire ? 1 : 2 }

  init(
    seq: Int64, kind: Kind, wallet: Wallet, version: Int64, amount: Int64, heldChange: Int64, holdID: Int64,
    related: Int64, previous: Int64, createdAt: Int64, reference: String, wire: [UInt8]
  ) {
    self.kind = kind
    self.wallet = wallet
    self.version = version
    self.amount = amount
    self.heldChange = heldChange
    balance = wallet.state.balance
    held = wallet.state.held
    overdraft = wallet.state.overdraft
    self.holdID = holdID
    self.related = related
    self.previous = previous
    self.createdAt = createdAt
    self.reference = reference
    super.init(seq: seq, wire: wire)
  }
}

/// What a place of the journal holds.
enum Entry {
  case transaction(Row)
  case administration(ShownRow, Request.Verb)
  case refusal(Code)
}

/// Why something isn't done: the code, and its figures as the wire has them.
struct Failure: Error {
  var code: Code
  /// The field of `Error.detail`; 0 for none.
  var detail: UInt32 = 0
  var figures: [UInt8] = []
  var retryMillis: UInt32 = 0
}

/// What became of a mutation.
enum Outcome {
  case posted(Row, other: Row?)
  case administered(ShownRow)
  /// It has a place in the journal.
  case refused(Failure, seq: Int64)
  case failed(Failure)
  /// All of a batch of all or nothing.
  case batch([Outcome])
}

/// What clients asked for and what they were told, and what the ledger holds in the end.
///
/// Nothing in this module knows the server: a history may come from anywhere.
package struct History: Equatable, Sendable {
  package var calls: [Call] = []
  /// The journal, in any order. Without it, what was told is only held against itself.
  package var rows: [Row] = []
  package var wallets: [Wallet] = []
  package var totals: [Total] = []
  /// Whether the calls are all that there were: then each row is of one of them.
  package var hasAllCalls = true

  package init() {}

  /// How a call ended.
  package enum Outcome: String, Codable, Sendable {
    /// A mutation was carried out, now or, when it is replayed, before.
    case done
    /// It was refused, and the refusal has a place in the journal.
    case refused
    /// The server promised that this attempt had no effect and never will.
    case failed
    /// A balance was read.
    case read
    /// Nobody answered.
    case unknown
  }

  /// One attempt, as its client saw it. An item of a batch is a call too, with the times of its batch.
  package struct Call: Equatable, Sendable {
    package var client = 0
    /// When it was sent, on a clock that all clients share.
    package var start: Int64
    /// When its answer was read; `nil` without one.
    package var end: Int64?
    package var verb: String
    /// `nil` for a read.
    package var key: String?
    /// The key of the batch of all or nothing that it is an item of.
    package var batch: String?
    /// 0: not known.
    package var wallet: Int64 = 0
    /// What it changes its wallet's balance by; `nil` when the caller leaves that to the ledger.
    package var amount: Int64?
    package var outcome = Outcome.unknown
    /// Told: the place of the wallet's row or of the refusal; of a read the place that it reflects.
    package var seq: Int64 = 0
    /// Told: the place of the request's last row.
    package var commitSeq: Int64 = 0
    package var version: Int64 = 0
    package var balance: Int64 = 0
    package var isReplayed = false

    package init(start: Int64, verb: String) {
      self.start = start
      self.verb = verb
    }
  }

  /// A row of the journal.
  package struct Row: Equatable, Sendable {
    package enum Kind: String, Codable, Sendable {
      case transaction, refusal, administration
    }

    package var seq: Int64
    package var kind = Kind.transaction
    package var wallet: Int64 = 0
    package var version: Int64 = 0
    package var amount: Int64 = 0
    package var balance: Int64 = 0
    /// `nil` for what the ledger does by itself, and for the second row of a transfer.
    package var key: String?
    /// The other row of a transfer; 0: it is none.
    package var other: Int64 = 0
    /// What is posted against; empty for a transfer, and where nothing is posted.
    package var account = ""

    package init(seq: Int64) { self.seq = seq }
  }

  package struct Wallet: Equatable, Sendable {
    package var id: Int64
    package var currency: String
    package var version: Int64
    package var balance: Int64

    package init(id: Int64, currency: String, version: Int64, balance: Int64) {
      self.id = id
      self.currency = currency
      self.version = version
      self.balance = balance
    }
  }

  /// What stands against the wallets of a currency in one counter-account.
  package struct Total: Equatable, Sendable {
    package var currency: String
    package var account: String
    package var total: Int64

    package init(currency: String, account: String, total: Int64) {
      self.currency = currency
      self.account = account
      self.total = total
    }
  }
}

/// What can't have happened on a ledger that keeps its promises.
package struct Anomaly: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: String, CaseIterable, Sendable {
    /// What was acknowledged isn't in the journal.
    case lost
    /// A key has more than one effect.
    case twice
    /// A key was answered in two ways.
    case contradiction
    /// A reply says something else than its row.
    case wrongReply
    /// Something stands before what had been answered when it was asked for.
    case realTime
    /// A read shows less or more than its place in the journal.
    case wrongRead
    /// A row doesn't follow from the one before it.
    case fold
    /// Places of the journal are missing or taken twice.
    case hole
    /// Money comes from nowhere, or goes there.
    case conservation
    /// What was promised to have no effect has one.
    case effectOfFailed
    /// Nobody sent it.
    case nobodySent
    /// A batch of all or nothing is there in part.
    case torn
  }

  package var kind: Kind
  package var description: String

  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    description = "\(kind.rawValue): \(text)"
  }
}

/// What a server asks of a store. A store answers every request of a gather at once, after one commit.
///
/// Not thread-safe: one queue owns a ledger for life.
package protocol Ledger: AnyObject {
  /// Decides and commits mutations, then answers the reads from what is durable.
  ///
  /// - Parameters:
  ///   - reading: Both clocks, read for this gather.
  ///   - isDue: Whether the request at an index still has time. Asked once for each mutation, right before it is decided.
  /// - Returns: One outcome for each request, in order.
  /// - Throws: `LedgerFault` when outcomes can't be known; nobody may be answered and the process must end.
  func perform(
    _ requests: [LedgerRequest], reading: LedgerClock.Reading, isDue: (Int) -> Bool
  ) throws(LedgerFault) -> [LedgerOutcome]

  /// Bounded upkeep between gathers, when the replies are on their way.
  ///
  /// - Returns: A line for the operator when there is something new to say.
  func maintain() -> String?

  /// A reader of the same ledger for lists, which another queue owns.
  func makeReader() throws(LedgerFault) -> any LedgerReader

  /// Why mutations can't be had now; `nil` when they can.
  var mutationsUnavailableBecause: String? { get }

  var description: LedgerDescription { get }

  /// The last durable row.
  var head: JournalHead { get }

  /// Writes everything back and closes. Nothing may be asked afterwards.
  func close() throws(LedgerFault)
}

/// Answers lists from a snapshot of what is durable.
package protocol LedgerReader: AnyObject {
  func perform(_ request: ListRequest) throws(LedgerFault) -> LedgerOutcome
}

package enum LedgerRequest: Sendable {
  // Boxed, since a command is large and is handed on several times.
  indirect case mutation(Command)
  case batch(BatchCommand)
  case balance(WalletReference)
  case info
}

package enum ListRequest: Sendable {
  case transactions(WalletReference, page: PageRequest, oldestFirst: Bool)
  case wallets(owner: Text, page: PageRequest)
}

package struct PageRequest: Sendable {
  package var rowsMax: Int
  /// Empty: the first page.
  package var cursor: String

  package init(rowsMax: Int, cursor: String) {
    self.rowsMax = rowsMax
    self.cursor = cursor
  }
}

package enum LedgerOutcome: Sendable {
  // Boxed, since a row is large and an outcome is handed on several times.
  indirect case posted(TransactionRow, currency: Text, exponent: UInt8, replayed: Bool)
  /// `commitSeq` is the refusal's place when it was recorded, else the last durable one.
  indirect case failed(Failure, commitSeq: Int64, replayed: Bool)
  /// An outcome (`posted` or `failed`) for each item of a batch. A batch of all or nothing that was refused is `failed`
  /// with BATCH_ABORTED instead.
  ///
  /// - Parameter isFull: The results are wanted with their whole transactions.
  case batch([LedgerOutcome], commitSeq: Int64, replayed: Bool, isFull: Bool)
  indirect case wallet(Wallet, commitSeq: Int64)
  case transactions([TransactionRow], nextCursor: String, currency: Text, exponent: UInt8, commitSeq: Int64)
  case wallets([Wallet], nextCursor: String, commitSeq: Int64)
  case info(LedgerDescription, head: JournalHead, mutationsUnavailableBecause: String?)
}

package struct JournalHead: Equatable, Sendable {
  package var seq: Int64
  /// SHA-256, 32 bytes.
  package var digest: [UInt8]

  package init(seq: Int64, digest: [UInt8]) {
    self.seq = seq
    self.digest = digest
  }
}

package struct LedgerDescription: Equatable, Sendable {
  /// Made by init, a UUID.
  package var ledgerID: String
  /// Raised by each restore.
  package var epoch: UInt32
  /// Engine and version.
  package var storage: String

  package init(ledgerID: String, epoch: UInt32, storage: String) {
    self.ledgerID = ledgerID
    self.epoch = epoch
    self.storage = storage
  }
}

/// A fault of the environment, or a broken invariant, after which the store can't go on.
package struct LedgerFault: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// A commit failed: whether its rows are on disk is not known.
    case commitOutcomeUnknown
    /// What is stored contradicts itself or what is known.
    case inconsistent
    /// Files can't be read or written.
    case storage
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

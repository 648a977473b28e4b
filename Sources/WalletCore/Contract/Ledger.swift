/// What a server asks of a store. A store answers every request of a gather at once, after one commit.
///
/// Not thread-safe: one caller at a time, and each sees what was done before.
public protocol Ledger: AnyObject {
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

  /// Answers reads of wallets from memory, as `perform` would; `nil` when that isn't enough for all of them.
  func glance(_ requests: [LedgerRequest]) -> [LedgerOutcome]?

  /// Bounded upkeep between gathers, when the replies are on their way.
  ///
  /// - Parameter isIdle: Nothing waits: what trails may be moved on.
  func maintain(isIdle: Bool) throws(LedgerFault) -> Upkeep

  /// A reader of the same ledger for lists, which another queue owns.
  func makeReader() throws(LedgerFault) -> any LedgerReader

  /// What reads for streams, on a queue that the caller gives it; `nil` where there are no streams.
  func makeStreamSource() throws(LedgerFault) -> (any LedgerStreamSource)?

  /// Why mutations can't be had now; `nil` when they can.
  var mutationsUnavailableBecause: String? { get }

  var description: LedgerDescription { get }

  /// Who may come in, as far as it is committed.
  var grants: GrantBook { get }

  /// The last durable row.
  var head: JournalHead { get }

  /// Of the last `perform`, how long its commits took, the disk's time in them; 0 where nothing is committed to one.
  var lastCommitMicroseconds: Int64 { get }

  /// How it is, for its operator. Asked on the queue that owns the ledger.
  ///
  /// - Parameter reading: Both clocks, now.
  func measure(_ reading: LedgerClock.Reading) -> LedgerMeasurements

  /// Writes everything back and closes. Nothing may be asked afterwards.
  func close() throws(LedgerFault)
}

extension Ledger {
  public func glance(_ requests: [LedgerRequest]) -> [LedgerOutcome]? { nil }

  public var grants: GrantBook { GrantBook() }

  public var lastCommitMicroseconds: Int64 { 0 }

  public func makeStreamSource() throws(LedgerFault) -> (any LedgerStreamSource)? { nil }

  public func measure(_ reading: LedgerClock.Reading) -> LedgerMeasurements {
    var measurements = LedgerMeasurements()
    measurements.head = head
    measurements.unavailableBecause = mutationsUnavailableBecause
    return measurements
  }
}

/// What a bit of upkeep came to.
public struct Upkeep: Equatable, Sendable {
  /// A line for the operator when there is something new to say.
  public var line: String?
  /// There is more to do once nothing else is asked.
  public var isUnfinished = false

  public init() {}
}

/// Reads rows on a queue of its own: those of the journal never change, so it needs no part in the gathers.
public protocol LedgerReader: AnyObject {
  func perform(_ read: DeferredRead) throws(LedgerFault) -> LedgerOutcome
}

/// A reference in size: gathers of requests are handed on from queue to queue.
public enum LedgerRequest: Sendable {
  case mutation(Command)
  indirect case batch(BatchCommand)
  /// What a mutation would come to: it is carried out and taken back, and leaves nothing behind.
  indirect case dryRun(DryRun)
  indirect case balance(WalletReference)
  /// Answered with where a reader finds it.
  indirect case history(WalletReference, page: PageRequest, oldestFirst: Bool)
  /// As `history`, with a filter that isn't empty.
  indirect case filteredHistory(WalletReference, TransactionFilter, page: PageRequest, oldestFirst: Bool)
  /// Answered at once from the wallet's last row on, else with where a reader finds it.
  indirect case balanceAt(WalletReference, BalanceMoment)
  /// Answered with where a reader finds it.
  indirect case refusals(RefusalFilter, page: PageRequest, oldestFirst: Bool)
  indirect case wallets(owner: Text, page: PageRequest)
  /// Answered with what a reader goes on with.
  ///
  /// - Parameters:
  ///   - from: Rows stored before it are one sum, microseconds; 0: none are.
  ///   - lastChanges: How many of the newest rows are told.
  indirect case explanation(WalletReference, from: Int64, lastChanges: Int)
  /// - Parameter currency: Empty: all.
  indirect case trialBalance(currency: Text)
  case info
  /// A page of what was granted.
  indirect case tokens(GrantFilter, page: PageRequest)
  /// A read of a caller that is kept to some wallets: whether it may have it is seen when the wallet is known.
  indirect case guarded(LedgerRequest, Verb, Origin)
  /// Answered with its denial, which gets a row when there is an allowance for one.
  indirect case denied(DeniedCall)
}

/// A mutation that is only tried.
public enum DryRun: Sendable {
  case mutation(Command)
  case batch(BatchCommand)
}

/// What the look-ups of a mutation begin with, without a copy of the rest.
public struct LookUp: Sendable {
  /// 0 where the wallet is named.
  public let walletID: Int64
  /// The key; 0 where that is no UUID.
  public let key: (high: UInt64, low: UInt64)

  @inlinable
  public init(_ command: borrowing Command) {
    walletID = command.storage.walletID
    key = command.storage.uuid ?? (0, 0)
  }
}

extension LedgerRequest {
  /// `nil` for what is no mutation of one wallet.
  @inlinable
  public var lookUp: LookUp? {
    guard case .mutation(let command) = self else { return nil }
    return LookUp(command)
  }
}

extension LedgerRequest {
  /// Whether its outcome may be `deferred`.
  public var mayBeDeferred: Bool {
    switch self {
    case .mutation, .batch, .dryRun, .balance, .wallets, .trialBalance, .info, .tokens, .denied: false
    case .history, .filteredHistory, .balanceAt, .refusals, .explanation: true
    case .guarded(let read, _, _): read.mayBeDeferred
    }
  }
}

/// What a gather has found for a reader to read.
public enum DeferredRead: Sendable {
  /// Stands where a read was moved away.
  case nothing
  indirect case history(HistoryRequest)
  indirect case filteredHistory(FilteredHistoryRequest)
  indirect case balanceAt(BalanceAtRequest)
  indirect case refusals(RefusalsRequest)
  /// May be answered with the rest of itself.
  indirect case explain(ExplainWork)
}

/// A page of a wallet's transactions for a reader.
public struct HistoryRequest: Sendable {
  public var wallet: Wallet
  public var rowsMax: Int
  public var oldestFirst: Bool
  /// Where the page before ended: the seq of the first row of this one, newest first; the version of the last row of
  /// that one, oldest first. 0: the first page.
  public var position: Int64
  /// A row of the wallet that lies behind the page, or its last one: from it previous_seq leads to the page.
  public var entrySeq: Int64
  public var commitSeq: Int64

  public init(
    wallet: Wallet, rowsMax: Int, oldestFirst: Bool, position: Int64, entrySeq: Int64, commitSeq: Int64
  ) {
    self.wallet = wallet
    self.rowsMax = rowsMax
    self.oldestFirst = oldestFirst
    self.position = position
    self.entrySeq = entrySeq
    self.commitSeq = commitSeq
  }
}

public struct PageRequest: Sendable {
  public var rowsMax: Int
  /// Empty: the first page.
  public var cursor: String

  public init(rowsMax: Int, cursor: String) {
    self.rowsMax = rowsMax
    self.cursor = cursor
  }
}

public enum LedgerOutcome: Sendable {
  case posted(TransactionRow, currency: Text, exponent: UInt8, replayed: Bool)
  /// Both rows of a transfer.
  indirect case transferred(
    source: TransactionRow, destination: TransactionRow, currency: Text, exponent: UInt8, replayed: Bool)
  indirect case administered(AdministrationRow, replayed: Bool)
  /// `commitSeq` is the refusal's place when it was recorded, else the last durable one, or `placeUnknown`.
  case failed(Failure, commitSeq: Int64, replayed: Bool)
  /// An outcome (`posted`, `transferred` or `failed`) for each item of a batch. A batch of all or nothing that was refused is `failed`
  /// with BATCH_ABORTED instead.
  ///
  /// - Parameter isFull: The results are wanted with their whole transactions.
  case batch([LedgerOutcome], commitSeq: Int64, replayed: Bool, isFull: Bool)
  /// What a mutation would have been answered with. Its rows have no place and no digest; whatever of it was known before
  /// is as it is.
  indirect case projected(LedgerOutcome, commitSeq: Int64)
  case wallet(Wallet, commitSeq: Int64)
  case transactions([TransactionRow], nextCursor: String, currency: Text, exponent: UInt8, commitSeq: Int64)
  indirect case balanceAt(BalanceAt, commitSeq: Int64)
  indirect case refusals([RefusalEntry], nextCursor: String, commitSeq: Int64)
  /// A reader has the rest of it; a reader that answers so has done a slice, and wants to be asked again when others have had
  /// their turn.
  case deferred(DeferredRead)
  indirect case explanation(BalanceExplanation)
  case wallets([Wallet], nextCursor: String, commitSeq: Int64)
  indirect case trialBalance(TrialBalance, commitSeq: Int64)
  case info(LedgerDescription, head: JournalHead, mutationsUnavailableBecause: String?)
  case tokens([Grant], nextCursor: String, commitSeq: Int64)

  /// Of a request that no ledger has seen, where nobody knows the last durable place. (0 is that of an empty ledger.)
  public static let placeUnknown: Int64 = -1
}

public struct JournalHead: Equatable, Sendable {
  public var seq: Int64
  /// SHA-256, 32 bytes.
  public var digest: ShortBytes

  public init(seq: Int64, digest: ShortBytes) {
    self.seq = seq
    self.digest = digest
  }
}

public struct LedgerDescription: Equatable, Sendable {
  /// Made by init, a UUID.
  public var ledgerID: String
  /// Raised by each restore.
  public var epoch: UInt32
  /// Engine and version.
  public var storage: String

  public init(ledgerID: String, epoch: UInt32, storage: String) {
    self.ledgerID = ledgerID
    self.epoch = epoch
    self.storage = storage
  }
}

/// A fault of the environment, or a broken invariant, after which the store can't go on.
public struct LedgerFault: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// A commit failed: whether its rows are on disk is not known.
    case commitOutcomeUnknown
    /// What is stored contradicts itself or what is known.
    case inconsistent
    /// Files can't be read or written.
    case storage
  }

  public var kind: Kind
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// A stream that a client asks for: many events, then one response.
public enum StreamRequest: Sendable {
  case watch(WatchRequest)
  case verify(VerifyRequest)
  case backup(BackupRequest)
}

/// Transactions as they are committed, from a place of the journal on.
public struct WatchRequest: Equatable, Sendable {
  public enum Start: Equatable, Sendable {
    /// Behind this row; 0: from the first one.
    case after(seq: Int64)
    case token(Text)
    case now
  }

  public var start: Start
  /// Empty: all.
  public var walletIDs: Set<Int64>
  /// Empty: all.
  public var kinds: Set<TransactionKind>
  /// Only rows of wallets that they admit are told of.
  public var constraints = Constraints()

  public init(start: Start, walletIDs: Set<Int64> = [], kinds: Set<TransactionKind> = []) {
    self.start = start
    self.walletIDs = walletIDs
    self.kinds = kinds
  }
}

public struct VerifyRequest: Equatable, Sendable {
  /// A head that was kept elsewhere: the journal must have it.
  public var expectedHead: JournalHead?
  public var skipsIntegrityCheck: Bool

  public init(expectedHead: JournalHead? = nil, skipsIntegrityCheck: Bool = false) {
    self.expectedHead = expectedHead
    self.skipsIntegrityCheck = skipsIntegrityCheck
  }
}

public enum StreamEvent: Sendable {
  case transaction(TransactionRow, currency: Text, exponent: UInt8, resumeToken: Text)
  /// Nothing to tell, but a place to go on from.
  case token(WatchPlace)
  case progress(stage: String, done: Int64, total: Int64)
  case finding(VerifyFinding)
  case report(VerifyReport)
  case backup(BackupReport)
}

/// How far a watch has come.
public struct WatchPlace: Equatable, Sendable {
  public var resumeToken: Text
  /// All rows up to it were looked at.
  public var commitSeq: Int64

  public init(resumeToken: Text, commitSeq: Int64) {
    self.resumeToken = resumeToken
    self.commitSeq = commitSeq
  }
}

extension StreamEvent {
  /// Where a watch goes on behind this event; `nil` in a verification or a backup.
  public var place: WatchPlace? {
    switch self {
    case .transaction(let row, _, _, let token): WatchPlace(resumeToken: token, commitSeq: row.seq)
    case .token(let place): place
    case .progress, .finding, .report, .backup: nil
    }
  }
}

/// Something that isn't as it must be.
public struct VerifyFinding: Equatable, Sendable {
  /// What is wrong, such as `digest` or `wallet.balance`.
  public var what: String
  /// 0 where it is no wallet's.
  public var walletID: Int64
  /// The row of the journal; 0 where it is none's.
  public var seq: Int64
  public var expected: String
  public var found: String

  public init(what: String, walletID: Int64 = 0, seq: Int64 = 0, expected: String, found: String) {
    self.what = what
    self.walletID = walletID
    self.seq = seq
    self.expected = expected
    self.found = found
  }
}

public struct VerifyReport: Equatable, Sendable {
  /// Up to which everything was verified.
  public var head: JournalHead
  /// Of the journal.
  public var rows: Int64 = 0
  public var wallets: Int64 = 0
  public var keys: Int64 = 0
  public var findings: Int64 = 0
  /// Of them, those that were told one by one.
  public var findingsTold: Int64 = 0
  /// Why SQLite's own structures weren't checked; `nil` when they were.
  public var integritySkippedBecause: String?
  public var microseconds: Int64 = 0

  public init(head: JournalHead) { self.head = head }
}

/// What a step of a stream came to.
public enum StreamStep: Sendable {
  /// Some events, and more can be had at once.
  case more([StreamEvent])
  /// Some events, and no more before the next commit.
  case waiting([StreamEvent])
  /// The last events: the stream is over.
  case finished([StreamEvent])
  /// The stream is over, and why.
  case failed(Failure)
}

/// One stream that is under way. Confined to the queue of its source.
public protocol LedgerStream: AnyObject {
  /// A bounded piece of work (some tens of milliseconds at most), whose events take about `roomBytes` at most. Not called
  /// again once it has said `finished` or `failed`.
  ///
  /// - Parameter roomBytes: What its client can take of events now. A single event may be longer.
  func advance(roomBytes: Int) throws(LedgerFault) -> StreamStep

  /// Nobody listens any more. The last call, unless the stream has said that it is over.
  func cancel()
}

/// Makes streams, and reads for them by a connection of its own that can't write. Confined to one queue.
public protocol LedgerStreamSource: AnyObject {
  func open(_ request: StreamRequest) throws(LedgerFault) -> Result<any LedgerStream, Failure>
}

public import WalletCore

extension WalletClient {
  /// Every transaction behind a place of the journal, in the order of their ids, and then each new one when it is durable:
  /// each exactly once.
  ///
  /// It goes on by itself, from the last event that was read, after a lost connection, a server that leaves, being told to
  /// resume, and a reader that has fallen behind by ``WalletClientOptions/streamBufferBytesMax``. It ends when the task is
  /// cancelled, with `nil`. It throws `rejected` for what the server refuses (RESUME_INVALID: the place isn't in this ledger;
  /// INVALID_ARGUMENT), and `notExecuted` when it couldn't begin, or the server is away for longer than `patience`.
  ///
  /// Who stores ``WatchEvent/resumeToken`` beside what he made of an event misses none and takes none twice.
  ///
  /// - Parameters:
  ///   - walletIDs: At most 1,000; none: all wallets.
  ///   - kinds: None: all.
  ///   - patience: How long the server may be away; `nil`: as long as it likes.
  public func watch(
    from start: WatchStart, walletIDs: [Int64] = [], kinds: Set<TransactionKind> = [], patience: Duration? = nil
  ) -> WatchSequence {
    WatchSequence(client: self, start: start, walletIDs: walletIDs, kinds: kinds, patience: patience)
  }
}

/// See ``WalletClient/watch(from:walletIDs:kinds:patience:)``.
public struct WatchSequence: AsyncSequence, Sendable {
  public typealias Element = WatchEvent
  public typealias Failure = WalletError

  let client: WalletClient
  let start: WatchStart
  let walletIDs: [Int64]
  let kinds: Set<TransactionKind>
  let patience: Duration?

  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  public struct Iterator: AsyncIteratorProtocol {
    private let watch: WatchSequence
    private var stream: EventStream?
    private var resumption: WatchResumption

    init(_ watch: WatchSequence) {
      self.watch = watch
      resumption = WatchResumption(start: watch.start, patience: watch.patience?.nanoseconds)
    }

    public mutating func next() async throws(WalletError) -> WatchEvent? { try await next(isolation: nil) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(WalletError) -> WatchEvent? {
      while !resumption.isOver {
        let stream = stream ?? open()
        self.stream = stream
        let item = await stream.next()
        if case .event(let bytes) = item {
          if let event = resumption.told(try event(bytes)) { return event }
          continue
        }
        self.stream = nil
        let client = watch.client
        if case .pause(let failures, let millis) = try resumption.ended(item, now: client.nowNanoseconds) {
          await client.pause(failures: failures, atLeastMillis: millis)
          if Task.isCancelled { resumption.end() }
        }
      }
      return nil
    }

    private func open() -> EventStream {
      watch.client.openStream(
        Verb.watchTransactions.rawValue,
        RequestEncoding.watch(resumption.start, walletIDs: watch.walletIDs, kinds: watch.kinds), timeout: nil)
    }

    private mutating func event(_ bytes: [UInt8]) throws(WalletError) -> WatchEvent {
      do throws(DecodeError) {
        return try ReplyDecoding.watchEvent(bytes)
      } catch {
        resumption.end()
        throw .notExecuted(key: nil, cause: .invalidReply(error.text))
      }
    }
  }
}

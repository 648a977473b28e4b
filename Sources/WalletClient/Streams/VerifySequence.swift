import WalletCore

extension WalletClient {
  /// Proves that the ledger is what its journal says, while it is served: chain of digests, every wallet, hold, limit, key
  /// and total, and SQLite's own structures on a copy. docs/VERIFY.md says what is looked at.
  ///
  /// Going through it begins a verification; it ends with a `report`. One runs at a time: `rejected` with RESOURCE_EXHAUSTED
  /// where another one does. A lost connection ends it with `notExecuted`. When the task is cancelled, or the iterator goes,
  /// the verification is cancelled.
  ///
  /// - Parameters:
  ///   - expectedHead: One that was kept elsewhere: the journal must have it.
  ///   - skipsIntegrityCheck: Of SQLite, which takes a copy of the file for a while.
  public func verify(expectedHead: JournalHead? = nil, skipsIntegrityCheck: Bool = false) -> VerifySequence {
    VerifySequence(
      events: events(
        method: Verb.verify.rawValue,
        payload: RequestEncoding.verify(expectedHead: expectedHead, skipsIntegrityCheck: skipsIntegrityCheck)))
  }
}

/// See ``WalletClient/verify(expectedHead:skipsIntegrityCheck:)``.
public struct VerifySequence: AsyncSequence, Sendable {
  public typealias Element = VerificationEvent
  public typealias Failure = WalletError

  let events: EventSequence

  public func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator()) }

  public struct Iterator: AsyncIteratorProtocol {
    private var events: EventSequence.Iterator

    init(events: EventSequence.Iterator) { self.events = events }

    public mutating func next() async throws(WalletError) -> VerificationEvent? { try await next(isolation: nil) }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(WalletError) -> VerificationEvent? {
      guard let event = try await events.next(isolation: actor) else { return nil }
      do throws(DecodeError) {
        return try ReplyDecoding.verifyEvent(event)
      } catch {
        throw .notExecuted(key: nil, cause: .invalidReply(error.text))
      }
    }
  }
}

import WalletCore

extension WalletClient {
  /// Has the server make a file, in its folder of backups, that the ledger can be restored from.
  ///
  /// Going through it begins a backup; it ends with a `report`. Commits go on meanwhile. One runs at a time: `rejected` with
  /// RESOURCE_EXHAUSTED where another one does; with UNIMPLEMENTED where the server has no such folder. A lost connection ends
  /// it with `notExecuted`. When the task is cancelled, or the iterator goes, the backup is dropped.
  ///
  /// - Parameter incremental: Only the rows behind the newest backup.
  public func backup(incremental: Bool = false) -> BackupSequence {
    BackupSequence(
      events: events(method: Verb.backup.rawValue, payload: RequestEncoding.backup(incremental: incremental)))
  }
}

/// See ``WalletClient/backup(incremental:)``.
public struct BackupSequence: AsyncSequence, Sendable {
  public typealias Element = BackupEvent
  public typealias Failure = WalletError

  let events: EventSequence

  public func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator()) }

  public struct Iterator: AsyncIteratorProtocol {
    private var events: EventSequence.Iterator

    init(events: EventSequence.Iterator) { self.events = events }

    public mutating func next() async throws(WalletError) -> BackupEvent? { try await next(isolation: nil) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(WalletError) -> BackupEvent? {
      guard let event = try await events.next(isolation: actor) else { return nil }
      do throws(DecodeError) {
        return try ReplyDecoding.backupEvent(event)
      } catch {
        throw .notExecuted(key: nil, cause: .invalidReply(error.text))
      }
    }
  }
}

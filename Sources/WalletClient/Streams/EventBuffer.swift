import Synchronization

/// What has arrived of a stream and wasn't read yet, and how it ended. Bounded: when its reader falls too far behind it
/// takes no more.
final class EventBuffer: Sendable {
  enum Item: Sendable {
    case event([UInt8])
    /// The end, after a last event.
    case finished
    case failed(WalletError)
    /// More came than the buffer takes, and what it took has been read.
    case overrun
  }

  private struct State {
    /// From `first` on.
    var events: [[UInt8]] = []
    var first = 0
    var bytes = 0
    var isOverrun = false
    var end: Item?
    var reader: CheckedContinuation<Item, Never>?

    mutating func take() -> Item? {
      guard first < events.count else { return end }
      let event = events[first]
      bytes -= EventBuffer.bytes(event)
      first += 1
      if first == events.count || first > 1_024 {
        events.removeFirst(first)
        first = 0
      }
      return .event(event)
    }
  }

  private let state = Mutex(State())
  private let bytesMax: Int

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// What an event takes, with the array around it.
  private static func bytes(_ event: [UInt8]) -> Int { event.count + 64 }

  /// - Returns: Whether more may come.
  func put(_ event: [UInt8]) -> Bool {
    let (reader, isOverrun) = state.withLock { state -> (CheckedContinuation<Item, Never>?, Bool) in
      if state.isOverrun { return (nil, true) }
      if let reader = state.reader {
        state.reader = nil
        return (reader, false)
      }
      // One event always fits, or a stream of long ones would never go on.
      if state.bytes > 0, state.bytes + Self.bytes(event) > bytesMax {
        state.isOverrun = true
      } else {
        state.events.append(event)
        state.bytes += Self.bytes(event)
      }
      return (nil, state.isOverrun)
    }
    reader?.resume(returning: .event(event))
    return !isOverrun
  }

  func end(_ item: Item) {
    let (reader, end) = state.withLock { state in
      let end: Item = state.isOverrun ? .overrun : item
      state.end = end
      defer { state.reader = nil }
      return (state.reader, end)
    }
    reader?.resume(returning: end)
  }

  /// The next event, or the end, as often as it is asked for. One reader at a time.
  func next() async -> Item {
    await withCheckedContinuation { reader in
      let item = state.withLock { state -> Item? in
        let item = state.take()
        if item == nil { state.reader = reader }
        return item
      }
      if let item { reader.resume(returning: item) }
    }
  }
}

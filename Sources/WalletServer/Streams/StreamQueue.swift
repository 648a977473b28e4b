import Synchronization
package import WalletCore
internal import WalletWire

/// What a piece of work on a stream came to, as bytes that can leave as they are.
package struct StreamDelivery: Sendable {
  enum Next: Sendable {
    /// More can be had at once.
    case more
    /// No more before the next commit.
    case waiting
    /// The response follows.
    case finished
    case failed(Failure)
  }

  let stream: StreamID
  /// Whole EVENT frames.
  let frames: [UInt8]
  /// Of the last event; `nil` when there was none, or it has no place.
  let place: WatchPlace?
  let next: Next
  /// At the end of a verification.
  var report: VerifyReport?

  /// For the operator.
  var line: String? {
    report.map { "\($0.verified); \($0.outcome); in \($0.microseconds / 1000) ms" }
  }
}

/// A stream for as long as the process lives. Its request's number can be in use again before all of it has ended.
struct StreamID: Hashable, Sendable {
  let number: UInt64
}

/// Streams on a queue of their own. Each does a piece of work when it is told to, no more than its client has room for:
/// nothing is read ahead, and nobody waits for it.
///
/// What was asked for is done in order, so that no stream keeps the others from their turn.
package final class StreamQueue: Sendable {
  private enum Order {
    case open(StreamRequest, requestID: UInt32)
    case advance(roomBytes: Int)
    case cancel
  }

  private struct State {
    var pending: [(stream: StreamID, order: Order)] = []
    /// Somebody works or will at once.
    var isScheduled = false
  }

  /// What is touched on the queue only.
  private final class Work {
    let source: any LedgerStreamSource
    let encoder = ReplyEncoder()
    var streams: [StreamID: (stream: any LedgerStream, requestID: UInt32)] = [:]

    init(_ source: any LedgerStreamSource) { self.source = source }
  }

  /// Orders whose results go to the loop in one hop at most.
  static let ordersInHopMax = 16

  private let state = Mutex(State())
  private let work: Confined<Work>
  private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let deliver: @Sendable ([StreamDelivery]) -> Void
  private let fault: @Sendable (LedgerFault) -> Never

  /// - Parameters:
  ///   - schedule: Leads to the queue that owns `source`.
  ///   - deliver: Called on that queue.
  ///   - fault: Called when nobody may be answered any more.
  package init(
    source: Confined<any LedgerStreamSource>,
    schedule: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    deliver: @escaping @Sendable ([StreamDelivery]) -> Void, fault: @escaping @Sendable (LedgerFault) -> Never
  ) {
    work = Confined(Work(source.value))
    self.schedule = schedule
    self.deliver = deliver
    self.fault = fault
  }

  func open(_ stream: StreamID, _ request: StreamRequest, requestID: UInt32) {
    submit(stream, .open(request, requestID: requestID))
  }

  /// Has one delivery for an answer.
  func advance(_ stream: StreamID, roomBytes: Int) { submit(stream, .advance(roomBytes: roomBytes)) }

  /// What is under way is delivered all the same.
  func cancel(_ stream: StreamID) {
    let isUnknown = state.withLock { state in
      let isUnopened = state.pending.contains { pending in
        if pending.stream == stream, case .open = pending.order { true } else { false }
      }
      state.pending.removeAll { $0.stream == stream }
      return isUnopened
    }
    if !isUnknown { submit(stream, .cancel) }
  }

  private func submit(_ stream: StreamID, _ order: Order) {
    let mustSchedule = state.withLock { state in
      state.pending.append((stream, order))
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { schedule { self.drain() } }
  }

  private func drain() {
    while true {
      let orders = state.withLock { state in
        let first = Array(state.pending.prefix(Self.ordersInHopMax))
        state.pending.removeFirst(first.count)
        if first.isEmpty { state.isScheduled = false }
        return first
      }
      if orders.isEmpty { return }
      var deliveries: [StreamDelivery] = []
      for (stream, order) in orders {
        do throws(LedgerFault) {
          if let delivery = try carryOut(order, stream) { deliveries.append(delivery) }
        } catch {
          fault(error)
        }
      }
      if !deliveries.isEmpty { deliver(deliveries) }
    }
  }

  private func carryOut(_ order: Order, _ id: StreamID) throws(LedgerFault) -> StreamDelivery? {
    let work = work.value
    switch order {
    case .open(let request, let requestID):
      switch try work.source.open(request) {
      case .success(let stream): work.streams[id] = (stream, requestID)
      case .failure(let failure): return StreamDelivery(stream: id, frames: [], place: nil, next: .failed(failure))
      }
    case .advance(let roomBytes):
      // It may have failed to open.
      guard let (stream, requestID) = work.streams[id] else { return nil }
      let delivery = encoded(try stream.advance(roomBytes: roomBytes), id, requestID)
      if delivery.isLast { work.streams[id] = nil }
      return delivery
    case .cancel: work.streams.removeValue(forKey: id)?.stream.cancel()
    }
    return nil
  }

  private func encoded(_ step: StreamStep, _ id: StreamID, _ requestID: UInt32) -> StreamDelivery {
    let (events, next): ([StreamEvent], StreamDelivery.Next) =
      switch step {
      case .more(let events): (events, .more)
      case .waiting(let events): (events, .waiting)
      case .finished(let events): (events, .finished)
      case .failed(let failure): ([], .failed(failure))
      }
    var frames: [UInt8] = []
    for index in events.indices {
      let isLast = index == events.count - 1 && next.isFinished
      work.value.encoder.append(events[index], isLast: isLast, requestID: requestID, into: &frames)
    }
    return StreamDelivery(
      stream: id, frames: frames, place: events.last?.place, next: next, report: events.last?.report)
  }
}

extension StreamEvent {
  fileprivate var report: VerifyReport? { if case .report(let report) = self { report } else { nil } }
}

extension StreamDelivery {
  fileprivate var isLast: Bool {
    switch next {
    case .more, .waiting: false
    case .finished, .failed: true
    }
  }
}

extension StreamDelivery.Next {
  fileprivate var isFinished: Bool { if case .finished = self { true } else { false } }
}

import TestSupport
import WalletServer

/// Carries out in the reference what the ledger takes up, in its order, and so knows what each request must be answered with.
final class Judge {
  /// How things stood before a gather.
  private struct Mark {
    var seq: Int64
    var undo: Int
    var clock: ReferenceClock
  }

  let reference: ReferenceLedger
  private(set) var clock: ReferenceClock
  private(set) var gathers = 0
  private(set) var replays = 0
  /// Before each gather that may still come to nothing.
  private var marks: [Mark] = []
  private var last: [(sent: Sent, caller: Caller)] = []
  private var lastReadTime: Int64 = 0
  /// The clock behind the last gather, had nothing been stored.
  private var lastAsked: ReferenceClock
  /// The last row that is durable for certain.
  private(set) var durableSeq: Int64 = 0

  init(_ reference: ReferenceLedger, _ clock: ReferenceClock) {
    self.reference = reference
    self.clock = clock
    lastAsked = clock
  }

  /// How a gather finds its machine.
  struct Standing {
    var wall: Int64
    var monotonic: Int64
    /// The disk has no room.
    var isFull: Bool
  }

  // MARK: Gathers

  /// - Parameter taken: In the order in which the ledger decides.
  func take(_ taken: [(sent: Sent, caller: Caller)], _ standing: Standing) {
    gathers += 1
    marks.append(Mark(seq: reference.seq, undo: reference.mark, clock: clock))
    var asked = clock
    let time = asked.time(wall: standing.wall, monotonic: standing.monotonic)
    let readTime = time ?? clock.lastStored
    let before = reference.seq
    // Only what is done by mutations asks the clock.
    if taken.contains(where: \.sent.isMutation) { clock = asked }
    let now = standing.isFull ? nil : time
    for (sent, caller) in taken where sent.isMutation { sent.expected = carryOut(sent.content, caller, now: now) }
    (last, lastReadTime, lastAsked) = (taken, readTime, clock)
    if reference.seq != before, let now { clock.store(now) }
    answerReads()
  }

  private func answerReads() {
    for (sent, _) in last {
      sent.seq = reference.seq
      guard case .read(let read) = sent.content else { continue }
      let (reply, next) = reference.answer(read, now: lastReadTime)
      (sent.expected, sent.next) = (reply, next)
    }
  }

  /// The last gather is committed.
  func committed() { durableSeq = reference.seq }

  /// The last gather couldn't be written: its mutations come to nothing, and their callers are told so.
  func rolledBack() {
    guard let mark = marks.last else { return }
    reference.takeBack(to: mark.undo)
    clock = lastAsked
    for (sent, _) in last where sent.isMutation { sent.expected = unavailable }
    answerReads()
  }

  /// All gathers so far are done, and none can come to nothing any more.
  func settled() {
    durableSeq = reference.seq
    marks = []
    reference.keepMarks()
  }

  /// After a crash the ledger has come back with so many rows: what isn't among them never was.
  ///
  /// - Returns: `false` when it can't have so many: something that was durable is lost, or half a gather is there.
  func comeBack(with seq: Int64) -> Bool {
    if seq < durableSeq { return false }
    if seq != reference.seq {
      guard let mark = marks.last(where: { $0.seq == seq }) else { return false }
      reference.takeBack(to: mark.undo)
      clock = mark.clock
    }
    settled()
    return reference.seq == seq
  }

  func started(wall: Int64, monotonic: Int64, acceptsClock: Bool) {
    clock = ReferenceClock(
      lastStored: clock.lastStored, wall: wall, monotonic: monotonic, isAccepted: acceptsClock)
  }

  // MARK: Mutations

  private var unavailable: ExpectedReply {
    ExpectedReply(failure: Failure(code: .unavailable, retryMillis: 1000), commitSeq: reference.seq, isReplay: false)
  }

  private func carryOut(_ content: Sent.Content, _ caller: Caller, now: Int64?) -> ExpectedReply {
    guard let now else { return unavailable }
    switch content {
    case .mutation(let request):
      let (outcome, isReplay) = reference.perform(request, caller, now: now)
      if isReplay { replays += 1 }
      return ExpectedReply(outcome, isReplay: isReplay, seq: reference.seq)
    case .items(let requests, let isFull):
      let items = requests.enumerated().map { item(at: $0, $1, caller, now: now) }
      return ExpectedReply(batch: items, isReplay: false, isFull: isFull)
    case .batch(let key, let requests, let isFull):
      let (outcome, isReplay) = reference.performAll(requests, key: key, caller, now: now)
      if isReplay { replays += 1 }
      guard case .batch(let outcomes) = outcome else {
        return ExpectedReply(outcome, isReplay: isReplay, seq: reference.seq)
      }
      let items = outcomes.map { ExpectedReply.BatchItem(outcome: $0, isReplay: isReplay, seq: reference.seq) }
      return ExpectedReply(batch: items, isReplay: isReplay, isFull: isFull)
    case .read, .unknownMethod: preconditionFailure("no mutation")
    }
  }

  private func item(at index: Int, _ request: Request, _ caller: Caller, now: Int64) -> ExpectedReply.BatchItem {
    if let fault = request.fault, fault.isUnreadable {
      return .init(outcome: .failed(.invalid(fault.field)), isReplay: false, seq: reference.seq)
    }
    let (outcome, isReplay) = reference.perform(request, caller, path: "items[\(index)].", now: now)
    if isReplay { replays += 1 }
    return .init(outcome: outcome, isReplay: isReplay, seq: reference.seq)
  }
}

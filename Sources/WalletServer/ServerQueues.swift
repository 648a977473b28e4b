package import WalletCore
package import WalletSystem

/// The queues behind the loop: one owns the ledger, one owns a reader of rows. A small gather doesn't leave the loop (`InPlace`).
package struct ServerQueues: Sendable {
  let ledger: GatherQueue<LedgerRequest>
  let reads: GatherQueue<DeferredRead>

  /// - Parameters:
  ///   - schedule: Leads to the queue that owns `ledger`, and to the one that owns `reader`. A simulation runs the work
  ///     when it likes.
  ///   - calls: Which calls are told in the log.
  ///   - taken: Hears of what the ledger decides next, in its order, and of what a glance has answered: a simulation follows it.
  ///   - decided: Hears when what was taken is committed, before it is answered.
  ///   - deliver: Called on those queues with answers.
  ///   - log: Takes a line for the operator.
  ///   - fault: Called when nobody may be answered any more. It must not return.
  package init(
    ledger: Confined<any Ledger>, reader: Confined<any LedgerReader>, limits: ServerLimits, time: any TimeSource,
    calls: CallLogging = .off,
    scheduleLedger: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    scheduleReads: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    taken: (@Sendable ([Ticket]) -> Void)? = nil, decided: (@Sendable () -> Void)? = nil,
    deliver: @escaping @Sendable (Completions) -> Void, log: @escaping @Sendable (String) -> Void,
    linger: Linger? = nil, inPlace: InPlace? = nil,
    fault: @escaping @Sendable (LedgerFault) -> Never
  ) {
    let reads = GatherQueue<DeferredRead>(
      gatherMax: limits.listGatherMax, time: time, schedule: scheduleReads,
      perform: { gather in
        var completions = Completions(tickets: gather.tickets)
        for read in gather.requests {
          do throws(LedgerFault) { completions.outcomes.append(try reader.value.perform(read)) } catch {
            fault(error)
          }
        }
        return completions
      },
      takeUnfinished: { $0.takeDeferred() }, deliver: deliver)
    self.reads = reads
    self.ledger = GatherQueue(
      gatherMax: limits.gatherMax, time: time, schedule: scheduleLedger,
      perform: { gather in
        let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
        taken?(gather.tickets)
        do throws(LedgerFault) {
          // A gather may be long: its deadlines are looked at once more as each mutation's turn comes. The clock is read
          // once for a few of them, since reading it takes as long as a small part of the mutation.
          var now = reading.monotonic
          let outcomes = try ledger.value.perform(gather.requests, reading: reading) { index in
            if index & 31 == 31 { now = time.monotonicMicroseconds }
            return gather.tickets[index].deadline > now
          }
          decided?()
          var completions = Completions(tickets: gather.tickets, outcomes: outcomes)
          completions.commitMicroseconds = ledger.value.lastCommitMicroseconds
          completions.notes = calls.notes(gather, outcomes, now: time.monotonicMicroseconds)
          if gather.requests.contains(where: \.mayBeDeferred) {
            var found = completions.takeDeferred()
            if !found.isEmpty { reads.submit(&found) }
          }
          return completions
        } catch {
          fault(error)
        }
      },
      glance: { gather in
        guard let outcomes = ledger.value.glance(gather.requests) else { return nil }
        taken?(gather.tickets)
        return Completions(tickets: gather.tickets, outcomes: outcomes)
      },
      deliver: deliver,
      upkeep: { isIdle in
        do throws(LedgerFault) {
          let upkeep = try ledger.value.maintain(isIdle: isIdle)
          if let line = upkeep.line { log(line) }
          return upkeep.isUnfinished
        } catch {
          fault(error)
        }
      },
      linger: linger, inPlace: inPlace)
  }

  /// Runs a job that looks at the ledger while nobody performs for it. From any thread.
  package func betweenGathers(_ job: @escaping @Sendable () -> Void) { ledger.betweenGathers(job) }

  /// Whether the loop is inside the ledger right now: then it answers nobody until its commit is on the disk.
  package var loopIsInLedger: Bool { ledger.isInPlace }
}

extension Completions {
  /// Takes out what a reader has to go on with, and keeps the rest.
  fileprivate mutating func takeDeferred() -> Gather<DeferredRead> {
    var rest = Completions()
    var found = Gather<DeferredRead>()
    for (ticket, outcome) in zip(tickets, outcomes) {
      if case .deferred(let read) = outcome { found.append(ticket, read) } else { rest.append(ticket, outcome) }
    }
    if !found.isEmpty {
      rest.notes = notes
      self = rest
    }
    return found
  }
}

/// `@unchecked Sendable`: the value is used by one thread at a time, the one that performs for its `GatherQueue`.
package struct Confined<Value>: @unchecked Sendable {
  let value: Value

  package init(_ value: Value) { self.value = value }
}

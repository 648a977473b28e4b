package import WalletCore
package import WalletSystem

/// The queues behind the loop: one owns the ledger, one owns a reader for lists.
package struct ServerQueues: Sendable {
  let ledger: GatherQueue<LedgerRequest>
  let lists: GatherQueue<ListRequest>

  /// - Parameters:
  ///   - schedule: Leads to the queue that owns `ledger`, and to the one that owns `reader`. A simulation runs the work
  ///     when it likes.
  ///   - deliver: Called on those queues with answers.
  ///   - log: Takes a line for the operator.
  ///   - fault: Called when nobody may be answered any more. It must not return.
  package init(
    ledger: Confined<any Ledger>, reader: Confined<any LedgerReader>, limits: ServerLimits, time: any TimeSource,
    scheduleLedger: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    scheduleLists: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    deliver: @escaping @Sendable ([Completion]) -> Void, log: @escaping @Sendable (String) -> Void,
    fault: @escaping @Sendable (LedgerFault) -> Never
  ) {
    self.ledger = GatherQueue(
      gatherMax: limits.gatherMax, time: time, schedule: scheduleLedger,
      perform: { submissions in
        let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
        do throws(LedgerFault) {
          // A gather may be long: its deadlines are looked at once more as each mutation's turn comes.
          let outcomes = try ledger.value.perform(submissions.map(\.request), reading: reading) { index in
            submissions[index].deadline > time.monotonicMicroseconds
          }
          return zip(submissions, outcomes).map { $0.completion($1) }
        } catch {
          fault(error)
        }
      },
      deliver: deliver,
      afterwards: { if let line = ledger.value.maintain() { log(line) } })
    lists = GatherQueue(
      gatherMax: limits.listGatherMax, time: time, schedule: scheduleLists,
      perform: { submissions in
        submissions.map { submission in
          do throws(LedgerFault) { return submission.completion(try reader.value.perform(submission.request)) } catch {
            fault(error)
          }
        }
      },
      deliver: deliver)
  }
}

/// `@unchecked Sendable`: the value is used on one queue only, the one that its `GatherQueue` schedules on.
package struct Confined<Value>: @unchecked Sendable {
  let value: Value

  package init(_ value: Value) { self.value = value }
}

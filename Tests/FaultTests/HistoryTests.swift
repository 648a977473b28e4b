import HistoryChecker
import TestSupport
import Testing

/// What is written down of a load must be enough to see that a ledger has broken a promise.
extension FaultTests {
  private struct Plant: Sendable {
    var name: String
    var kind: Anomaly.Kind
    var plant: @Sendable (inout History) -> Void
  }

  private static let plants: [Plant] = [
    Plant(name: "a row that was acknowledged is another's", kind: .lost) { history in
      let row = history.rowIndex(of: history.calls[history.someCall()])
      history.rows[row].key = "another"
    },
    Plant(name: "a key is carried out again", kind: .twice) { history in
      var call = history.calls[history.someCall()]
      (call.start, call.end) = (history.lastMoment + 1, history.lastMoment + 2)
      history.calls.append(call)
    },
    Plant(name: "a reply tells another balance", kind: .wrongReply) { history in
      history.calls[history.someCall()].balance += 1
    },
    Plant(name: "what was sent last stands before all others", kind: .realTime) { history in
      let call = history.someCall()
      (history.calls[call].start, history.calls[call].end) = (history.lastMoment + 1, history.lastMoment + 2)
    },
    Plant(name: "the first read comes after everything and shows nothing of it", kind: .realTime) { history in
      let read = history.calls.firstIndex { $0.outcome == .read } ?? 0
      (history.calls[read].start, history.calls[read].end) = (history.lastMoment + 1, history.lastMoment + 2)
    },
    Plant(name: "a read shows a balance that never was", kind: .wrongRead) { history in
      history.calls[history.calls.firstIndex { $0.outcome == .read } ?? 0].balance += 1
    },
    Plant(name: "a transfer gives what nobody gets", kind: .conservation) { history in
      history.rows[history.rows.firstIndex { $0.other != 0 } ?? 0].amount -= 1
    },
    Plant(name: "what was answered NOT_EXECUTED is there", kind: .effectOfFailed) { history in
      history.calls[history.someCall()].outcome = .failed
    },
    Plant(name: "a row that nobody asked for", kind: .nobodySent) { history in
      history.calls.remove(at: history.someCall())
    },
  ]

  @Test("The history of a load is sound, and isn't with anything planted in it")
  func plantedHistory() throws {
    let folder = try ScratchFolder("history")
    let data = "\(folder.path)/data"
    let server = try ServerProcess.serve(data)
    var generator = SeededGenerator(of: "history of a load")
    let wallets = try Load.openWallets(6, server.port, &generator, witness).wallets
    let load = Load(port: server.port, wallets: wallets, witness: witness, isMixed: true, countMax: 400)
    let seeds = (0..<3).map { _ in generator.next() }
    for log in try Threads.run(seeds.count, { try load.run(seed: seeds[$0]) }) { #expect(log.problems.isEmpty) }
    #expect(try server.terminate() == .exited(0))

    let history = try witness.history(data)
    #expect(Checker.anomalies(of: history) == [])
    for plant in Self.plants {
      var planted = history
      plant.plant(&planted)
      #expect(Checker.anomalies(of: planted).contains { $0.kind == plant.kind }, "\(plant.name)")
    }
    FaultSize.report(
      "histories: of \(history.calls.count) calls, 0 anomalies, and each of \(Self.plants.count) that were planted is found"
    )
  }
}

extension History {
  /// A credit or a debit that was carried out, early in the history: it has a row of its own.
  fileprivate func someCall() -> Int {
    calls.firstIndex { call in
      call.outcome == .done && call.amount != 0 && call.seq == call.commitSeq && call.seq < Int64(rows.count) / 2
    } ?? 0
  }

  fileprivate func rowIndex(of call: Call) -> Int { rows.firstIndex { $0.seq == call.seq } ?? 0 }

  fileprivate var lastMoment: Int64 { calls.compactMap(\.end).max() ?? 0 }
}

import Foundation
import HistoryChecker
import Testing

/// A sound history passes, and each kind of unsound one is caught.
@Suite("The checker of histories")
struct CheckerTests {
  /// A history with something planted in it.
  struct Planted: CustomTestStringConvertible, Sendable {
    var name: String
    var kind: Anomaly.Kind
    /// Without the journal it can be seen from what was told alone.
    var isSeenByReplies = false
    var plant: @Sendable (inout SoundHistory) -> Void

    var testDescription: String { name }
  }

  static let planted: [Planted] = [
    Planted(name: "an acknowledged debit isn't there", kind: .lost) { sound in
      let row = sound.history.rows.remove(at: sound.rowIndex(of: "debit-1"))
      // The rest moves up, as if it had never been.
      for index in sound.history.rows.indices where sound.history.rows[index].seq > row.seq {
        sound.history.rows[index].seq -= 1
      }
    },
    Planted(name: "a remembered refusal isn't there", kind: .lost) { sound in
      let index = sound.rowIndex(of: "refused-1")
      sound.history.rows[index].key = "another"
    },
    Planted(name: "a credit is there twice", kind: .twice) { sound in
      var row = sound.history.rows[sound.rowIndex(of: "credit-1")]
      row.seq = Int64(sound.history.rows.count) + 1
      (row.version, row.balance) = (20, 200)
      sound.history.rows.append(row)
    },
    Planted(name: "a key is carried out again", kind: .twice, isSeenByReplies: true) { sound in
      var call = sound.history.calls[sound.index(of: "debit-1")]
      (call.start, call.end) = (51, 52)
      sound.history.calls.append(call)
    },
    Planted(name: "a repeat is answered in another way", kind: .contradiction, isSeenByReplies: true) { sound in
      var call = sound.history.calls[sound.index(of: "debit-1")]
      (call.start, call.end, call.isReplayed, call.balance) = (51, 52, true, 69)
      sound.history.calls.append(call)
    },
    Planted(name: "a refusal is carried out when it is repeated", kind: .contradiction, isSeenByReplies: true) {
      sound in
      var call = sound.history.calls[sound.index(of: "refused-1")]
      (call.start, call.end, call.isReplayed, call.outcome) = (98, 99, true, .done)
      sound.history.calls.append(call)
    },
    Planted(name: "a reply tells another balance", kind: .wrongReply) { sound in
      sound.history.calls[sound.index(of: "debit-1")].balance += 1
    },
    Planted(name: "a reply tells another version", kind: .wrongReply) { sound in
      sound.history.calls[sound.index(of: "transfer-1")].version += 1
    },
    Planted(name: "more is taken than was asked for", kind: .wrongReply) { sound in
      sound.history.calls[sound.index(of: "debit-1")].amount = -29
    },
    Planted(name: "a transfer says it ends at its first row", kind: .wrongReply) { sound in
      sound.history.calls[sound.index(of: "transfer-1")].commitSeq -= 1
    },
    Planted(name: "a credit stands before what was answered before it was sent", kind: .realTime, isSeenByReplies: true)
    {
      sound in
      sound.history.calls[sound.index(of: "credit-1")].start = 51
      sound.history.calls[sound.index(of: "credit-1")].end = 52
    },
    Planted(name: "a call that nobody answered stands before older ones", kind: .realTime) { sound in
      for index in sound.history.calls.indices where sound.history.calls[index].key == "debit-2" {
        sound.history.calls[index].start = 85
        if sound.history.calls[index].end != nil { sound.history.calls[index].end = 86 }
      }
    },
    Planted(name: "a read doesn't show what was acknowledged", kind: .realTime, isSeenByReplies: true) { sound in
      let index = sound.history.calls.firstIndex { $0.outcome == .read } ?? 0
      (sound.history.calls[index].version, sound.history.calls[index].balance) = (1, 0)
      (sound.history.calls[index].seq, sound.history.calls[index].commitSeq) = (2, 2)
    },
    Planted(name: "a read shows less than its place", kind: .wrongRead, isSeenByReplies: true) { sound in
      let index = sound.history.calls.firstIndex { $0.outcome == .read } ?? 0
      (sound.history.calls[index].version, sound.history.calls[index].balance) = (1, 0)
    },
    Planted(name: "a read shows what comes later", kind: .wrongRead, isSeenByReplies: true) { sound in
      let index = sound.history.calls.firstIndex { $0.outcome == .read } ?? 0
      (sound.history.calls[index].version, sound.history.calls[index].balance) = (3, 70)
    },
    Planted(name: "a read shows a balance that never was", kind: .wrongRead, isSeenByReplies: true) { sound in
      let index = sound.history.calls.firstIndex { $0.outcome == .read } ?? 0
      sound.history.calls[index].balance = 99
    },
    Planted(name: "a balance doesn't follow from its row", kind: .fold, isSeenByReplies: true) { sound in
      sound.history.rows[sound.rowIndex(of: "debit-1")].balance += 5
      sound.history.calls[sound.index(of: "debit-1")].balance += 5
    },
    Planted(name: "a version is given twice", kind: .fold, isSeenByReplies: true) { sound in
      sound.history.rows[sound.rowIndex(of: "debit-1")].version -= 1
      sound.history.calls[sound.index(of: "debit-1")].version -= 1
    },
    Planted(name: "a place of the journal is empty", kind: .hole) { sound in
      sound.history.rows.remove(at: sound.rowIndex(of: "refused-1"))
    },
    Planted(name: "a place of the journal is taken twice", kind: .hole) { sound in
      sound.history.rows[sound.rowIndex(of: "refused-1")].seq -= 1
    },
    Planted(name: "one side of a transfer gets more than the other gives", kind: .conservation) { sound in
      let index = sound.history.rows.firstIndex { $0.key == nil } ?? 0
      sound.history.rows[index].amount += 1
    },
    Planted(name: "a wallet has more than its rows", kind: .conservation) { sound in
      sound.history.wallets[0].balance += 1
    },
    Planted(name: "the totals don't sum to zero", kind: .conservation) { sound in sound.history.totals[0].total += 1 },
    Planted(name: "money goes to an account that has no rows", kind: .conservation) { sound in
      sound.history.totals[0].total += 1
      sound.history.totals.append(History.Total(currency: "USD", account: "other", total: -1))
    },
    Planted(name: "a call that was to have no effect has one", kind: .effectOfFailed) { sound in
      sound.history.rows[sound.rowIndex(of: "refused-1")].key = "failed-1"
    },
    Planted(name: "a row that nobody sent", kind: .nobodySent) { sound in
      sound.history.calls.removeAll { $0.key == "debit-2" }
    },
    Planted(name: "a batch of all or nothing is there in part", kind: .torn) { sound in
      sound.history.calls.removeAll { $0.key == "batch-1\u{B7}1" }
      var call = History.Call(start: 90, verb: "credit")
      (call.key, call.batch, call.amount) = ("batch-1\u{B7}2", "batch-1", 4)
      sound.history.calls.append(call)
    },
    Planted(name: "another's row stands within a batch", kind: .torn) { sound in
      let index = sound.rowIndex(of: "batch-1\u{B7}0")
      let stranger = sound.rowIndex(of: "debit-1")
      (sound.history.rows[index].seq, sound.history.rows[stranger].seq) = (
        sound.history.rows[stranger].seq, sound.history.rows[index].seq
      )
    },
  ]

  @Test("a sound history has no anomaly, with its journal and without")
  func sound() {
    var history = SoundHistory().history
    #expect(Checker.anomalies(of: history) == [])
    (history.rows, history.wallets, history.totals) = ([], [], [])
    #expect(Checker.anomalies(of: history) == [])
  }

  @Test("what is planted is caught", arguments: planted)
  func caught(_ planted: Planted) {
    var sound = SoundHistory()
    planted.plant(&sound)
    #expect(Checker.anomalies(of: sound.history).contains { $0.kind == planted.kind })
    if planted.isSeenByReplies {
      (sound.history.rows, sound.history.wallets, sound.history.totals) = ([], [], [])
      #expect(Checker.anomalies(of: sound.history).contains { $0.kind == planted.kind }, "by the replies alone")
    }
  }

  @Test("something is planted of each kind")
  func kinds() {
    for kind in Anomaly.Kind.allCases { #expect(Self.planted.contains { $0.kind == kind }, "\(kind)") }
  }

  @Test("a history is read from its file as it was written")
  func file() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let history = SoundHistory().history
    try HistoryFile.write(history, to: path)
    #expect(try HistoryFile.read(path) == history)
  }

  @Test("a file that isn't there is told by its name")
  func noFile() {
    let path = "/nowhere/history.jsonl"
    let unread = #expect(throws: HistoryFile.Unusable.self) { try HistoryFile.read(path) }
    #expect(unread?.description.hasPrefix("\(path) can't be read: ") == true)
    let unwritten = #expect(throws: HistoryFile.Unusable.self) { try HistoryFile.write(History(), to: path) }
    #expect(unwritten?.description.hasPrefix("\(path) can't be written: ") == true)
  }

  @Test("acknowledgements of a load are held against a journal")
  func acknowledgements() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "acks-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sound = SoundHistory().history
    // One of a debit, and one of a transfer, which is acknowledged with its last row.
    let transfer = sound.calls[SoundHistory().index(of: "transfer-1")]
    let lines = ["debit-1 4 1 3 70", "transfer-1 \(transfer.commitSeq) 1 \(transfer.version) \(transfer.balance)"]
    for (text, isSound) in [(lines, true), (["debit-1 4 1 3 71"], false), (["debit-9 4 1 3 70"], false)] {
      try Data((text.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
      var history = try HistoryFile.readAcknowledgements(path)
      (history.rows, history.wallets, history.totals) = (sound.rows, sound.wallets, sound.totals)
      #expect(Checker.anomalies(of: history).isEmpty == isSound, "\(text)")
    }
    try Data("debit-1 4 1 3\n".utf8).write(to: URL(filePath: path))
    #expect(throws: HistoryFile.BadLine.self) { try HistoryFile.readAcknowledgements(path) }
  }

  @Test(
    "a line that is none of a history is told with its number",
    arguments: [
      (#"{"type":"row","seq":1}"#, "line 1: a row needs wallet"),
      (#"{"type":"call","start":1,"verb":"debit","outcome":"done","end":2}"#, "line 1: a mutation needs key"),
      (
        #"{"type":"call","start":1,"verb":"debit","outcome":"done","key":"k"}"#,
        "line 1: a call has an end unless its outcome is unknown"
      ),
      ("nothing", "line 1: is no JSON object of a history"),
    ])
  func badLine(_ text: String, _ told: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data((text + "\n").utf8).write(to: URL(filePath: path))
    let error = #expect(throws: HistoryFile.BadLine.self) { try HistoryFile.read(path) }
    #expect(error?.description.hasPrefix(told) == true, "\(String(describing: error))")
  }
}

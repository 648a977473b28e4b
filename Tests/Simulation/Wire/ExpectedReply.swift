import TestSupport

/// A RESPONSE as it must come.
struct ExpectedReply {
  static let notExecuted: UInt8 = 0x02
  static let replayed: UInt8 = 0x04

  var status: UInt16 = 0
  var flags: UInt8 = 0
  var retryMillis: UInt32 = 0
  var message: ComparableReply.Message
  /// What can be foretold of it.
  var payload: [UInt8]
  /// The transactions in it, in their order: their digests must be those that were told before.
  var rows: [ShownRow] = []
  /// The codes that it says, those of items too.
  var codes: [Code] = []
}

extension ExpectedReply {
  /// A failure that no ledger has seen.
  static func atDoor(_ failure: Failure) -> ExpectedReply {
    var reply = ExpectedReply(failure: failure, commitSeq: 0, isReplay: false)
    reply.message = .errorAtDoor
    return reply
  }

  init(failure: Failure, commitSeq: Int64, isReplay: Bool) {
    status = failure.code.status
    flags = Self.notExecuted | (isReplay ? Self.replayed : 0)
    retryMillis = failure.retryMillis
    message = .error
    payload = failure.error(commitSeq: commitSeq, isReplay: isReplay)
    codes = [failure.code]
  }

  /// - Parameter seq: The last place in the journal when it was decided.
  init(_ outcome: Outcome, isReplay: Bool, seq: Int64) {
    switch outcome {
    case .failed(let failure): self.init(failure: failure, commitSeq: seq, isReplay: false)
    case .refused(let failure, let place): self.init(failure: failure, commitSeq: place, isReplay: isReplay)
    case .administered(let row):
      let payload = ProtobufWriter.message {
        $0.message(1, row.wire)
        $0.integer(2, isReplay ? 1 : 0)
        $0.integer(4, row.seq)
      }
      self.init(flags: isReplay ? Self.replayed : 0, message: .administration, payload: payload, rows: [row])
    case .posted(let row, nil):
      self.init(
        flags: isReplay ? Self.replayed : 0, message: .mutation,
        payload: Self.mutation(row, isReplay: isReplay, commitSeq: row.seq), rows: [row])
    case .posted(let row, let other?):
      let payload = ProtobufWriter.message {
        $0.message(1, Self.mutation(row, isReplay: isReplay, commitSeq: other.seq))
        $0.message(2, other.wire)
        $0.integer(3, other.seq)
        $0.integer(4, isReplay ? 1 : 0)
      }
      self.init(flags: isReplay ? Self.replayed : 0, message: .transfer, payload: payload, rows: [row, other])
    case .batch(let outcomes):
      self.init(
        batch: outcomes.map { BatchItem(outcome: $0, isReplay: isReplay, seq: seq) }, isReplay: isReplay, isFull: false)
    }
  }

  private static func mutation(_ row: Row, isReplay: Bool, commitSeq: Int64) -> [UInt8] {
    ProtobufWriter.message {
      $0.message(1, row.wire)
      $0.integer(2, row.balance)
      $0.integer(3, row.held)
      $0.integer(4, Wallet.available(row.balance, row.held, row.overdraft))
      $0.integer(5, row.version)
      $0.text(6, row.wallet.currency)
      $0.integer(7, row.wallet.exponent)
      $0.integer(8, isReplay ? 1 : 0)
      $0.integer(9, commitSeq)
    }
  }

  /// An item of a batch, and the last place in the journal when it was decided.
  struct BatchItem {
    var outcome: Outcome
    var isReplay: Bool
    var seq: Int64
  }

  init(batch items: [BatchItem], isReplay: Bool, isFull: Bool) {
    var rows: [ShownRow] = []
    var codes: [Code] = []
    var commitSeq: Int64 = 0
    var writer = ProtobufWriter()
    for item in items {
      switch item.outcome {
      case .posted(let row, let other):
        commitSeq = max(commitSeq, other?.seq ?? row.seq)
        if isFull { rows.append(row) }
        writer.message(1) { Self.write(row, isReplay: item.isReplay, isFull: isFull, to: &$0) }
      case .refused(let failure, let seq): fail(failure, seq, item.isReplay)
      case .failed(let failure): fail(failure, item.seq, false)
      case .batch, .administered: preconditionFailure("what may not stand in a batch")
      }
    }
    func fail(_ failure: Failure, _ seq: Int64, _ isReplay: Bool) {
      commitSeq = max(commitSeq, seq)
      codes.append(failure.code)
      writer.message(1) {
        $0.message(5, failure.error(commitSeq: seq, isReplay: isReplay))
        $0.integer(6, isReplay ? 1 : 0)
      }
    }
    writer.integer(2, commitSeq)
    writer.integer(3, isReplay ? 1 : 0)
    self.init(
      flags: isReplay ? Self.replayed : 0, message: .batch, payload: writer.bytes, rows: rows, codes: codes)
  }

  private static func write(_ row: Row, isReplay: Bool, isFull: Bool, to result: inout ProtobufWriter) {
    result.integer(1, row.seq)
    result.integer(2, row.version)
    result.integer(3, row.balance)
    result.integer(4, row.held)
    result.integer(6, isReplay ? 1 : 0)
    if isFull { result.message(7, row.wire) }
    result.integer(8, row.wallet.id)
    result.integer(9, Wallet.available(row.balance, row.held, row.overdraft))
    result.text(10, row.wallet.currency)
    result.integer(11, row.wallet.exponent)
  }
}

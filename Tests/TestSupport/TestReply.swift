package import WalletWire

/// A RESPONSE, and what its message says.
package struct TestReply: Sendable {
  package var header: FrameHeader
  package var payload: [UInt8]

  package init(header: FrameHeader, payload: [UInt8]) {
    self.header = header
    self.payload = payload
  }

  package var status: UInt16 { header.code }
  package var isOK: Bool { header.code == 0 }
  package var isNotExecuted: Bool { header.flags.contains(.notExecuted) }
  package var isReplayed: Bool { header.flags.contains(.replayed) }

  package func message() throws(TestFailure) -> ProtobufMessage { try ProtobufMessage(payload) }

  /// The wallet.v1.Error of a reply that isn't OK.
  package func error() throws(TestFailure) -> TestError {
    let message = try message()
    return TestError(
      reason: message.integer(1), message: message.text(2), commitSeq: message.integer(3),
      isReplayed: message.integer(4) != 0)
  }

  /// The results of a batch.
  package func results() throws(TestFailure) -> [TestBatchResult] {
    try message().all(1).map { bytes throws(TestFailure) in try TestBatchResult(bytes) }
  }

  /// What the reply to a transfer says of its source.
  package func transfer() throws(TestFailure) -> TestMutation {
    let whole = try message()
    var mutation = try TestReply(header: header, payload: whole.bytes(1)).mutation()
    mutation.commitSeq = whole.integer(3)
    mutation.isReplayed = whole.integer(4) != 0
    return mutation
  }

  package func mutation() throws(TestFailure) -> TestMutation {
    let message = try message()
    return TestMutation(
      transaction: try TestTransaction(message.bytes(1)), transactionBytes: message.bytes(1),
      balance: message.integer(2), version: message.integer(5), isReplayed: message.integer(8) != 0,
      commitSeq: message.integer(9))
  }
}

/// A result of a batch.
package struct TestBatchResult: Equatable, Sendable {
  package var transactionID: Int64
  package var version: Int64
  package var balance: Int64
  package var walletID: Int64
  /// The reason; 0: no error.
  package var reason: Int64
  package var isReplayed: Bool

  package init(_ bytes: some RandomAccessCollection<UInt8>) throws(TestFailure) {
    let message = try ProtobufMessage(bytes)
    transactionID = message.integer(1)
    version = message.integer(2)
    balance = message.integer(3)
    walletID = message.integer(8)
    reason = try ProtobufMessage(message.bytes(5)).integer(1)
    isReplayed = message.integer(6) != 0
  }
}

package struct TestError: Equatable, Sendable {
  package static let resourceExhausted: Int64 = 5
  package static let deadlineExceeded: Int64 = 7
  package static let unavailable: Int64 = 8
  package static let insufficientFunds: Int64 = 33
  package static let batchAborted: Int64 = 35

  package var reason: Int64
  package var message: String
  package var commitSeq: Int64
  package var isReplayed: Bool
}

package struct TestMutation: Equatable, Sendable {
  package var transaction: TestTransaction
  package var transactionBytes: [UInt8]
  package var balance: Int64
  package var version: Int64
  package var isReplayed: Bool
  package var commitSeq: Int64
}

/// The fields of a transaction that the tests look at.
package struct TestTransaction: Equatable, Sendable {
  package var id: Int64
  package var kind: Int64
  package var walletID: Int64
  package var version: Int64
  package var amount: Int64
  package var balance: Int64
  package var key: String
  package var createdAt: Int64
  package var digest: [UInt8]

  package init(_ bytes: some RandomAccessCollection<UInt8>) throws(TestFailure) {
    let message = try ProtobufMessage(bytes)
    id = message.integer(1)
    kind = message.integer(2)
    walletID = message.integer(3)
    version = message.integer(4)
    amount = message.integer(5)
    balance = message.integer(7)
    key = message.text(19)
    createdAt = message.integer(26)
    digest = message.bytes(28)
  }
}

package struct TestWallet: Equatable, Sendable {
  package var id: Int64
  package var balance: Int64
  package var version: Int64

  package init(_ bytes: some RandomAccessCollection<UInt8>) throws(TestFailure) {
    let message = try ProtobufMessage(bytes)
    id = message.integer(1)
    balance = message.integer(7)
    version = message.integer(11)
  }
}

import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

/// What protobuf-c reads of the replies that it packs.
@Suite("Errors and wallets in replies")
struct ErrorReplyTests {
  private static func text(_ data: ProtobufCBinaryData) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }

  private static func read<Message, Value>(
    _ output: [UInt8], _ type: Message.Type, _ descriptor: ProtobufCMessageDescriptor, _ body: (Message) -> Value
  ) throws -> Value {
    let arena = MessageArena(budget: 1 << 20)
    var descriptor = unsafe descriptor
    let payload = Array(output.dropFirst(FrameHeader.byteCount))
    let message = unsafe try #require(arena.unpack(type, &descriptor, payload.span))
    return unsafe body(message.pointee)
  }

  /// The case of the detail, its figures, and its text.
  private struct Detail: Equatable {
    var number: Int
    var figures: [Int64] = []
    var text = ""
  }

  private static func detail(_ error: Wallet__V1__Error) -> Detail {
    let number = unsafe Int(error.detail_case.rawValue)
    switch unsafe error.detail_case {
    case WALLET__V1__ERROR__DETAIL_TRANSACTION:
      return unsafe Detail(number: number, figures: [error.transaction.pointee.transaction_id])
    case WALLET__V1__ERROR__DETAIL_HOLD:
      let hold = unsafe error.hold.pointee
      return unsafe Detail(number: number, figures: [hold.hold_id, hold.at_micros, hold.remaining])
    case WALLET__V1__ERROR__DETAIL_REFUND_EXCEEDS:
      let refund = unsafe error.refund_exceeds.pointee
      return unsafe Detail(number: number, figures: [refund.original, refund.refunded, refund.remaining])
    case WALLET__V1__ERROR__DETAIL_WALLET_FROZEN:
      let frozen = unsafe error.wallet_frozen.pointee
      return unsafe Detail(
        number: number,
        figures: [frozen.wallet_id, Int64(frozen.scope.rawValue), frozen.since_micros, frozen.until_micros],
        text: text(frozen.reason))
    case WALLET__V1__ERROR__DETAIL_WALLET_NOT_EMPTY:
      let notEmpty = unsafe error.wallet_not_empty.pointee
      return unsafe Detail(number: number, figures: [notEmpty.balance, notEmpty.open_holds])
    case WALLET__V1__ERROR__DETAIL_LIMIT_EXCEEDED:
      let limit = unsafe error.limit_exceeded.pointee
      return unsafe Detail(
        number: number,
        figures: [Int64(limit.kind.rawValue), limit.limit, limit.used, limit.remaining, limit.window_end_micros])
    case WALLET__V1__ERROR__DETAIL_MAX_BALANCE_EXCEEDED:
      let limit = unsafe error.max_balance_exceeded.pointee
      return unsafe Detail(number: number, figures: [limit.limit, limit.balance, limit.remaining])
    default: return Detail(number: number)
    }
  }

  private static let freeze = Freeze(scope: .credit, reason: "fraud.suspected", since: 6, until: 7)

  private static let cases: [(Failure, Int, [Int64], String)] = [
    (Failure(.transactionNotFound, .transaction(5)), 30, [5], ""),
    (Failure(.notRefundable, .transaction(.max)), 30, [.max], ""),
    (Failure(.holdNotFound, .hold(5, at: 0, remaining: 0)), 31, [5, 0, 0], ""),
    (Failure(.holdCaptured, .hold(5, at: 6, remaining: 0)), 31, [5, 6, 0], ""),
    (Failure(.holdReleased, .hold(5, at: 6, remaining: 0)), 31, [5, 6, 0], ""),
    (Failure(.holdExpired, .hold(5, at: 6, remaining: 0)), 31, [5, 6, 0], ""),
    (Failure(.holdAmountExceeded, .hold(5, at: 6, remaining: 7)), 31, [5, 6, 7], ""),
    (Failure(.refundExceedsOriginal, .refund(original: 100, refunded: 30)), 32, [100, 30, 70], ""),
    (Failure(.refundExceedsOriginal, .refund(original: 100, refunded: 100)), 32, [100, 100, 0], ""),
    (Failure(.walletFrozen, .frozen(walletID: 5, freeze)), 33, [5, 2, 6, 7], "fraud.suspected"),
    (Failure(.walletNotEmpty, .notEmpty(balance: -5, openHolds: 2)), 34, [-5, 2], ""),
    (Failure(.limitExceeded, .limit(.dayAmount, limit: 100, used: 30, windowEnd: 9)), 35, [2, 100, 30, 70, 9], ""),
    // A limit may be set below what was used already.
    (Failure(.limitExceeded, .limit(.monthCount, limit: 1, used: 3, windowEnd: 9)), 35, [7, 1, 3, 0, 9], ""),
    (
      Failure(.limitExceeded, .limit(.transactionAmount, limit: 100, used: 0, windowEnd: 0)), 35, [1, 100, 0, 100, 0],
      ""
    ),
    (Failure(.maxBalanceExceeded, .balanceMax(100, balance: 30)), 36, [100, 30, 70], ""),
    (Failure(.maxBalanceExceeded, .balanceMax(100, balance: 130)), 36, [100, 130, 0], ""),
    (Failure(.maxBalanceExceeded, .balanceMax(100, balance: -30)), 36, [100, -30, 130], ""),
  ]

  @Test("a refusal has its figures, alone and as the cause of a batch's", arguments: cases)
  func details(_ failure: Failure, _ number: Int, _ figures: [Int64], _ text: String) throws {
    let expected = Detail(number: number, figures: figures, text: text)
    var output: [UInt8] = []
    ReplyEncoder().append(failure, commitSeq: 9, replayed: true, requestID: 7, into: &output)
    try unsafe Self.read(output, Wallet__V1__Error.self, wallet__v1__error__descriptor) { error in
      #expect(unsafe error.reason.rawValue == UInt32(failure.reason.rawValue) && error.commit_seq == 9)
      #expect(unsafe Self.text(error.message) == failure.message && error.replayed == 1)
      #expect(unsafe Self.detail(error) == expected)
    }
    output = []
    let aborted = Failure(.batchAborted, .batchAborted(index: 3, cause: failure))
    ReplyEncoder().append(aborted, commitSeq: 9, requestID: 7, into: &output)
    try unsafe Self.read(output, Wallet__V1__Error.self, wallet__v1__error__descriptor) { error in
      #expect(unsafe Self.detail(error.batch_aborted.pointee.cause.pointee) == expected)
    }
  }

  @Test("the numbers of scopes and kinds of limits are those of the schema")
  func numbers() {
    #expect(FreezeScope.debit.rawValue == UInt8(WALLET__V1__FREEZE_SCOPE__FREEZE_SCOPE_DEBIT.rawValue))
    #expect(FreezeScope.credit.rawValue == UInt8(WALLET__V1__FREEZE_SCOPE__FREEZE_SCOPE_CREDIT.rawValue))
    #expect(FreezeScope.all.rawValue == UInt8(WALLET__V1__FREEZE_SCOPE__FREEZE_SCOPE_ALL.rawValue))
    let descriptor = unsafe wallet__v1__limit_kind__descriptor
    #expect(unsafe Int(descriptor.n_values) == LimitKind.allCases.count + 1)
    for kind in LimitKind.allCases {
      let value = unsafe descriptor.values[Int(kind.rawValue)]
      #expect(unsafe value.value == Int32(kind.rawValue))
      #expect(unsafe String(cString: value.name) == "LIMIT_KIND_\(kind.name.uppercased())")
    }
  }

  @Test("a wallet says whether expiries are pending", arguments: [false, true])
  func expiryPending(_ isPending: Bool) throws {
    var values = RandomValues(seed: 1)
    var wallet = values.wallet()
    wallet.isExpiryPending = isPending
    var output: [UInt8] = []
    ReplyEncoder().append(.wallet(wallet, commitSeq: 9), to: .getWallet, requestID: 7, into: &output)
    try unsafe Self.read(output, Wallet__V1__GetWalletResponse.self, wallet__v1__get_wallet_response__descriptor) {
      #expect(unsafe $0.wallet.pointee.expiry_pending == (isPending ? 1 : 0) && $0.wallet.pointee.id == wallet.id)
    }
    output = []
    ReplyEncoder().append(
      .wallets([wallet], nextCursor: "", commitSeq: 9), to: .listWallets, requestID: 7, into: &output)
    try unsafe Self.read(output, Wallet__V1__ListWalletsResponse.self, wallet__v1__list_wallets_response__descriptor) {
      #expect(unsafe $0.wallets[0]?.pointee.expiry_pending == (isPending ? 1 : 0))
    }
  }
}

import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

/// What is read by hand against protobuf-c, which says what a message is.
@Suite("Ordinary requests")
struct OrdinaryRequestTests {
  private struct Fields: Equatable {
    struct Wallet: Equatable {
      var id: Int64
      var texts: [[UInt8]]
    }

    var wallet: Wallet?
    var integers: [Int64] = []
    var texts: [[UInt8]] = []
  }

  private static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }

  private static func wallet(_ pointer: UnsafeMutablePointer<Wallet__V1__WalletRef>?) -> Fields.Wallet? {
    guard let wallet = unsafe pointer?.pointee else { return nil }
    return unsafe Fields.Wallet(
      id: wallet.id, texts: [bytes(wallet.owner_id), bytes(wallet.currency), bytes(wallet.name)])
  }

  private static func fields<Message: PostingMessage>(_ message: UnsafeMutablePointer<Message>) -> Fields {
    let posting = unsafe message.pointee
    return unsafe Fields(
      wallet: wallet(posting.wallet), integers: [posting.amount, posting.expected_version, posting.occurred_at_micros],
      texts: [
        bytes(posting.idempotency_key), bytes(posting.reason), bytes(posting.reference), bytes(posting.correlation_id),
        bytes(posting.note), bytes(posting.on_behalf_of), bytes(posting.counter_account),
      ])
  }

  /// Whether the bytes were read by hand.
  ///
  /// - Parameter descriptor: Of the message that `empty` is.
  private static func agree<Message: PostingMessage>(
    _ empty: Message, _ descriptor: ProtobufCMessageDescriptor, _ payload: [UInt8]
  ) -> Bool {
    let arena = MessageArena(budget: 16 << 20)
    let ordinary = unsafe arena.new(empty)
    let wallet = unsafe arena.new(Wallet__V1__WalletRef())
    return unsafe payload.withUnsafeBufferPointer { bytes in
      guard unsafe OrdinaryRequest.unpack(bytes, into: ordinary, wallet) else { return false }
      var descriptor = unsafe descriptor
      guard let message = unsafe arena.unpack(Message.self, &descriptor, payload.span) else {
        Issue.record("protobuf-c refuses \(payload)")
        return true
      }
      #expect(unsafe fields(ordinary) == fields(message), "\(payload)")
      let (unknown, metadata, dryRun) = unsafe (
        message.pointee.base.n_unknown_fields, message.pointee.n_metadata, message.pointee.dry_run
      )
      let unknownOfWallet = unsafe message.pointee.wallet?.pointee.base.n_unknown_fields ?? 0
      #expect(unknown == 0 && metadata == 0 && dryRun == 0 && unknownOfWallet == 0, "\(payload)")
      return true
    }
  }

  private static func agreeAboutBalance(_ payload: [UInt8]) -> Bool {
    let arena = MessageArena(budget: 16 << 20)
    let ordinary = unsafe arena.new(Wallet__V1__GetBalanceRequest())
    let wallet = unsafe arena.new(Wallet__V1__WalletRef())
    return unsafe payload.withUnsafeBufferPointer { bytes in
      guard unsafe OrdinaryRequest.unpack(bytes, into: ordinary, wallet) else { return false }
      var descriptor = unsafe wallet__v1__get_balance_request__descriptor
      guard let message = unsafe arena.unpack(Wallet__V1__GetBalanceRequest.self, &descriptor, payload.span) else {
        Issue.record("protobuf-c refuses \(payload)")
        return true
      }
      #expect(unsafe Self.wallet(ordinary.pointee.wallet) == Self.wallet(message.pointee.wallet), "\(payload)")
      #expect(unsafe message.pointee.base.n_unknown_fields == 0, "\(payload)")
      return true
    }
  }

  private static func agree(_ payload: [UInt8]) -> Bool {
    let debit = unsafe agree(Wallet__V1__DebitRequest(), wallet__v1__debit_request__descriptor, payload)
    let credit = unsafe agree(Wallet__V1__CreditRequest(), wallet__v1__credit_request__descriptor, payload)
    #expect(debit == credit)
    return debit
  }

  @Test("what clients send is ordinary")
  func ordinary() {
    #expect(Self.agree(Wire.debit))
    let rest =
      Wire.field(5, "reference") + Wire.field(6, "correlation") + Wire.field(7, String(repeating: "n", count: 200))
      + Wire.field(8, "someone") + Wire.field(9, 7) + Wire.field(10, .max) + Wire.field(11, "sales")
    #expect(Self.agree(Wire.debit + rest))
    #expect(Self.agree([]))
    #expect(Self.agreeAboutBalance(Wire.field(1, Wire.field(1, 77))))
    #expect(Self.agreeAboutBalance(Wire.field(1, Wire.wallet)))
  }

  @Test("what isn't, is left to protobuf-c")
  func strange() {
    for strange in [
      Wire.field(12, Wire.field(1, "key")), Wire.field(13, 1), Wire.field(99, 1), Wire.field(14, 1), Wire.field(2, 5),
      Wire.field(1, []), Wire.field(9, -1), [0x18, 1], [0x90, 0x00, 1], [0x4A, 0x80, 0x80, 0x00], [0x4A, 5], [0x4A],
      [0x48], [0x48, 0x80], [0x00, 1], [0x4B], [0x4D, 1, 2, 3, 4],
    ] {
      #expect(!Self.agree(Wire.debit + strange), "\(strange)")
    }
    #expect(!Self.agreeAboutBalance(Wire.field(1, Wire.wallet) + Wire.field(2, 1)))
  }

  // MARK: Batches

  /// What protobuf-c makes of a batch; `nil` when it is refused.
  private static func unpacked(_ payload: [UInt8]) -> BatchCommand? {
    let arena = MessageArena(budget: 32 << 20)
    var descriptor = unsafe wallet__v1__batch_request__descriptor
    guard let message = unsafe arena.unpack(Wallet__V1__BatchRequest.self, &descriptor, payload.span) else {
      return nil
    }
    do throws(Failure) { return try unsafe BatchReader(message.pointee).command(origin) } catch { return nil }
  }

  private static let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "test")

  /// Whether the bytes were read by hand.
  private static func agreeAboutBatch(_ payload: [UInt8]) -> Bool {
    let arena = MessageArena(budget: 1 << 20)
    let read = unsafe payload.withUnsafeBufferPointer { unsafe OrdinaryBatch($0)?.command(origin, arena) }
    guard let read else { return false }
    guard let unpacked = unpacked(payload) else {
      Issue.record("protobuf-c, or what reads its messages, refuses \(payload)")
      return true
    }
    #expect(read.mode == unpacked.mode && read.wantsFullResults == unpacked.wantsFullResults, "\(payload)")
    #expect(read.items.map(Item.init) == unpacked.items.map(Item.init), "\(payload)")
    return true
  }

  private struct Item: Equatable {
    var verb: Verb?
    var key: IdempotencyKey?
    var wallet: WalletReference?
    var numbers: [Int64] = []
    var counterAccount: Text?
    var audit: Command.Audit?
    var failure: Failure?

    init(_ item: BatchCommand.Item) {
      switch item {
      case .malformed(let failure): self.failure = failure
      case .command(let command):
        verb = command.verb
        key = command.key
        wallet = command.wallet
        numbers = [command.amount, command.expectedVersion]
        counterAccount = command.counterAccount
        audit = command.audit
        failure = command.violation
      }
    }
  }

  private static func item(_ number: UInt64, _ key: String, _ more: [UInt8] = []) -> [UInt8] {
    let key = key.isEmpty ? [] : Wire.field(3, key)
    let posting = Wire.field(1, Wire.wallet) + Wire.field(2, 100) + key + Wire.field(4, "esim.purchase") + more
    return Wire.field(15, Wire.field(number, posting))
  }

  private static let key = "018bcfe5-6800-7fff-bfff-ffffffffffff"
  private static let atomic = Wire.field(14, 1) + Wire.field(3, "batch-0000001")

  @Test("batches of debits and credits are ordinary, also with items that are refused")
  func ordinaryBatches() {
    #expect(Self.agreeAboutBatch(Self.item(2, Self.key) + Self.item(3, "key-00000002", Wire.field(9, 4))))
    #expect(Self.agreeAboutBatch(Self.item(2, "") + Self.item(3, Self.key) + Self.item(2, "short")))
    #expect(Self.agreeAboutBatch(Self.item(2, Self.key, Wire.field(11, "No Account"))))
    #expect(Self.agreeAboutBatch(Self.atomic + Self.item(2, "") + Self.item(3, "")))
    #expect(Self.agreeAboutBatch(Self.item(2, "") + Self.atomic + Self.item(3, "")))
    #expect(Self.agreeAboutBatch(Wire.field(14, 0) + Self.item(3, Self.key)))
    let most = Array(repeating: Self.item(2, Self.key), count: BatchCommand.itemsMax).flatMap { $0 }
    #expect(Self.agreeAboutBatch(most) && !Self.agreeAboutBatch(most + Self.item(2, Self.key)))
  }

  @Test("other batches, and those that are refused, are left to protobuf-c")
  func strangeBatches() {
    let debit = Self.item(2, Self.key)
    for strange in [
      Wire.field(15, []), Wire.field(15, Wire.field(2, [])) + Wire.field(13, 1), Self.item(1, Self.key),
      Self.item(2, Self.key, Wire.field(12, Wire.field(1, "key"))), Self.item(2, Self.key, Wire.field(13, 1)),
      Self.item(4, Self.key), Wire.field(13, 0), Wire.field(16, 1), Wire.field(14, 2), Wire.field(14, -1),
      Wire.field(3, "batch-0000001"), Self.atomic, Wire.field(15, 1), Wire.field(99, 1), [0x7A], [0x7A, 5],
      Wire.field(15, Array(debit.dropFirst(2)) + Array(debit.dropFirst(2))), [0x1A], [0x70], [0x70, 0x81, 0x00], [0x80],
      Wire.field(14, 0) + Wire.field(14, 0),
    ] {
      #expect(!Self.agreeAboutBatch(debit + strange), "\(strange)")
      #expect(!Self.agreeAboutBatch(strange + debit), "\(strange)")
    }
    #expect(!Self.agreeAboutBatch([]))
    #expect(!Self.agreeAboutBatch(Self.atomic + Self.item(2, Self.key)))
    #expect(!Self.agreeAboutBatch(Wire.field(14, 1) + Self.item(2, "")))
  }

  @Test("random and mutated batches", arguments: 0..<UInt64(50))
  func fuzzBatches(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    var readByHand = 0
    for _ in 0..<1000 {
      let isAtomic = values.below(4) == 0
      var payload = isAtomic ? Self.atomic : []
      for _ in 0..<values.below(6) {
        let key = isAtomic || values.below(8) == 0 ? "" : Self.key
        var posting = Wire.field(1, Self.wallet(&values))
        posting += values.below(4) == 0 ? Self.message(&values) : Wire.field(2, values.integer() >> 1)
        if !key.isEmpty { posting += Wire.field(3, key) }
        posting += Wire.field(4, values.flag() ? Array("reason".utf8) : values.bytes())
        payload += Wire.field(15, Wire.field(values.below(16) == 0 ? 1 : values.flag() ? 2 : 3, posting))
      }
      for _ in 0..<values.below(3) where !payload.isEmpty { Self.mutate(&payload, &values) }
      if Self.agreeAboutBatch(payload) { readByHand += 1 }
    }
    #expect((50..<900).contains(readByHand), "\(readByHand)")
  }

  // MARK: Random messages

  @Test("random and mutated messages", arguments: 0..<UInt64(50))
  func fuzz(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    var readByHand = 0
    for _ in 0..<2000 {
      var payload = Self.message(&values)
      for _ in 0..<values.below(4) where !payload.isEmpty { Self.mutate(&payload, &values) }
      if Self.agree(payload) { readByHand += 1 }
      _ = Self.agreeAboutBalance(payload)
    }
    #expect((200..<1900).contains(readByHand))
  }

  private static func message(_ values: inout RandomValues) -> [UInt8] {
    var payload: [UInt8] = []
    var numbers = Array(UInt64(1)...11).filter { _ in values.flag() }
    if values.below(8) == 0 { numbers.append(UInt64(values.below(130))) }
    numbers.sort { _, _ in values.flag() }
    for number in numbers {
      switch number {
      case 1: payload += Wire.field(1, wallet(&values))
      case 2, 9, 10: payload += Wire.field(number, values.below(8) == 0 ? values.integer() : abs(values.integer() >> 1))
      default: payload += Wire.field(number, values.bytes())
      }
    }
    return payload
  }

  private static func wallet(_ values: inout RandomValues) -> [UInt8] {
    var payload: [UInt8] = []
    if values.flag() { payload += Wire.field(1, abs(values.integer() >> 1)) }
    for number in UInt64(2)...4 where values.flag() { payload += Wire.field(number, values.bytes()) }
    if values.below(16) == 0 { payload += Wire.field(UInt64(values.below(20)), values.integer()) }
    return payload
  }

  private static func mutate(_ payload: inout [UInt8], _ values: inout RandomValues) {
    let place = values.below(UInt64(payload.count))
    switch values.below(6) {
    case 0: payload[place] = UInt8(truncatingIfNeeded: values.bits())
    case 1: payload[place] ^= 1 << UInt8(values.below(8))
    case 2: payload.remove(at: place)
    case 3: payload.insert(UInt8(truncatingIfNeeded: values.bits()), at: place)
    case 4: payload.removeLast(values.below(UInt64(payload.count)) / 4)
    default: payload += payload[place...].prefix(20)
    }
  }
}

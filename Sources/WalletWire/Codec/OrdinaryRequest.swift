import CProtobufC
import CWalletProto

/// Unpacks requests that look as nearly all do, without an allocation and without a table walk: one-byte tags, every field
/// at most once and of the type that the schema has, no metadata, nothing unknown. Of anything else it says `false`, and
/// protobuf-c, which defines what a message is, has the word: so whatever is accepted here is accepted there with the same
/// fields (tested on random and mutated messages).
///
/// Texts of the result point into the bytes that were read.
@unsafe
enum OrdinaryRequest {
  /// A Debit or Credit.
  static func unpack<Message: PostingMessage>(
    _ bytes: UnsafeBufferPointer<UInt8>, into message: UnsafeMutablePointer<Message>,
    _ wallet: UnsafeMutablePointer<Wallet__V1__WalletRef>
  ) -> Bool {
    var reader = unsafe FieldBytes(bytes)
    while let tag = unsafe reader.nextTag() {
      var isOrdinary = true
      switch tag {
      case 0x0A: isOrdinary = unsafe reader.wallet(into: wallet, as: &message.pointee.wallet)
      case 0x10: isOrdinary = unsafe reader.integer(&message.pointee.amount)
      case 0x1A: isOrdinary = unsafe reader.text(&message.pointee.idempotency_key)
      case 0x22: isOrdinary = unsafe reader.text(&message.pointee.reason)
      case 0x2A: isOrdinary = unsafe reader.text(&message.pointee.reference)
      case 0x32: isOrdinary = unsafe reader.text(&message.pointee.correlation_id)
      case 0x3A: isOrdinary = unsafe reader.text(&message.pointee.note)
      case 0x42: isOrdinary = unsafe reader.text(&message.pointee.on_behalf_of)
      case 0x48: isOrdinary = unsafe reader.integer(&message.pointee.expected_version)
      case 0x50: isOrdinary = unsafe reader.integer(&message.pointee.occurred_at_micros)
      case 0x5A: isOrdinary = unsafe reader.text(&message.pointee.counter_account)
      default: isOrdinary = false
      }
      if !isOrdinary { return false }
    }
    return unsafe reader.isWhole
  }

  /// A request that has a wallet and nothing else.
  static func unpack(
    _ bytes: UnsafeBufferPointer<UInt8>, into message: UnsafeMutablePointer<Wallet__V1__GetBalanceRequest>,
    _ wallet: UnsafeMutablePointer<Wallet__V1__WalletRef>
  ) -> Bool {
    var reader = unsafe FieldBytes(bytes)
    while let tag = unsafe reader.nextTag() {
      guard tag == 0x0A, unsafe reader.wallet(into: wallet, as: &message.pointee.wallet) else { return false }
    }
    return unsafe reader.isWhole
  }
}

/// The fields of an ordinary message, one after the other.
@unsafe
struct FieldBytes {
  private var position: UnsafePointer<UInt8>?
  private let end: UnsafePointer<UInt8>?
  /// A bit for each number that was there.
  private var seen: UInt32 = 0
  /// A second field of a number, a number above 15, or what the caller takes for strange ends the reading.
  private var isStrange = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe position = bytes.baseAddress
    unsafe end = bytes.baseAddress.map { unsafe $0 + bytes.count }
  }

  /// Everything was read, and nothing of it was strange.
  var isWhole: Bool { unsafe !isStrange && position == end }

  private var rest: Int {
    guard let position = unsafe position, let end = unsafe end else { return 0 }
    return unsafe end - position
  }

  /// - Parameter repeated: The tag of a field that may come more than once; 0: there is none.
  @inline(__always)
  mutating func nextTag(repeated: UInt8 = 0) -> UInt8? {
    guard unsafe rest > 0, let tag = unsafe takeByte() else { return nil }
    if repeated != 0, tag == repeated { return tag }
    let bit = UInt32(1) << UInt32(tag >> 3)
    if unsafe tag >= 0x80 || seen & bit != 0 {
      unsafe giveUp()
      return nil
    }
    unsafe seen |= bit
    return tag
  }

  mutating func giveUp() { unsafe isStrange = true }

  @inline(__always)
  mutating func integer(_ value: inout Int64) -> Bool {
    var bits: UInt64 = 0
    // Numbers of ten bytes are negative.
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = unsafe takeByte() else { return false }
      bits |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        value = Int64(bitPattern: bits)
        return true
      }
    }
    return false
  }

  mutating func flag(_ value: inout protobuf_c_boolean) -> Bool {
    guard let byte = unsafe takeByte(), byte <= 1 else { return false }
    value = protobuf_c_boolean(byte)
    return true
  }

  @inline(__always)
  mutating func text(_ value: inout ProtobufCBinaryData) -> Bool {
    guard let bytes = unsafe lengthDelimited() else { return false }
    unsafe value = unsafe ProtobufCBinaryData(len: bytes.count, data: UnsafeMutablePointer(mutating: bytes.baseAddress))
    return true
  }

  @inline(__always)
  mutating func wallet(
    into wallet: UnsafeMutablePointer<Wallet__V1__WalletRef>,
    as field: inout UnsafeMutablePointer<Wallet__V1__WalletRef>!
  ) -> Bool {
    guard let bytes = unsafe lengthDelimited() else { return false }
    unsafe field = unsafe wallet
    var reader = unsafe FieldBytes(bytes)
    while let tag = unsafe reader.nextTag() {
      var isOrdinary = true
      switch tag {
      case 0x08: isOrdinary = unsafe reader.integer(&wallet.pointee.id)
      case 0x12: isOrdinary = unsafe reader.text(&wallet.pointee.owner_id)
      case 0x1A: isOrdinary = unsafe reader.text(&wallet.pointee.currency)
      case 0x22: isOrdinary = unsafe reader.text(&wallet.pointee.name)
      default: isOrdinary = false
      }
      if !isOrdinary { return false }
    }
    return unsafe reader.isWhole
  }

  /// Lengths of up to two bytes.
  @inline(__always)
  mutating func lengthDelimited() -> UnsafeBufferPointer<UInt8>? {
    guard let first = unsafe takeByte() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      guard let second = unsafe takeByte(), second < 0x80 else { return nil }
      length = Int(first & 0x7F) | Int(second) << 7
    }
    guard unsafe length <= rest, let start = unsafe position else { return nil }
    unsafe position = unsafe start + length
    return unsafe UnsafeBufferPointer(start: start, count: length)
  }

  @inline(__always)
  private mutating func takeByte() -> UInt8? {
    guard unsafe rest > 0, let here = unsafe position else { return nil }
    unsafe position = unsafe here + 1
    return unsafe here.pointee
  }
}

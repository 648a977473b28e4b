import CProtobufC
import CWalletProto
import WalletCore

/// Reads batches of ordinary Debits and Credits, an item at a time. To anything else in it, and to a batch that is refused,
/// it says `nil`: then protobuf-c has the word, as for `OrdinaryRequest`.
@unsafe
struct OrdinaryBatch {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// The batch without its items, but with their count.
  private var message = unsafe Wallet__V1__BatchRequest()

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe self.bytes = unsafe bytes
    var reader = unsafe FieldBytes(bytes)
    // One item too many is counted by protobuf-c, as far as its budget goes.
    while unsafe message.n_items <= BatchCommand.itemsMax, unsafe nextItem(&reader) != nil {
      unsafe message.n_items += 1
    }
    if unsafe !reader.isWhole { return nil }
  }

  func command(_ origin: Origin, _ arena: MessageArena) -> BatchCommand? {
    let debit = unsafe arena.new(Wallet__V1__DebitRequest())
    let credit = unsafe arena.new(Wallet__V1__CreditRequest())
    let wallet = unsafe arena.new(Wallet__V1__WalletRef())
    do throws(Failure) {
      var batch = try unsafe BatchReader(message).emptyCommand()
      let mode = batch.mode
      var (rest, reader) = unsafe (self, FieldBytes(bytes))
      while let item = unsafe rest.nextItem(&reader) {
        var fields = unsafe FieldBytes(item)
        let tag = unsafe fields.nextTag()
        guard let posting = unsafe fields.lengthDelimited(), unsafe fields.isWhole else { return nil }
        let index = batch.items.count
        unsafe wallet.initialize(to: Wallet__V1__WalletRef())
        switch tag {
        case ItemTag.debit:
          unsafe debit.initialize(to: Wallet__V1__DebitRequest())
          guard unsafe OrdinaryRequest.unpack(posting, into: debit, wallet) else { return nil }
          batch.items.append(
            try unsafe BatchReader.item(index, mode) { key throws(Failure) in
              try unsafe BatchReader.debit(debit, key, origin)
            })
        case ItemTag.credit:
          unsafe credit.initialize(to: Wallet__V1__CreditRequest())
          guard unsafe OrdinaryRequest.unpack(posting, into: credit, wallet) else { return nil }
          batch.items.append(
            try unsafe BatchReader.item(index, mode) { key throws(Failure) in
              try unsafe BatchReader.credit(credit, key, origin)
            })
        default: return nil
        }
      }
      return batch
    } catch {
      return nil
    }
  }

  /// The next item. What the batch says between the items goes into the message.
  private mutating func nextItem(_ reader: inout FieldBytes) -> UnsafeBufferPointer<UInt8>? {
    while let tag = unsafe reader.nextTag(repeated: BatchTag.item) {
      var isOrdinary = false
      switch tag {
      case BatchTag.item:
        if let item = unsafe reader.lengthDelimited() { return unsafe item }
      case BatchTag.key: isOrdinary = unsafe reader.text(&message.idempotency_key)
      case BatchTag.atomic: isOrdinary = unsafe reader.flag(&message.atomic)
      default: break
      }
      if !isOrdinary {
        unsafe reader.giveUp()
        return nil
      }
    }
    return nil
  }
}

private enum BatchTag {
  static let key: UInt8 = 0x1A
  static let atomic: UInt8 = 0x70
  static let item: UInt8 = 0x7A
}

private enum ItemTag {
  static let debit: UInt8 = 0x12
  static let credit: UInt8 = 0x1A
}

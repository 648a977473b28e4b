import FaultSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("Transfers")
struct TransferTests {
  @Test("a transfer is two rows that name each other, in one commit")
  func twoRows() throws {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 20])
    guard
      case .transferred(let source, let destination, let currency, _, false) =
        try ledger.one(ledger.transfer("u1", "u2", 120))
    else { throw TestFailure("another outcome") }
    #expect(source.kind == .transferOut && source.amount == -120 && source.balance == 380)
    #expect(destination.kind == .transferIn && destination.amount == 120 && destination.balance == 140)
    #expect(source.counterWalletID == destination.walletID && destination.counterWalletID == source.walletID)
    #expect(source.relatedSeq == destination.seq && destination.relatedSeq == source.seq)
    #expect(destination.seq == source.seq + 1 && currency == "USD")
    #expect(source.key != nil && destination.key == nil && source.counterAccount.isEmpty)
    #expect(try ledger.sumOfAll() == 0)
  }

  @Test("whenever the power goes, both sides of a transfer are there or neither")
  func oneCommit() throws {
    var losses = 0
    while true {
      let disk = FaultDisk()
      let ledger = try LedgerFixture.with(["u1": 500, "u2": 20], disk: disk)
      disk.fail(.changes, number: losses + 1, .power)
      _ = try? ledger.one(ledger.transfer("u1", "u2", 120))
      if !disk.isOff { break }
      losses += 1
      disk.losePower(seed: UInt64(losses))
      try ledger.start()
      let balances = try [ledger.wallet("u1")?.balance, ledger.wallet("u2")?.balance]
      #expect(balances == [500, 20] || balances == [380, 140], "the power went at change \(losses)")
    }
    #expect(losses > 1)
  }

  @Test("both ways in one gather, none is lost")
  func bothWays() throws {
    let ledger = try LedgerFixture.with(["u1": 100, "u2": 100])
    let commands = (0..<50).map {
      $0.isMultiple(of: 2) ? ledger.transfer("u1", "u2", 7) : ledger.transfer("u2", "u1", 5)
    }
    let outcomes = try ledger.perform(LedgerFixture.itemByItem(commands))[0].items
    #expect(outcomes.allSatisfy { $0.row != nil })
    #expect(try ledger.wallet("u1")?.balance == 50 && ledger.wallet("u2")?.balance == 150)
    try ledger.crash()
    #expect(try ledger.wallet("u1")?.balance == 50 && ledger.wallet("u2")?.balance == 150 && ledger.sumOfAll() == 0)
  }

  @Test("the same key moves the money once")
  func idempotency() throws {
    let ledger = try LedgerFixture.with(["u1": 100, "u2": 0, "u3": 0])
    _ = try ledger.one(ledger.transfer("u1", "u2", 60, key: .text("transfer-1")))
    try ledger.restart()
    guard
      case .transferred(let source, let destination, _, _, true) =
        try ledger.one(ledger.transfer("u1", "u2", 60, key: .text("transfer-1")))
    else { throw TestFailure("another outcome") }
    #expect(source.balance == 40 && destination.balance == 60)
    #expect(try ledger.one(ledger.transfer("u1", "u3", 60, key: .text("transfer-1"))).mismatch == "to")
    #expect(try ledger.one(ledger.transfer("u1", "u2", 61, key: .text("transfer-1"))).mismatch == "amount")
    // The destination by its id is the same request.
    let id = try #require(try ledger.wallet("u2")?.id)
    let byID = ledger.special(
      .transfer, "u1", 60, .transfer(to: .id(id, currency: "")), key: .text("transfer-1"))
    #expect(try ledger.one(byID).isReplay)
    #expect(try ledger.wallet("u1")?.balance == 40)
  }

  @Test("what can't be: to itself, to nobody, into another currency, more than there is")
  func refusals() throws {
    let ledger = try LedgerFixture.with(["u1": 100])
    let euros = LedgerFixture.name("u1", currency: "EUR")
    var open = ledger.command(.openWallet, "u1")
    open.wallet = .name(euros)
    _ = try ledger.one(open)
    #expect(try ledger.one(ledger.transfer("u1", "u1", 1)).reason == .sameWallet)
    #expect(try ledger.one(ledger.transfer("u1", "nobody", 1)).reason == .walletNotFound)
    #expect(try ledger.one(ledger.transfer("nobody", "u1", 1)).reason == .walletNotFound)
    let other = ledger.special(.transfer, "u1", 1, .transfer(to: .name(euros)))
    #expect(try ledger.one(other).failure == Failure(.currencyMismatch, .currency(wallet: "USD", request: "EUR")))
    _ = try ledger.one(ledger.command(.openWallet, "u2"))
    #expect(try ledger.one(ledger.transfer("u1", "u2", 101)).reason == .insufficientFunds)
    #expect(try ledger.wallet("u1")?.balance == 100 && ledger.wallet("u2")?.balance == 0)
  }

  @Test("a cache of one wallet is enough for both sides")
  func smallCache() throws {
    var settings = LedgerFixture.settings
    settings.cachedWalletsMax = 1
    let ledger = try LedgerFixture.with(["u1": 100, "u2": 0, "u3": 0], settings)
    for owner in ["u2", "u3", "u2", "u3"] {
      try ledger.writeTrailing()
      #expect(try ledger.one(ledger.transfer("u1", owner, 10)).row != nil)
    }
    #expect(try ledger.wallet("u1")?.balance == 60 && ledger.wallet("u3")?.balance == 20 && ledger.sumOfAll() == 0)
  }
}

@Suite("Refunds")
struct RefundTests {
  @Test("all refunds of a debit together never exceed it")
  func capped() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 300)).row)
    let first = try #require(try ledger.one(ledger.refund(debit.seq, 100)).row)
    #expect(first.kind == .refund && first.amount == 100 && first.relatedSeq == debit.seq)
    #expect(first.counterAccount == "refunds")
    let tooMuch = try ledger.one(ledger.refund(debit.seq, 201))
    #expect(tooMuch.failure == Failure(.refundExceedsOriginal, .refund(original: 300, refunded: 100)))
    try ledger.restart()
    #expect(try ledger.one(ledger.refund(debit.seq)).row?.amount == 200)
    #expect(try ledger.one(ledger.refund(debit.seq)).reason == .refundExceedsOriginal)
    #expect(try ledger.one(ledger.refund(debit.seq, 1)).reason == .refundExceedsOriginal)
    #expect(try ledger.wallet("u1")?.balance == 500 && ledger.sumOfAll() == 0)
  }

  @Test("a refund of a closed wallet's debit is refused with the wallet's name, which the request doesn't give")
  func closed() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 500)).row)
    _ = try ledger.one(ledger.special(.closeWallet, "u1", 0, .none))
    let wallet = try #require(try ledger.wallet("u1"))
    let refund = ledger.refund(debit.seq, 500, key: .text("refund-001"))
    let failure = Failure(.walletClosed, .wallet(id: wallet.id, wallet.name))
    #expect(try ledger.one(refund).failure == failure)
    try ledger.restart()
    #expect(try ledger.one(refund).failure == failure)
  }

  @Test("the same refund many times moves the money once")
  func repeated() throws {
    let ledger = try LedgerFixture.with(["u1": 500])
    let debit = try #require(try ledger.one(ledger.command(.debit, "u1", 300)).row)
    let refund = ledger.refund(debit.seq, 300, key: .text("refund-001"))
    let outcomes = try ledger.perform(refund, refund, refund)
    #expect(outcomes.map(\.isReplay) == [false, true, true] && outcomes.allSatisfy { $0.row != nil })
    #expect(try ledger.wallet("u1")?.balance == 500)
    #expect(try ledger.one(ledger.refund(debit.seq + 1, 300, key: .text("refund-001"))).mismatch == "transaction_id")
  }

  @Test("captures are refunded like debits; other rows aren't")
  func kinds() throws {
    let ledger = try LedgerFixture.with(["u1": 500, "u2": 0])
    let hold = try #require(try ledger.one(ledger.hold("u1", 100)).row)
    let capture = try #require(try ledger.one(ledger.capture(hold.seq, 60, isFinal: true)).row)
    #expect(try ledger.one(ledger.refund(capture.seq)).row?.amount == 60)
    for seq in [1, 2, hold.seq] { #expect(try ledger.one(ledger.refund(seq)).reason == .notRefundable) }
    #expect(try ledger.one(ledger.refund(9_999)).reason == .transactionNotFound)
    // The row of that refusal isn't a transaction either.
    #expect(try ledger.one(ledger.refund(ledger.store.head.seq)).reason == .transactionNotFound)
  }
}

import TestSupport
import Testing
import WalletCore

@testable import WalletStore

@Suite("The wallet cache")
struct WalletCacheTests {
  /// What the cache must agree with: wallets as they are, and as the table on disk has them.
  private struct Model {
    var wallets: [Int64: Wallet] = [:]
    var stored: [Int64: Wallet] = [:]
    var ids: [WalletName: Int64] = [:]
    var nextID: Int64 = 1

    /// Those that only the cache has.
    var pinned: Int { wallets.count { stored[$0.key] != $0.value } }
  }

  /// How a test goes: how many wallets are kept, how many there may be, and which ids they have.
  struct Shape: Sendable, CustomTestStringConvertible {
    var countMax: Int
    var walletsMax: Int
    var collide: Bool

    var testDescription: String { "\(countMax) of \(walletsMax)\(collide ? ", colliding" : "")" }

    static let all = [
      Shape(countMax: 1, walletsMax: 30, collide: false), Shape(countMax: 8, walletsMax: 60, collide: true),
      Shape(countMax: 2, walletsMax: 30, collide: false), Shape(countMax: 7, walletsMax: 40, collide: false),
      Shape(countMax: 8, walletsMax: 9, collide: true), Shape(countMax: 50, walletsMax: 200, collide: false),
      Shape(countMax: 500, walletsMax: 100, collide: false), Shape(countMax: 333, walletsMax: 999, collide: false),
    ]
  }

  @Test("it is a dictionary by id and by name that forgets only what the disk has too", arguments: Shape.all)
  func asDictionary(_ shape: Shape) throws {
    var generator = SeededGenerator(of: "wallet cache, \(shape.testDescription)")
    let ids = shape.collide ? Self.collidingIDs(shape.walletsMax) : Array(1...Int64(shape.walletsMax))
    // No room for what is pinned, and hardly any place: the tables have to grow by themselves.
    let cache = WalletCache(countMax: shape.countMax, dirtyMax: 0, placesMin: 2)
    var model = Model()
    for gather in 0..<400 {
      let before = model
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let mark = (cache.changes, model)
        for _ in 0..<Int.random(in: 1...4, using: &generator) { try step(cache, &model, ids, &generator) }
        // A batch that is refused.
        if Int.random(in: 0..<4, using: &generator) == 0 {
          cache.takeBack(to: mark.0)
          model = mark.1
        }
      }
      if Int.random(in: 0..<5, using: &generator) == 0 {
        cache.takeBack(to: 0)
        model = before
      } else {
        cache.settle()
        // An opening is written with its commit.
        for (id, wallet) in model.wallets where model.stored[id] == nil {
          var opened = wallet
          opened.version = 1
          opened.balance = 0
          model.stored[id] = opened
        }
      }
      write(cache, &model, &generator)
      expectSame(cache, model, "gather \(gather)")
      #expect(cache.count <= shape.countMax + model.pinned, "gather \(gather)")
      #expect(cache.dirtyCount == model.pinned)
    }
  }

  /// One request: a wallet is found, fetched or opened, and changed or not.
  private func step(
    _ cache: WalletCache, _ model: inout Model, _ ids: [Int64], _ generator: inout SeededGenerator
  ) throws {
    let id = ids[Int.random(in: 0..<ids.count, using: &generator)]
    guard let wallet = model.wallets[id] else {
      let name = WalletName(
        owner: Text("owner-\(id % 7)"), currency: id % 2 == 0 ? "USD" : "EUR", name: Text("w-\(id)"))
      #expect(cache.slot(of: id) == nil && cache.slot(of: .name(name)) == nil)
      let opened = Wallet(
        id: id, name: name, exponent: 2, version: 1, createdAt: 5, createdBy: "local", updatedAt: 5, updatedBy: "local",
        lastSeq: 1)
      cache.add(opened, isNew: true)
      model.wallets[id] = opened
      model.ids[name] = id
      return
    }
    let found = Bool.random(using: &generator) ? cache.slot(of: id) : cache.slot(of: .name(wallet.name))
    if found == nil { #expect(model.stored[id] == wallet, "\(id) was forgotten, and the disk hasn't got it") }
    let slot = found ?? cache.add(wallet)
    #expect(cache.wallet(at: slot) == wallet && cache.name(at: slot) == wallet.name)
    guard Int.random(in: 0..<3, using: &generator) > 0 else { return }
    var account = cache.account(at: slot)
    account.balance += 7
    account.version += 1
    account.lastSeq += 1
    let wasClean = cache.unwritten(slot) == nil
    let before = cache.change(slot, to: account, at: 99, by: Text("actor-\(account.version % 5)"))
    #expect(before.isAsOnDisk == wasClean)
    model.wallets[id]?.balance = account.balance
    model.wallets[id]?.version = account.version
    model.wallets[id]?.lastSeq = account.lastSeq
    model.wallets[id]?.updatedAt = 99
    model.wallets[id]?.updatedBy = Text("actor-\(account.version % 5)")
  }

  private func figures(of wallet: Wallet) -> WalletTable.Figures {
    WalletTable.Figures(
      status: wallet.status, balance: wallet.balance, held: wallet.held, overdraftLimit: wallet.overdraftLimit,
      version: wallet.version, updatedAt: wallet.updatedAt, updatedBy: wallet.updatedBy, lastSeq: wallet.lastSeq)
  }

  /// A step of the projections.
  private func write(_ cache: WalletCache, _ model: inout Model, _ generator: inout SeededGenerator) {
    for (id, wallet) in model.wallets where Int.random(in: 0..<3, using: &generator) == 0 {
      guard let slot = cache.slot(of: id), let unwritten = cache.unwritten(slot) else { continue }
      #expect(unwritten.figures == figures(of: wallet) && unwritten.storedVersion == model.stored[id]?.version)
      cache.wrote(slot)
      model.stored[id] = wallet
    }
  }

  private func expectSame(_ cache: WalletCache, _ model: Model, _ comment: Comment) {
    for (id, wallet) in model.wallets {
      let slot = cache.slot(of: id)
      #expect(slot == cache.slot(of: .name(wallet.name)), comment)
      guard let slot else {
        #expect(model.stored[id] == wallet, comment)
        continue
      }
      #expect(cache.wallet(at: slot) == wallet, comment)
      #expect((cache.unwritten(slot) == nil) == (model.stored[id] == wallet), comment)
    }
  }

  /// Ids whose places in a small table lie at its end and at its beginning, one on the other.
  private static func collidingIDs(_ count: Int) -> [Int64] {
    var ids: [Int64] = []
    var id: Int64 = 1
    while ids.count < count {
      let hash = (UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15) >> 32
      if [14, 15, 0].contains(hash & 15) { ids.append(id) }
      id += 1
    }
    return ids
  }

  // MARK: Bounds

  private func wallet(_ id: Int64, name: Text = "main") -> Wallet {
    Wallet(
      id: id, name: WalletName(owner: Text("owner-\(id)"), currency: "USD", name: name), exponent: 2, balance: id,
      version: 3, createdAt: 1, createdBy: "local", updatedAt: 2, updatedBy: "local", lastSeq: id)
  }

  @Test("what was pinned leaves once it is written, down to the bound")
  func shrinks() {
    let cache = WalletCache(countMax: 10, dirtyMax: 1000)
    var slots: [Int] = []
    for id in 1...1000 as ClosedRange<Int64> {
      let slot = cache.add(wallet(id))
      var account = cache.account(at: slot)
      account.version += 1
      _ = cache.change(slot, to: account, at: 3, by: "local")
      slots.append(slot)
    }
    cache.settle()
    #expect(cache.count == 1000 && cache.dirtyCount == 1000)
    for (index, slot) in slots.enumerated() {
      cache.wrote(slot)
      #expect(cache.count <= 10 + 1000 - index)
    }
    for id in 2000...2100 as ClosedRange<Int64> { cache.add(wallet(id)) }
    #expect(cache.count == 10 && cache.dirtyCount == 0)
  }

  @Test("more texts than are shared: wallets are dropped, and those that can't be stay as they are")
  func manyTexts() {
    let cache = WalletCache(countMax: 1_000_000, dirtyMax: 100)
    let count: Int64 = 70_000
    for id in 1...count {
      let slot = cache.add(wallet(id, name: Text("name-\(id)")))
      guard id % 1000 == 0 else { continue }
      var account = cache.account(at: slot)
      account.balance += 1
      account.version += 1
      _ = cache.change(slot, to: account, at: 9, by: Text("actor-\(id)"))
      cache.settle()
    }
    #expect(cache.count < 10_000 && cache.dirtyCount == 70)
    for id in stride(from: Int64(1000), through: count, by: 1000) {
      guard let slot = cache.slot(of: id) else {
        Issue.record("\(id) was dropped")
        continue
      }
      var expected = wallet(id, name: Text("name-\(id)"))
      expected.balance += 1
      expected.version += 1
      expected.updatedAt = 9
      expected.updatedBy = Text("actor-\(id)")
      #expect(cache.wallet(at: slot) == expected && cache.slot(of: .name(expected.name)) == slot)
      #expect(cache.unwritten(slot)?.storedVersion == 3)
    }
    for id in count - 100...count {
      #expect(cache.slot(of: id).map { cache.wallet(at: $0).name.name } == Text("name-\(id)"))
    }
  }
}

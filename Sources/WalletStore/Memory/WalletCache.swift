import WalletCore

/// Wallets in memory: those that the table on disk doesn't show yet, and of others as many as a setting allows.
///
/// A gather changes them in place and can take everything back until it commits: reads are answered between gathers, so
/// nobody sees what isn't committed. One wallet takes at most 192 bytes (`bytesPerWallet`).
final class WalletCache {
  /// What a wallet's place takes with its shares of both tables, at most.
  static let bytesPerWallet = MemoryLayout<Slot>.stride + 2 * SlotTable.bytesPerPosition

  /// What so many wallets take, at most: an owner beyond 39 bytes lies in an array of its own.
  static func bytesMax(wallets: Int) -> Int {
    let longOwner = 32 + LedgerLimits.identifierBytesMax
    return wallets * (bytesPerWallet + longOwner) + sharedTextsMax * (2 * MemoryLayout<Text>.stride + 2 * longOwner)
  }

  /// Texts that many wallets share; more are seldom, and then everything that can be is dropped.
  private static let sharedTextsMax = 65_536

  /// What transactions change.
  private struct State {
    var balance: Int64
    var held: Int64
    var overdraftLimit: Int64
    var version: Int64
    var updatedAt: Int64
    var lastSeq: Int64
    var updatedBy: UInt32
    var status: Wallet.Status
    /// In one byte, since another one would cost each wallet a word.
    var marks: Marks
  }

  private struct Marks: OptionSet {
    var rawValue: UInt8

    /// The table on disk doesn't have the state yet: it can't be dropped.
    static let dirty = Marks(rawValue: 1)
    /// The wallet may have holds, freezes or limits.
    static let controlled = Marks(rawValue: 2)
  }

  private enum Use: UInt8 {
    /// Not since the hand of the clock came by.
    case idle
    case recent
    /// Opened in this gather: taking that back must still find it.
    case new
  }

  /// The single bytes lie in what `state` leaves of a word.
  private struct Slot {
    var id: Int64
    var state: State
    var exponent: UInt8
    var use: Use
    /// The version that the row on disk has.
    var storedVersion: Int64
    var createdAt: Int64
    var owner: Text
    var currency: UInt32
    var name: UInt32
    var createdBy: UInt32
    var nameHash: UInt32
  }

  private enum Undo {
    case changed(Int, State)
    case added(Int)
  }

  private let countMax: Int
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var byID: SlotTable
  private var byName: SlotTable
  private var texts = SharedTexts()
  private var undo: [Undo] = []
  private var hand = 0
  private(set) var dirtyCount = 0
  /// Wallets that can't be dropped: changed or opened, and not on disk as they are.
  private(set) var pinnedCount = 0

  /// - Parameters:
  ///   - countMax: Wallets that are kept, of those that can be dropped.
  ///   - dirtyMax: Others that there is room for from the beginning.
  ///   - placesMin: Places that the tables begin with.
  init(countMax: Int, dirtyMax: Int, placesMin: Int = SlotTable.placesMin) {
    self.countMax = countMax
    byID = SlotTable(placesMin: placesMin)
    byName = SlotTable(placesMin: placesMin)
    // Address space only, until it is used.
    slots.reserveCapacity(countMax + dirtyMax)
    slots.preferLargePages()
  }

  /// Brings near where a wallet's place will be looked up.
  func prefetchPlace(_ id: Int64) { byID.prefetch(Self.hash(id)) }

  /// Brings near where a wallet probably lies; its place must be near already.
  func prefetchWallet(_ id: Int64) {
    guard let index = byID.first(Self.hash(id)) else { return }
    slots.prefetch(index)
    if index + 1 < slots.count { slots.prefetch(index + 1) }
  }

  /// Wallets that had to go for others.
  private(set) var evictions: UInt64 = 0

  /// Wallets in it.
  var count: Int { slots.count - freeSlots.count }

  // MARK: Finding

  func slot(of reference: WalletReference) -> Int? {
    switch reference {
    case .id(let id, _): slot(of: id)
    case .name(let name): slot(of: name)
    }
  }

  func slot(of id: Int64) -> Int? {
    let found = byID.find(Self.hash(id)) { slots[$0].id == id }
    if let found, slots[found].use == .idle { slots[found].use = .recent }
    return found
  }

  private func slot(of name: WalletName) -> Int? {
    let found = byName.find(Self.hash(name)) { isNamed(slots[$0], name) }
    if let found, slots[found].use == .idle { slots[found].use = .recent }
    return found
  }

  private func isNamed(_ slot: Slot, _ name: WalletName) -> Bool {
    slot.owner == name.owner && texts[slot.currency] == name.currency && texts[slot.name] == name.name
  }

  func wallet(at index: Int) -> Wallet {
    let slot = slots[index]
    return Wallet(
      id: slot.id, name: WalletName(owner: slot.owner, currency: texts[slot.currency], name: texts[slot.name]),
      exponent: slot.exponent, status: slot.state.status, balance: slot.state.balance, held: slot.state.held,
      overdraftLimit: slot.state.overdraftLimit, version: slot.state.version, createdAt: slot.createdAt,
      createdBy: texts[slot.createdBy], updatedAt: slot.state.updatedAt, updatedBy: texts[slot.state.updatedBy],
      lastSeq: slot.state.lastSeq)
  }

  /// What rules know of it.
  func account(at index: Int) -> WalletAccount {
    let state = slots[index].state
    return WalletAccount(
      id: slots[index].id, currency: texts[slots[index].currency], exponent: slots[index].exponent,
      status: state.status, balance: state.balance, held: state.held, overdraftLimit: state.overdraftLimit,
      version: state.version, lastSeq: state.lastSeq)
  }

  func name(at index: Int) -> WalletName {
    WalletName(owner: slots[index].owner, currency: texts[slots[index].currency], name: texts[slots[index].name])
  }

  // MARK: Changing

  /// Keeps a wallet as its row on disk has it.
  @discardableResult
  ///
  /// - Parameter hasControls: It may have holds, freezes or limits.
  func add(_ wallet: Wallet, isNew: Bool = false, hasControls: Bool = false) -> Int {
    makeRoom()
    let index = freeSlots.popLast() ?? slots.count
    let nameHash = Self.hash(wallet.name)
    let slot = Slot(
      id: wallet.id,
      state: State(
        balance: wallet.balance, held: wallet.held, overdraftLimit: wallet.overdraftLimit, version: wallet.version,
        updatedAt: wallet.updatedAt, lastSeq: wallet.lastSeq, updatedBy: texts.index(of: wallet.updatedBy),
        status: wallet.status, marks: hasControls ? .controlled : []),
      exponent: wallet.exponent, use: isNew ? .new : .recent, storedVersion: wallet.version,
      createdAt: wallet.createdAt, owner: wallet.name.owner, currency: texts.index(of: wallet.name.currency),
      name: texts.index(of: wallet.name.name), createdBy: texts.index(of: wallet.createdBy), nameHash: nameHash)
    if index == slots.count { slots.append(slot) } else { slots[index] = slot }
    byID.insert(Self.hash(wallet.id), index) { Self.hash(slots[$0].id) }
    byName.insert(nameHash, index) { slots[$0].nameHash }
    if isNew {
      undo.append(.added(index))
      pinnedCount += 1
    }
    return index
  }

  /// - Returns: The balance before, and whether the wallet was as on disk: then it has to be written.
  func change(
    _ index: Int, to wallet: borrowing WalletAccount, at time: Int64, by actor: Text
  ) -> (balance: Int64, isAsOnDisk: Bool) {
    let before = slots[index].state
    undo.append(.changed(index, before))
    slots[index].state = State(
      balance: wallet.balance, held: wallet.held, overdraftLimit: wallet.overdraftLimit, version: wallet.version,
      updatedAt: time, lastSeq: wallet.lastSeq, updatedBy: texts.index(of: actor, likely: before.updatedBy),
      status: wallet.status, marks: before.marks.union(.dirty))
    if !before.marks.contains(.dirty) {
      dirtyCount += 1
      if slots[index].use != .new { pinnedCount += 1 }
    }
    return (before.balance, !before.marks.contains(.dirty))
  }

  /// Whether the wallet may have holds, freezes or limits.
  func hasControls(at index: Int) -> Bool { slots[index].state.marks.contains(.controlled) }

  /// It has some from now on. In a gather that changes the wallet: what takes the change back takes this back.
  func markControlled(at index: Int) { slots[index].state.marks.insert(.controlled) }

  /// What the row on disk has to become; `nil` when it is so already.
  func unwritten(_ index: Int) -> (figures: WalletTable.Figures, storedVersion: Int64)? {
    let state = slots[index].state
    guard state.marks.contains(.dirty) else { return nil }
    return (
      WalletTable.Figures(
        status: state.status, balance: state.balance, held: state.held, overdraftLimit: state.overdraftLimit,
        version: state.version, updatedAt: state.updatedAt, updatedBy: texts[state.updatedBy],
        lastSeq: state.lastSeq), slots[index].storedVersion
    )
  }

  /// The row on disk is as the wallet now. Between gathers: the wallet may be dropped.
  func wrote(_ index: Int) {
    guard slots[index].state.marks.contains(.dirty) else { return }
    slots[index].storedVersion = slots[index].state.version
    slots[index].state.marks.remove(.dirty)
    dirtyCount -= 1
    unpin(index)
  }

  // MARK: Taking back

  /// How much has changed in this gather.
  var changes: Int { undo.count }

  /// Takes back all changes of this gather but the first ones. What was changed since may be dropped.
  func takeBack(to count: Int) {
    while undo.count > count {
      switch undo.removeLast() {
      case .changed(let index, let before):
        let becomesClean = slots[index].state.marks.contains(.dirty) && !before.marks.contains(.dirty)
        slots[index].state = before
        if becomesClean {
          dirtyCount -= 1
          if slots[index].use != .new { unpin(index) }
        }
      case .added(let index):
        pinnedCount -= 1
        remove(index)
      }
    }
  }

  /// The gather is committed.
  func settle() {
    for change in undo {
      guard case .added(let index) = change else { continue }
      slots[index].use = .recent
      if !slots[index].state.marks.contains(.dirty) { unpin(index) }
    }
    undo.removeAll(keepingCapacity: true)
  }

  // MARK: Room

  private func makeRoom() {
    if texts.count > Self.sharedTextsMax, undo.isEmpty {
      for index in slots.indices where slots[index].id != 0 && !slots[index].state.marks.contains(.dirty) {
        remove(index)
      }
      shareTextsAnew()
    }
    guard count - pinnedCount >= countMax else { return }
    // Twice around: once may only take marks of recent use away.
    for _ in 0..<2 * slots.count {
      hand = hand + 1 < slots.count ? hand + 1 : 0
      if slots[hand].id == 0 || slots[hand].state.marks.contains(.dirty) || slots[hand].use == .new { continue }
      if slots[hand].use == .idle {
        evictions += 1
        return remove(hand)
      }
      slots[hand].use = .idle
    }
  }

  /// Nothing holds the wallet any more: it stays where there is room.
  private func unpin(_ index: Int) {
    pinnedCount -= 1
    if count - pinnedCount > countMax { remove(index) }
  }

  private func remove(_ index: Int) {
    byID.remove(Self.hash(slots[index].id), index) { Self.hash(slots[$0].id) }
    byName.remove(slots[index].nameHash, index) { slots[$0].nameHash }
    slots[index].id = 0
    slots[index].owner = Text()
    freeSlots.append(index)
  }

  private func shareTextsAnew() {
    let old = texts
    texts = SharedTexts()
    for index in slots.indices where slots[index].id != 0 {
      slots[index].currency = texts.index(of: old[slots[index].currency])
      slots[index].name = texts.index(of: old[slots[index].name])
      slots[index].createdBy = texts.index(of: old[slots[index].createdBy])
      slots[index].state.updatedBy = texts.index(of: old[slots[index].state.updatedBy])
    }
  }

  private static func hash(_ id: Int64) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  private static func hash(_ name: WalletName) -> UInt32 { UInt32(truncatingIfNeeded: name.hashValue) }
}

/// Texts that many wallets have: currencies, names, actors.
private struct SharedTexts {
  private var texts: [Text] = []
  private var indices: [Text: UInt32] = [:]

  var count: Int { texts.count }

  subscript(_ index: UInt32) -> Text { texts[Int(index)] }

  /// - Parameter likely: An index that it may well have.
  mutating func index(of text: Text, likely: UInt32? = nil) -> UInt32 {
    if let likely, texts[Int(likely)] == text { return likely }
    if let index = indices[text] { return index }
    texts.append(text)
    indices[text] = UInt32(texts.count - 1)
    return UInt32(texts.count - 1)
  }
}

import ServerSimulation
import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletWire

/// A simulated process: the real server and the real store, with sockets, queues, clocks and a disk that somebody else moves.
final class Host {
  /// What the server tells of the order in which it decides.
  ///
  /// `@unchecked Sendable`: one thread runs a simulation.
  final class Ear: @unchecked Sendable {
    var hear: ([Ticket]) -> Void = { _ in }
    /// The answers to a gather are made.
    var decided: () -> Void = {}
  }

  let disk: Disk
  let life: Life
  let ear: Ear
  let transport = MemoryTransport()
  /// What waits to be done on each queue.
  let ledgerWork: Work
  let readWork: Work
  let backgroundWork: Work
  /// Answers on their way to the loop.
  let mail: Work
  let store: LedgerStore
  let server: Server
  private(set) var isDraining = false
  private let drained = Flag()

  private final class Flag: @unchecked Sendable { var isSet = false }

  private struct Numbers: RandomSource {
    func next() -> UInt64 { 42 }
  }

  /// - Parameter acceptsClock: As with `--accept-clock`.
  init(_ disk: Disk, _ profile: Profile, _ time: ManualTime, _ flaw: Flaw?, acceptsClock: Bool) throws {
    self.disk = disk
    if flaw == .diskLies { disk.lie() }
    var settings = StoreSettings()
    settings.acceptsClock = acceptsClock
    settings.vfs = disk.vfs
    settings.cachedWalletsMax = profile.shape.cachedWallets
    settings.trailing = StoreSettings.Trailing(generationRows: profile.shape.generationRows)
    settings.logFramesBeforeCheckpoint = profile.logFrames
    settings.logMovesBeforeAnew = profile.logMoves
    let (ledgerWork, readWork, backgroundWork) = (Work(), Work(), Work())
    let (mail, ear, life) = (Work(), Ear(), Life())
    (self.ledgerWork, self.readWork, self.backgroundWork) = (ledgerWork, readWork, backgroundWork)
    (self.mail, self.ear, self.life) = (mail, ear, life)
    store = try LedgerStore.open(
      DataFolder(path: Disk.folder, files: disk), settings: settings, time: time, random: Numbers(),
      inBackground: { backgroundWork.add($0) })
    let limits = profile.limits
    server = Server(
      limits: limits, transport: transport, time: time,
      description: ServerDescription(
        name: "walletd/simulation", ledger: store.description, limits: limits.announced,
        startedAt: time.wallMicroseconds),
      schemaDigest: [1, 2, 3], log: { _ in })
    let ledger = GuardedLedger(store, life, flaw)
    server.attach(
      ServerQueues(
        ledger: Confined(ledger), reader: Confined(try ledger.makeReader()), limits: limits, time: time,
        scheduleLedger: { ledgerWork.add($0) }, scheduleReads: { readWork.add($0) }, taken: { ear.hear($0) },
        decided: { if !life.isOver { ear.decided() } },
        deliver: { completions in
          if life.isOver { return }
          let isLost = flaw == .losesAnswers && completions.tickets.count > 2
          if !isLost { mail.deliver(completions) }
        }, log: { _ in }, inPlace: InPlace(weightMax: limits.inPlaceMax),
        fault: { preconditionFailure("a fault got past its guard: \($0)") }))
  }

  // MARK: Its end

  func beginDrain() {
    isDraining = true
    let drained = drained
    server.beginDrain { drained.isSet = true }
  }

  var isDrained: Bool { drained.isSet }

  /// Closes in order.
  func close() throws {
    backgroundWork.runAll()
    try store.close()
  }

  /// It is gone. What its threads had begun must come to an end all the same: nothing of it is seen any more.
  func abandon() {
    backgroundWork.runAll()
    ear.hear = { _ in }
    ear.decided = {}
    // What waits knows of its queue, which knows of what waits.
    for work in [ledgerWork, readWork, mail] { work.clear() }
  }
}

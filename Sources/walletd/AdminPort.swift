import ArgumentParser
import Dispatch
import WalletAdmin
import WalletCore
import WalletServer
import WalletStore
import WalletSystem

/// Where `--admin` says that metrics, health and the gateway are served.
enum AdminAddress {
  static let standard = "127.0.0.1:7432"

  case off
  /// - Parameter isGiven: An operator has said so; else it is the standard one, which another server may have.
  case at(SocketAddress, isGiven: Bool)

  /// - Throws: `ValidationError` for what can't be used.
  init(_ text: String?, insecure: Bool) throws {
    if text == "off" {
      self = .off
      return
    }
    let address: SocketAddress
    do throws(SocketAddress.ParseError) {
      address = try SocketAddress(text ?? Self.standard)
    } catch {
      throw ValidationError("--admin: \(error.message), nor is it off")
    }
    if !address.isLoopback, !insecure {
      throw ValidationError(
        "--admin \(address): it has no TLS, so tokens and figures would travel in the clear. Keep it on loopback with a "
          + "proxy before it, or say --insecure")
    }
    self = .at(address, isGiven: text != nil)
  }

  var memory: [MemoryBudget.Part] {
    if case .off = self { [] } else { [AdminLimits().memory] }
  }
}

/// Begins to serve the admin port.
enum AdminPort {
  static func start(_ address: AdminAddress, _ source: ServerSource, limits: ServerLimits) -> AdminServer? {
    guard case .at(let address, let isGiven) = address else { return nil }
    var adminLimits = AdminLimits()
    adminLimits.gatewayIdleMilliseconds = min(adminLimits.gatewayIdleMilliseconds, limits.idleTimeoutMilliseconds / 2)
    do throws(AdminServer.Failure) {
      let server = try AdminServer(address, source: source, limits: adminLimits)
      Console.say("admin port on http://\(server.address)")
      return server
    } catch {
      switch error {
      case .inUse where !isGiven:
        // A second server on one machine isn't kept from its work by a port that nobody asked for.
        Console.say(
          "the admin port \(address) is in use: this server goes on without one (--admin takes another, or off)")
        return nil
      case .inUse:
        Console.end(.addressUnavailable, "can't listen on --admin \(address): it is in use")
      case .other(let why):
        Console.end(.addressUnavailable, "can't listen on --admin \(address): \(why)")
      }
    }
  }
}

/// Fetches what the admin port shows from the queues that own it.
///
/// `@unchecked Sendable`: server and loop are touched on the loop's queue only, the ledger between gathers.
final class ServerSource: AdminSource, @unchecked Sendable {
  private let server: Server
  private let queues: ServerQueues
  private let loop: EventLoop
  private let ledger: any Ledger
  private let loopQueue: DispatchQueue
  private let time: any TimeSource

  init(
    server: Server, queues: ServerQueues, loop: EventLoop, ledger: any Ledger, loopQueue: DispatchQueue,
    time: any TimeSource
  ) {
    self.server = server
    self.queues = queues
    self.loop = loop
    self.ledger = ledger
    self.loopQueue = loopQueue
    self.time = time
  }

  /// A loop that waits for the disk is well: to start the server anew would make it no quicker.
  func ping(_ done: @escaping @Sendable () -> Void) {
    if queues.loopIsInLedger { done() } else { loopQueue.async(execute: done) }
  }

  func status(_ done: @escaping @Sendable (AdminStatus) -> Void) {
    loopQueue.async { [self] in
      let server = server.measure()
      let notices = self.notices
      queues.betweenGathers { [self] in
        let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
        let ledger = ledger.measure(reading)
        done(
          AdminStatus(server: server, ledger: ledger, notices: notices, process: ProcessUsage(), now: reading.wall))
      }
    }
  }

  /// The ledger knows of its backups itself, also of those that were made before this process.
  private var notices: OperationsBoard.Notices {
    var notices = server.operations.notices
    guard let backups = (ledger as? LedgerStore)?.backupStatus.values else { return notices }
    notices.backup = backups.last.map { BackupStatus(at: $0.at, seq: $0.seq, bytes: $0.bytes) }
    notices.backupsFailed = UInt64(backups.failed)
    return notices
  }

  func adopt(_ descriptor: Int32, peer: String) {
    loopQueue.async { [self] in loop.adopt(descriptor, peer: peer) }
  }
}

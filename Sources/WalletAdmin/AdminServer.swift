import NIOCore
import NIOPosix
import Synchronization
package import WalletSystem

/// The admin port: HTTP/1.1 on a thread of its own, away from the server's queues.
package final class AdminServer: Sendable {
  package enum Failure: Error, Sendable {
    case inUse
    case other(String)
  }

  /// With the port that the system chose where 0 was asked for.
  package let address: String
  private let group: MultiThreadedEventLoopGroup

  /// Binds, and serves from then on. May block.
  package init(
    _ address: WalletSystem.SocketAddress, source: any AdminSource, limits: AdminLimits = AdminLimits()
  ) throws(Failure) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let service = Service(source, limits, isLoopback: address.isLoopback, group.next())
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try service.begin(channel) }
      }
    do {
      let channel = try bootstrap.bind(host: address.host, port: Int(address.port)).wait()
      self.address = channel.localAddress.map { "\(address.bracketedHost):\($0.port ?? 0)" } ?? address.description
    } catch let error as IOError {
      throw error.errnoCode == SystemError.addressInUse ? .inUse : .other("\(error)")
    } catch {
      throw .other("\(error)")
    }
  }
}

/// What all connections share.
///
/// `@unchecked Sendable`: everything is touched on the one event loop only.
private final class Service: @unchecked Sendable {
  private let limits: AdminLimits
  private let pipeline: HTTPPipeline
  private var connectionCount = 0

  init(_ source: any AdminSource, _ limits: AdminLimits, isLoopback: Bool, _ eventLoop: any NIOCore.EventLoop) {
    self.limits = limits
    let router = Router(
      source, limits, isLoopback: isLoopback, gateway: Gateway(source, limits, eventLoop))
    pipeline = HTTPPipeline(limits) { exchange in router.respond(exchange) }
  }

  func begin(_ channel: any Channel) throws {
    channel.eventLoop.preconditionInEventLoop()
    // Whoever comes beyond the limit is closed at once: a few scrapers and people at a terminal share this port.
    guard connectionCount < limits.connectionsMax else { throw ChannelError.alreadyClosed }
    connectionCount += 1
    channel.closeFuture.whenComplete { _ in self.connectionCount -= 1 }
    try pipeline.add(to: channel)
  }
}

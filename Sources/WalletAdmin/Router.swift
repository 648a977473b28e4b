import NIOCore
import WalletWire

/// What is served where. Confined to the event loop.
final class Router {
  private let source: any AdminSource
  private let limits: AdminLimits
  private let isLoopback: Bool
  private let gateway: Gateway

  init(_ source: any AdminSource, _ limits: AdminLimits, isLoopback: Bool, gateway: Gateway) {
    self.source = source
    self.limits = limits
    self.isLoopback = isLoopback
    self.gateway = gateway
  }

  func respond(_ exchange: Exchange) {
    let request = exchange.request
    if let host = request.header("host"), isLoopback, !HostName.isOfThisMachine(host) {
      return exchange.answer(.text(403, "the admin port is called by address or as localhost, not as \(host)\n"))
    }
    if request.path.hasPrefix(Gateway.pathPrefix) { return gateway.respond(exchange) }
    guard let page = Page(rawValue: request.path) else { return exchange.answer(.text(404, Self.index)) }
    guard request.method == "GET" || request.method == "HEAD" else {
      return exchange.answer(.text(405, "\(request.path) takes GET and HEAD\n", headers: [("allow", "GET, HEAD")]))
    }
    switch page {
    case .index: exchange.answer(.text(200, Self.index))
    case .live: live(exchange)
    case .ready:
      status(exchange) { status in
        if let why = status.notReadyBecause { return .text(503, "not ready: \(why)\n") }
        return .text(200, "ready\n")
      }
    case .metrics:
      status(exchange) { status in
        HTTPResponse(
          status: 200, headers: [("content-type", PrometheusText.contentType)],
          body: Array(PrometheusText.page(MetricCatalogue.all, status).utf8))
      }
    }
  }

  private enum Page: String {
    case index = "/"
    case live = "/livez"
    case ready = "/readyz"
    case metrics = "/metrics"
  }

  private static let index = """
    /livez    the event loop answers
    /readyz   mutations can be had; else why not
    /metrics  for Prometheus
    POST \(Gateway.pathPrefix)VERB  any call, by the Connect protocol

    """

  private func live(_ exchange: Exchange) {
    let promise = exchange.eventLoop.makePromise(of: Void.self)
    source.ping { promise.succeed() }
    answer(exchange, promise, "the event loop") { _ in .text(200, "ok\n") }
  }

  private func status(_ exchange: Exchange, _ response: @escaping (AdminStatus) -> HTTPResponse) {
    let promise = exchange.eventLoop.makePromise(of: AdminStatus.self)
    source.status { promise.succeed($0) }
    answer(exchange, promise, "the event loop or the ledger's queue", response)
  }

  /// Answers when the server has, or says that it doesn't.
  private func answer<Value: Sendable>(
    _ exchange: Exchange, _ promise: EventLoopPromise<Value>, _ who: String,
    _ response: @escaping (Value) -> HTTPResponse
  ) {
    let milliseconds = limits.statusMilliseconds
    let alarm = exchange.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { promise.fail(NoAnswer()) }
    promise.futureResult.assumeIsolated().whenComplete { result in
      alarm.cancel()
      switch result {
      case .success(let value): exchange.answer(response(value))
      case .failure: exchange.answer(.text(503, "\(who) hasn't answered for \(milliseconds) ms\n"))
      }
    }
  }
}

private struct NoAnswer: Error {}

/// Who is meant by a `Host` header. A page of the web can have its name point at this machine, and would then be let in
/// as if it came from here; it can't make a browser send an address.
enum HostName {
  static func isOfThisMachine(_ host: String) -> Bool {
    if host.hasPrefix("[") { return host.contains("]") }
    let name = host.prefix { $0 != ":" }
    return name == "localhost" || name.split(separator: ".").count == 4 && name.allSatisfy { $0.isNumber || $0 == "." }
  }
}

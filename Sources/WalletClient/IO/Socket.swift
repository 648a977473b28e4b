import Dispatch
import Glibc

/// A TCP or Unix socket that never blocks; the only place of the client that knows sockets.
///
/// `@unchecked Sendable`: after `open` everything is touched on `queue` only. The two threads of others (name resolution,
/// dispatch's own) hand over to it.
final class SocketTransport: Transport, @unchecked Sendable {
  private let queue: DispatchQueue
  private let timeoutNanoseconds: UInt64
  private var events: (@Sendable (TransportEvent) -> Void)?
  private var descriptor: SocketDescriptor?
  private var addresses: ArraySlice<SocketAddress> = []
  private var readSource: (any DispatchSourceRead)?
  private var writeSource: (any DispatchSourceWrite)?
  private var isConnected = false
  private var outbound: [UInt8] = []
  private var outboundSent = 0
  private var lastError = "no address"

  private static let readBytesMax = 64 << 10

  init(queue: DispatchQueue, timeoutNanoseconds: UInt64, events: @escaping @Sendable (TransportEvent) -> Void) {
    self.queue = queue
    self.timeoutNanoseconds = timeoutNanoseconds
    self.events = events
  }

  // MARK: Opening

  func open(_ endpoint: WalletEndpoint) {
    if let known = SocketAddress.known(endpoint) {
      queue.async { self.resolved(.success(known)) }
      return
    }
    // getaddrinfo may take as long as it likes: the engine has stopped waiting by then, and nobody else waits for it.
    // A queue of its own gets a thread of its own; on the shared ones, lookups that hang would hold up each other.
    DispatchQueue(label: "WalletClient.resolver").async {
      let resolved = SocketAddress.resolve(endpoint)
      self.queue.async { self.resolved(resolved) }
    }
  }

  private func resolved(_ result: Result<[SocketAddress], SocketError>) {
    guard events != nil else { return }
    switch result {
    case .failure(let error): end(error.text)
    case .success(let addresses):
      self.addresses = addresses[...]
      connectNext()
    }
  }

  /// Tries the next address of the name; each gets its share of the time.
  private func connectNext() {
    dropDescriptor()
    guard let address = addresses.popFirst() else { return end(lastError) }
    let descriptor: SocketDescriptor
    do throws(SocketError) {
      descriptor = try SocketDescriptor(family: address.family)
      self.descriptor = descriptor
      if try descriptor.connect(address) { return connected() }
    } catch {
      lastError = error.text
      return connectNext()
    }
    onWritable { [weak self] in
      guard let self, self.descriptor === descriptor else { return }
      if let error = descriptor.pendingError() {
        self.lastError = error.text
        return self.connectNext()
      }
      self.connected()
    }
    let share = timeoutNanoseconds / UInt64(addresses.count + 1)
    queue.asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: share))) { [weak self] in
      guard let self, self.descriptor === descriptor, !self.isConnected else { return }
      self.lastError = "no answer to connecting"
      self.connectNext()
    }
  }

  private func connected() {
    guard let descriptor else { return }
    stopWriting()
    isConnected = true
    addresses = []
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.number, queue: queue)
    source.setEventHandler { [weak self] in self?.readAvailable() }
    // The source keeps the descriptor open until it is cancelled, as dispatch asks.
    source.setCancelHandler { withExtendedLifetime(descriptor) {} }
    readSource = source
    source.activate()
    events?(.connected)
  }

  // MARK: Reading

  private func readAvailable() {
    guard let descriptor else { return }
    switch descriptor.read(upTo: Self.readBytesMax) {
    case .success(.some(let bytes)) where bytes.isEmpty: end("the server closed the connection")
    case .success(.some(let bytes)): events?(.received(bytes))
    case .success(.none): break
    case .failure(let error): end(error.text)
    }
  }

  // MARK: Writing

  func send(_ bytes: [UInt8]) {
    if outbound.isEmpty { outbound = bytes } else { outbound.append(contentsOf: bytes) }
    if writeSource == nil { writeAvailable() }
  }

  private func writeAvailable() {
    guard let descriptor, isConnected else { return }
    while outboundSent < outbound.count {
      switch descriptor.write(outbound, from: outboundSent) {
      case .success(.some(let count)): outboundSent += count
      case .success(.none):
        if writeSource == nil { onWritable { [weak self] in self?.writeAvailable() } }
        return
      case .failure(let error): return end(error.text)
      }
    }
    outbound = []
    outboundSent = 0
    stopWriting()
  }

  private func onWritable(_ work: @escaping () -> Void) {
    guard let descriptor else { return }
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor.number, queue: queue)
    source.setEventHandler(handler: work)
    source.setCancelHandler { withExtendedLifetime(descriptor) {} }
    writeSource = source
    source.activate()
  }

  private func stopWriting() {
    writeSource?.cancel()
    writeSource = nil
  }

  // MARK: Ending

  func close() {
    events = nil
    addresses = []
    dropDescriptor()
  }

  private func end(_ why: String) {
    let events = events
    close()
    events?(.closed(why))
  }

  private func dropDescriptor() {
    stopWriting()
    readSource?.cancel()
    readSource = nil
    isConnected = false
    // The cancelled sources still hold it; the last to let go closes it.
    descriptor = nil
  }
}

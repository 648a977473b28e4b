internal import CLinux
package import Dispatch
internal import Glibc

/// The sockets of a server: one DispatchSource on an epoll descriptor that holds them all, so that one wake-up serves
/// every connection that is ready.
///
/// `@unchecked Sendable`: all state is touched on `queue` only, which each entry asserts.
@safe
package final class EventLoop: Transport, @unchecked Sendable {
  /// The most that one read takes.
  package static let readBytesMax = 64 * 1024
  private static let eventsPerWait = 256
  /// Rounds before other work of the queue gets its turn.
  private static let roundsMax = 8
  /// What is read before other work of the queue gets its turn, and one read beyond it: behind a disk that stood still tens of
  /// thousands of requests have come, and the answers to the first ones mustn't wait until the last ones are read.
  private static let turnBytesMax = 128 * 1024
  /// Connections taken before those that are there already get their turn: in a burst of clients the HELLO of one is read
  /// while the next ones wait in the backlog, instead of counting as silent.
  private static let acceptsPerRound = 16
  /// What the machine takes of a connection's output beyond what its peer has room for. By itself it would keep some MiB for
  /// each peer that doesn't read, and the server would learn of it only behind them.
  private static let unsentBytesMax: Int32 = 256 * 1024
  /// Listeners have the highest tokens, which no socket reaches: its generation would be the last one.
  private static let listenerToken = UInt64.max
  package static let listenersMax = 64

  /// While there isn't even one descriptor to refuse with.
  private static let pauseMilliseconds = 100

  package let queue: DispatchQueue
  private let poll: Int32
  private let source: any DispatchSourceRead
  private var events: [epoll_event]
  /// Which of them haven't been reported yet.
  private var unreported = 0..<0
  /// What this turn has read.
  private var turnBytes = 0
  /// The next turn is in the queue already.
  private var isTurnQueued = false
  /// What `recv` fills before it is appended to a connection's own buffer.
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.readBytesMax, alignment: 64)
  private var listeners: [ListeningSocket] = []
  /// Kept open so that a full table of descriptors still leaves one to say so with.
  private var reserve: Int32
  /// What is told to one for whom there is no descriptor.
  package var refusal: [UInt8] = []
  private var sockets: [Socket?] = []
  private var freeSlots: [UInt32] = []
  private var generation: UInt32 = 0
  private weak var handler: (any TransportHandler)?

  private struct Socket {
    var descriptor: Int32
    var generation: UInt32
    var isAdopted: Bool
    var reading = true
    var writing = false
  }

  package init(queue: DispatchQueue) throws(SystemError) {
    self.queue = queue
    poll = epoll_create1(Int32(O_CLOEXEC))
    guard poll >= 0 else { throw .last("epoll_create1") }
    reserve = unsafe walletd_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
    guard reserve >= 0 else { throw .last("open /dev/null") }
    unsafe events = unsafe Array(repeating: epoll_event(), count: Self.eventsPerWait)
    source = DispatchSource.makeReadSource(fileDescriptor: poll, queue: queue)
  }

  deinit { unsafe scratch.deallocate() }

  /// Begins to report to `handler`, which must live until the loop stops.
  package func start(_ handler: any TransportHandler) {
    dispatchPrecondition(condition: .onQueue(queue))
    self.handler = handler
    // A turn that is queued sees it too: another one beside it would come before whatever else waits in the queue.
    source.setEventHandler { [unowned self] in if !self.isTurnQueued { self.drain() } }
    source.activate()
  }

  /// Reports nothing any more. A loop that was started must be stopped before it goes.
  package func stop() {
    dispatchPrecondition(condition: .onQueue(queue))
    stopListening()
    source.cancel()
  }

  /// Takes over a listening socket. There may be several.
  package func listen(on listener: ListeningSocket) throws(SystemError) {
    dispatchPrecondition(condition: .onQueue(queue))
    precondition(listeners.count < Self.listenersMax)
    let token = Self.listenerToken - UInt64(listeners.count)
    guard walletd_epoll_control(poll, EPOLL_CTL_ADD, listener.descriptor, WALLETD_EPOLLIN, token) == 0
    else { throw .last("epoll_ctl") }
    listeners.append(listener)
  }

  /// Takes over a connected stream socket that doesn't block, as if it had been accepted.
  ///
  /// - Parameter peer: The address that the connection counts as. Who is on the other side nobody knows: a socket of this
  ///   very process says nothing about whom it speaks for.
  package func adopt(_ descriptor: Int32, peer: String) {
    dispatchPrecondition(condition: .onQueue(queue))
    handler?.adopted(add(descriptor, isAdopted: true), peer: peer)
  }

  package func stopListening() {
    dispatchPrecondition(condition: .onQueue(queue))
    for listener in listeners { listener.close() }
    listeners = []
  }

  // MARK: Readiness

  private func drain() {
    turnBytes = 0
    isTurnQueued = false
    for _ in 0..<Self.roundsMax where turnBytes < Self.turnBytesMax {
      if reportReady() == 0 { return }
      // What has come meanwhile goes the same way together: whatever waits for a commit shares it.
      _ = reportReady()
      handler?.roundEnded()
    }
    // Dispatch reports the epoll descriptor when something new becomes ready, not while something still is: what these
    // rounds have left must be asked for. Not by a weak reference: what an object keeps for those looks lost to the address
    // sanitizer.
    isTurnQueued = true
    queue.async { self.drain() }
  }

  /// Those that the last turn had no room for come first: each has its turn before any has its second one.
  ///
  /// - Returns: How many sockets were ready.
  private func reportReady() -> Int {
    if unreported.isEmpty {
      let count = retryingInterrupts { unsafe epoll_wait(poll, &events, Int32(events.count), 0) }
      precondition(count >= 0, "epoll_wait failed with \(errno)")
      unreported = 0..<Int(count)
    }
    let first = unreported.lowerBound
    while turnBytes < Self.turnBytesMax, let index = unreported.popFirst() { unsafe report(events[index]) }
    return unreported.lowerBound - first
  }

  private func report(_ event: epoll_event) {
    var event = unsafe event
    let token = unsafe walletd_epoll_token(&event)
    if token > Self.listenerToken - UInt64(Self.listenersMax) {
      return acceptAll(from: Int(Self.listenerToken - token))
    }
    let id = SocketID(slot: UInt32(truncatingIfNeeded: token), generation: UInt32(truncatingIfNeeded: token >> 32))
    // A connection that an earlier event of this round closed.
    guard let socket = socket(id) else { return }
    let bits = unsafe walletd_epoll_events(&event)
    let broken = bits & (WALLETD_EPOLLHUP | WALLETD_EPOLLERR) != 0
    // It may not be wanted any more, by what others have done since it became ready.
    handler?.ready(
      id, reading: bits & WALLETD_EPOLLIN != 0 && socket.reading || broken,
      writing: bits & WALLETD_EPOLLOUT != 0 && socket.writing)
  }

  private func socket(_ id: SocketID) -> Socket? {
    guard Int(id.slot) < sockets.count, let socket = sockets[Int(id.slot)], socket.generation == id.generation
    else { return nil }
    return socket
  }

  // MARK: Accepting

  private func acceptAll(from index: Int) {
    for _ in 0..<Self.acceptsPerRound where index < listeners.count {
      let listener = listeners[index].descriptor
      var address = sockaddr_storage()
      let descriptor = Self.accept(listener, &address)
      if descriptor >= 0 {
        handler?.accepted(add(descriptor), peer: Self.name(of: address))
      } else if errno == EMFILE || errno == ENFILE {
        switch refuseOne(of: listener) {
        case .refused: continue
        case .nobodyWaits: return
        case .noPlace: return pause(index)
        }
      } else if errno != ECONNABORTED {
        // Nothing more to accept; other errors concern one connection that is gone already.
        return
      }
    }
  }

  private static func accept(_ listener: Int32, _ address: inout sockaddr_storage) -> Int32 {
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        retryingInterrupts {
          var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
          return unsafe walletd_accept(listener, pointer, &length)
        }
      }
    }
  }

  private func add(_ descriptor: Int32, isAdopted: Bool = false) -> SocketID {
    var one: Int32 = 1
    // Both fail on a Unix socket, which has no delay to turn off, and a small buffer anyway.
    _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var unsentMax = Self.unsentBytesMax
    _ = unsafe setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsentMax, socklen_t(MemoryLayout<Int32>.size))
    generation &+= 1
    let slot = freeSlots.popLast() ?? UInt32(sockets.count)
    if Int(slot) == sockets.count { sockets.append(nil) }
    sockets[Int(slot)] = Socket(descriptor: descriptor, generation: generation, isAdopted: isAdopted)
    let id = SocketID(slot: slot, generation: generation)
    let result = walletd_epoll_control(poll, EPOLL_CTL_ADD, descriptor, WALLETD_EPOLLIN, token(id))
    precondition(result == 0, "epoll_ctl failed with \(errno)")
    return id
  }

  private enum Refusal {
    case refused
    case nobodyWaits
    case noPlace
  }

  /// Out of descriptors: gives up the reserve to take one connection, tell it and close it, so that its peer isn't left
  /// waiting.
  private func refuseOne(of listener: Int32) -> Refusal {
    // Another thread may have taken the place when the reserve was given up the last time.
    if reserve < 0 { reserve = unsafe walletd_open("/dev/null", O_RDONLY | O_CLOEXEC, 0) }
    guard reserve >= 0 else { return .noPlace }
    Glibc.close(reserve)
    let descriptor = Glibc.accept(listener, nil, nil)
    let error = errno
    if descriptor >= 0 {
      _ = unsafe send(descriptor, refusal, refusal.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      end(descriptor)
    }
    reserve = unsafe walletd_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
    if descriptor >= 0 { return .refused }
    return error == EMFILE || error == ENFILE ? .noPlace : .nobodyWaits
  }

  /// Those who wait to be accepted wait a little longer, instead of having the loop turn for nothing.
  private func pause(_ index: Int) {
    watchListener(index, 0)
    queue.asyncAfter(deadline: .now() + .milliseconds(Self.pauseMilliseconds)) {
      self.watchListener(index, WALLETD_EPOLLIN)
    }
  }

  private func watchListener(_ index: Int, _ events: UInt32) {
    guard index < listeners.count else { return }
    let token = Self.listenerToken - UInt64(index)
    let result = walletd_epoll_control(poll, EPOLL_CTL_MOD, listeners[index].descriptor, events, token)
    precondition(result == 0, "epoll_ctl failed with \(errno)")
  }

  private func token(_ id: SocketID) -> UInt64 { UInt64(id.generation) << 32 | UInt64(id.slot) }

  private static func name(of address: sockaddr_storage) -> String {
    var address = address
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe SocketAddress.host(of: $0) }
    }
  }

  // MARK: Transport

  package func read(_ id: SocketID, into buffer: inout [UInt8], countMax: Int) -> ReadResult {
    guard let socket = socket(id) else { return .ended }
    let room = unsafe min(countMax, scratch.count)
    let count = retryingInterrupts { unsafe recv(socket.descriptor, scratch.baseAddress, room, 0) }
    if count > 0 {
      unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<count]))
      turnBytes += count
      return .bytes(count)
    }
    return count < 0 && errno == EAGAIN ? .wouldBlock : .ended
  }

  package func write(_ id: SocketID, _ buffer: [UInt8], from start: Int) -> WriteResult {
    guard let socket = socket(id) else { return .broken }
    let count = unsafe buffer.withUnsafeBytes { bytes in
      retryingInterrupts {
        unsafe send(
          socket.descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
    }
    if count >= 0 { return .bytes(count) }
    return errno == EAGAIN ? .wouldBlock : .broken
  }

  package func identity(of id: SocketID) -> PeerIdentity {
    var user: UInt32 = 0
    // The user at the other end of an adopted socket is this process's own, whomever it speaks for.
    guard let socket = socket(id), !socket.isAdopted, unsafe walletd_peer_user(socket.descriptor, &user) == 0 else {
      return .unknown
    }
    return .unixUser(user)
  }

  package func watch(_ id: SocketID, reading: Bool, writing: Bool) {
    guard let socket = socket(id), socket.reading != reading || socket.writing != writing else { return }
    sockets[Int(id.slot)]?.reading = reading
    sockets[Int(id.slot)]?.writing = writing
    let events = (reading ? WALLETD_EPOLLIN : 0) | (writing ? WALLETD_EPOLLOUT : 0)
    let result = walletd_epoll_control(poll, EPOLL_CTL_MOD, socket.descriptor, events, token(id))
    precondition(result == 0, "epoll_ctl failed with \(errno)")
  }

  package func close(_ id: SocketID) {
    guard let socket = socket(id) else { return }
    end(socket.descriptor)
    forget(id)
  }

  package func abort(_ id: SocketID) {
    guard let socket = socket(id) else { return }
    // A reset: else the kernel would keep megabytes for minutes, for a peer that doesn't take them.
    var linger = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      socket.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    Glibc.close(socket.descriptor)
    forget(id)
  }

  /// Closing takes the descriptor out of the epoll set. What the peer has sent and nobody read would turn the close into a
  /// reset, which can overtake our last frame: so the sending side ends first.
  private func end(_ descriptor: Int32) {
    shutdown(descriptor, Int32(SHUT_WR))
    _ = unsafe recv(descriptor, scratch.baseAddress, scratch.count, Int32(MSG_DONTWAIT))
    Glibc.close(descriptor)
  }

  private func forget(_ id: SocketID) {
    sockets[Int(id.slot)] = nil
    freeSlots.append(id.slot)
  }
}

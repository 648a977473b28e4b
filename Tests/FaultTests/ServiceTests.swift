import Glibc
import TestSupport
import Testing

/// What a service manager sees of the server (sd_notify).
extension FaultTests {
  private func environment(_ manager: ManagerSocket) -> [String: String] {
    // The process may not be the one that WATCHDOG_PID would name, so it isn't set.
    ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "300000"]
  }

  @Test(
    "The service manager hears of the start, of signs of life, of a reload and of the end", arguments: [false, true])
  func serviceNotifications(isAbstract: Bool) throws {
    let folder = try ScratchFolder("service")
    let manager = try ManagerSocket(isAbstract: isAbstract)
    let server = try ServerProcess.serve("\(folder.path)/data", environment: environment(manager))
    #expect(try manager.wait(for: "READY=1").contains("STATUS=serving on 127.0.0.1:\(server.port)"))
    // Whoever connects when it is told READY is served.
    _ = try TestClient(port: server.port)
    #expect(try manager.wait(for: "WATCHDOG=1") == ["WATCHDOG=1"])

    server.signal(SIGHUP)
    let reloading = try manager.wait(for: "RELOADING=1")
    let began = reloading.first { $0.hasPrefix("MONOTONIC_USEC=") }.flatMap { Int64($0.dropFirst(15)) }
    #expect(try #require(began) > 0)
    #expect(try manager.wait(for: "READY=1") == ["READY=1"])
    _ = try TestClient(port: server.port)

    server.signal(SIGTERM)
    #expect(try manager.wait(for: "STOPPING=1").contains("STATUS=draining"))
    #expect(try server.waitUntilEnded() == .exited(0))
  }

  @Test("A ledger that hangs in a sync silences the watchdog, and no longer than it hangs")
  func watchdogOfAHungLedger() throws {
    let folder = try ScratchFolder("service")
    let recorder = try Recorder()
    let manager = try ManagerSocket()
    let variables = environment(manager).merging(["SYNC_HANGS": "1"]) { $1 }
    let server = try ServerProcess.serve("\(folder.path)/data", environment: recorder.environment(variables))
    let client = try TestClient(port: server.port)
    for _ in 0..<2 { _ = try manager.wait(for: "WATCHDOG=1") }

    try recorder.turnOn()
    try client.send([.open(owner: "alice", currency: "USD", key: "service-1")])
    // Signs of life come every 100 ms while all is well. Those before the hang end.
    var heard = 0
    while manager.receive(timeoutMilliseconds: 1500) != nil, heard < 100 { heard += 1 }
    #expect(heard < 100)

    try recorder.turnOff()
    guard case .reply(let reply) = try client.receive() else { throw TestFailure("no reply after the hang") }
    #expect(reply.isOK)
    #expect(try manager.wait(for: "WATCHDOG=1") == ["WATCHDOG=1"])
    #expect(try server.terminate() == .exited(0))
  }

  @Test("A manager that is gone, or a name that is no socket, doesn't keep the server from serving")
  func noManager() throws {
    let folder = try ScratchFolder("service")
    for name in ["\(folder.path)/nobody", "vsock:2:1"] {
      let server = try ServerProcess.serve("\(folder.path)/data", environment: ["NOTIFY_SOCKET": name])
      _ = try TestClient(port: server.port)
      #expect(try server.terminate() == .exited(0))
    }
  }

  @Test("A socket that is passed is served, and one that can't be is refused")
  func socketActivation() throws {
    let folder = try ScratchFolder("service")
    let socket = try PassedSocket()
    let server = try ServerProcess.activate("\(folder.path)/data", socket: socket.listener)
    // A client may come before the server: the socket takes it.
    let client = try TestClient(port: socket.port)
    #expect(try client.call(.open(owner: "alice", currency: "USD", key: "service-1")).isOK)
    try server.waitUntilListening()
    #expect(server.port == socket.port)
    #expect(try server.terminate() == .exited(0))

    let refused = try ServerProcess.activate("\(folder.path)/data", socket: socket.datagrams)
    #expect(try refused.waitUntilEnded() == .exited(69))
    #expect(refused.lines.last?.contains("descriptor 3 isn't a stream socket that listens") == true)
  }
}

/// Sockets as a service manager has them before its service runs.
private final class PassedSocket {
  let listener: Int32
  let datagrams: Int32
  let port: UInt16

  init() throws {
    datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard datagrams >= 0, listener >= 0 else { throw TestFailure("socket: errno \(errno)") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (listener, size) = (listener, length)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard result else { throw TestFailure("bind: errno \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    close(listener)
    close(datagrams)
  }
}

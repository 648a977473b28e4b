import TestSupport
import Testing
import WalletSystem

@Suite struct ServiceNotifierTests {
  @Test(arguments: [false, true])
  func whatIsSaidArrivesInOneDatagram(isAbstract: Bool) throws {
    let manager = try ManagerSocket(isAbstract: isAbstract)
    let notifier = try ServiceNotifier(path: manager.name)
    try notifier.send([.ready, .status("serving\non two lines")])
    #expect(manager.receive() == ["READY=1", "STATUS=serving on two lines"])
    try notifier.send([.reloading(1_234)])
    #expect(manager.receive() == ["RELOADING=1", "MONOTONIC_USEC=1234"])
    try notifier.send([.watchdog])
    try notifier.send([.stopping])
    #expect(manager.receive() == ["WATCHDOG=1"])
    #expect(manager.receive() == ["STOPPING=1"])
  }

  @Test func aManagerThatDoesNotReadIsNotWaitedFor() throws {
    let manager = try ManagerSocket()
    let notifier = try ServiceNotifier(path: manager.name)
    let full = #expect(throws: SystemError.self) { while true { try notifier.send([.watchdog]) } }
    #expect(full?.number == SystemError.wouldBlock)
    manager.drain()
    try notifier.send([.ready])
    #expect(manager.receive() == ["READY=1"])
  }

  @Test func aManagerThatIsGoneIsAnError() throws {
    var manager: ManagerSocket? = try ManagerSocket()
    let notifier = try ServiceNotifier(path: try #require(manager?.name))
    manager = nil
    #expect(throws: SystemError.self) { try notifier.send([.ready]) }
  }

  @Test(arguments: ["", "@", "relative/path", "vsock:2:1234", "/" + String(repeating: "x", count: 107)])
  func whatIsNoSocketIsRefused(path: String) {
    #expect(throws: SystemError.self) { _ = try ServiceNotifier(path: path) }
  }
}

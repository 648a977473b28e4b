internal import Foundation
internal import Synchronization
internal import Testing

/// A walletd of its own, as an operator starts it. It is killed when the last reference goes, if it still runs then. One that has
/// ended by itself by then, unasked and unnoticed, is an issue of its test, which may have all its answers.
package final class ServerProcess: Sendable {
  /// How a process ended.
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  package static let startTimeoutSeconds = 20.0

  private let processID: pid_t
  private let log: ScratchFolder
  private let ending = Mutex<Ending?>(nil)
  /// It was sent what ends a process.
  private let isToldToEnd = Mutex(false)
  /// The port that it listens on; 0 until `waitUntilListening`.
  private let listeningPort = Mutex<UInt16>(0)

  /// Starts `walletd serve` on a folder and waits until it listens.
  package static func serve(
    _ data: String, arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> ServerProcess {
    let server = try launch(data, arguments: arguments, environment: environment)
    try server.waitUntilListening()
    return server
  }

  /// Starts `walletd serve` and waits until it ends by itself, which it is expected to.
  package static func runToEnd(
    _ data: String, arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> (ending: Ending, lines: [String]) {
    let server = try launch(data, arguments: arguments, environment: environment)
    return (try server.waitUntilEnded(), server.lines)
  }

  /// Starts `walletd serve` without waiting.
  package static func launch(
    _ data: String, arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> ServerProcess {
    let listen = arguments.contains("--listen") ? [] : ["--listen", "127.0.0.1:0"]
    // Each test that wants the admin port says where: many servers run at once.
    let admin = arguments.contains("--admin") ? [] : ["--admin", "off"]
    let format = arguments.contains("--log-format") ? [] : ["--log-format", "text"]
    return try ServerProcess(
      try program(), ["serve", "--data", data] + listen + admin + format + arguments, environment)
  }

  /// Starts `walletd serve` with a limit of descriptors, the soft one below it, and waits until it listens.
  package static func serve(_ data: String, descriptorsMax: Int) throws -> ServerProcess {
    let script = "ulimit -n \(descriptorsMax) && ulimit -Sn \(descriptorsMax / 2) && exec \"$0\" \"$@\""
    let server = try ServerProcess(
      "/bin/sh",
      [
        "-c", script, try program(), "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin", "off",
        "--log-format",
        "text",
      ], [:])
    try server.waitUntilListening()
    return server
  }

  /// Starts `walletd serve` as systemd does, with a listening socket for it.
  package static func activate(_ data: String, socket: Int32) throws -> ServerProcess {
    // Only the process itself knows its id before it is walletd.
    let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\""
    return try ServerProcess(
      "/bin/sh", ["-c", script, try program(), "serve", "--data", data, "--admin", "off", "--log-format", "text"], [:],
      firstDescriptor: socket)
  }

  private init(
    _ program: String, _ arguments: [String], _ environment: [String: String], firstDescriptor: Int32? = nil
  ) throws {
    log = try ScratchFolder("log")
    let logPath = "\(log.path)/stderr"
    var all = ProcessInfo.processInfo.environment
    all["LD_PRELOAD"] = nil
    all.merge(environment) { $1 }
    processID = try Self.spawn(
      program, arguments, all, standardError: logPath, firstDescriptor: firstDescriptor)
  }

  deinit {
    kill()
  }

  /// `walletd` beside the test program, or what the variable WALLETD names.
  private static func program() throws -> String {
    if let path = ProcessInfo.processInfo.environment["WALLETD"] { return path }
    var folder = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    folder.deleteLastPathComponent()
    let path = folder.appending(path: "walletd").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw TestFailure("no walletd at \(path): build it, or set WALLETD")
    }
    return path
  }

  /// `posix_spawn`, since `Foundation.Process` learns of an end through a run loop that no test has.
  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String], standardError: String,
    firstDescriptor: Int32?
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, standardError, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    if let firstDescriptor { unsafe posix_spawn_file_actions_adddup2(&actions, firstDescriptor, 3) }
    var argv = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var envp = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (argv + envp).forEach { unsafe free($0) } }
    var processID: pid_t = 0
    let code = unsafe posix_spawn(&processID, program, &actions, nil, &argv, &envp)
    guard code == 0 else { throw TestFailure("posix_spawn \(program): \(code)") }
    return processID
  }

  // MARK: What it says

  package var port: UInt16 { listeningPort.withLock { $0 } }

  /// The port of `--admin`, once it listens.
  package var adminPort: UInt16 {
    get throws {
      let prefix = "walletd: admin port on http://127.0.0.1:"
      guard let line = lines.first(where: { $0.hasPrefix(prefix) }), let port = UInt16(line.dropFirst(prefix.count))
      else { throw TestFailure("walletd has no admin port: \(lines)") }
      return port
    }
  }

  /// What it has said on standard error.
  package var lines: [String] {
    let text = (try? String(contentsOfFile: "\(log.path)/stderr", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  package func waitUntilListening() throws {
    let prefix = "walletd: listening on 127.0.0.1:"
    let deadline = Date.now.addingTimeInterval(Self.startTimeoutSeconds)
    while Date.now < deadline {
      if let line = lines.first(where: { $0.hasPrefix(prefix) }), let port = UInt16(line.dropFirst(prefix.count)) {
        return listeningPort.withLock { $0 = port }
      }
      if let ending = poll() { throw TestFailure("walletd didn't start: \(ending), \(lines)") }
      usleep(500)
    }
    throw TestFailure("walletd doesn't listen in time: \(lines)")
  }

  /// Waits until it has said so many lines that begin so.
  package func waitForLine(_ prefix: String, count: Int = 1) throws {
    let deadline = Date.now.addingTimeInterval(Self.startTimeoutSeconds)
    while lines.count(where: { $0.hasPrefix(prefix) }) < count {
      guard Date.now < deadline else { throw TestFailure("walletd doesn't say \"\(prefix)\": \(lines)") }
      usleep(2000)
    }
  }

  /// What it has in memory, bytes.
  package var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/\(processID)/statm", encoding: .utf8))?.split(separator: " ")
    return (fields?.dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  // MARK: How it ends

  /// SIGKILL, when it still runs.
  package func kill() {
    let found = ending.withLock { ending -> Ending? in
      guard ending == nil else { return nil }
      ending = Self.reap(processID, options: WNOHANG)
      if ending != nil { return ending }
      Foundation.kill(processID, SIGKILL)
      ending = Self.reap(processID, options: 0)
      return nil
    }
    guard let found, !isToldToEnd.withLock({ $0 }) else { return }
    Issue.record("walletd ended by itself, \(found): \(lines.suffix(20))")
  }

  package func signal(_ number: Int32) {
    if [SIGTERM, SIGINT, SIGKILL].contains(number) { isToldToEnd.withLock { $0 = true } }
    ending.withLock { ending in
      // The id is the process's own until it is reaped, which happens under this lock.
      if ending == nil { Foundation.kill(processID, number) }
    }
  }

  /// SIGTERM; waits for the end.
  package func terminate() throws -> Ending {
    signal(SIGTERM)
    return try waitUntilEnded()
  }

  package func waitUntilEnded(timeoutSeconds: Double = 30) throws -> Ending {
    let deadline = Date.now.addingTimeInterval(timeoutSeconds)
    while Date.now < deadline {
      if let ending = poll() { return ending }
      usleep(2000)
    }
    throw TestFailure("walletd doesn't end in time: \(lines)")
  }

  /// `nil` while it runs.
  package func poll() -> Ending? {
    ending.withLock { ending in
      if ending == nil { ending = Self.reap(processID, options: WNOHANG) }
      return ending
    }
  }

  private static func reap(_ processID: pid_t, options: Int32) -> Ending? {
    var status: Int32 = 0
    while true {
      let result = unsafe waitpid(processID, &status, options)
      if result < 0, errno == EINTR { continue }
      guard result == processID else { return nil }
      return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
    }
  }
}

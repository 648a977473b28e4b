import Foundation
import Synchronization
import TestSupport

/// One attack on a server of its own, with healthy clients beside it.
struct AttackRun {
  /// How long it is looked, and how long the server's times are.
  enum Form {
    /// A few seconds each, with a server that is less patient than usual.
    case short
    /// The server as it is.
    case full

    static let current: Form = ProcessInfo.processInfo.environment["WALLETD_ATTACK"] == "full" ? .full : .short

    var beforeMilliseconds: Int { self == .full ? 5_000 : 700 }
    var duringMilliseconds: Int { self == .full ? 15_000 : 3_000 }
  }

  /// What was seen.
  struct Findings {
    var before: [Int64]
    var during: [Int64]
    var newcomers: [Int64]
    var toll: Toll
    /// Bytes.
    var residentBefore: Int
    var residentPeak: Int
    var residentAfter: Int
  }

  let attack: Attack
  let form: Form

  func perform() throws -> Findings {
    let folder = try ScratchFolder("attack")
    let server = try ServerProcess.serve(
      folder.path + "/data", arguments: form == .short ? attack.impatience : [])
    let target = try prepare(server.port)
    let bystanders = Bystanders(port: server.port, wallets: Array(target.wallets.suffix(4)))
    Threads.sleep(milliseconds: 300)
    let start = microsecondsNow()
    Threads.sleep(milliseconds: form.beforeMilliseconds)
    let residentBefore = server.residentBytes

    let begin = microsecondsNow()
    let attackOver = Flag()
    let attacker = Threads.start(1) { _ in try attack.body(target) { attackOver.isSet } }
    var residentPeak = residentBefore
    for _ in 0..<form.duringMilliseconds / 100 {
      Threads.sleep(milliseconds: 100)
      residentPeak = max(residentPeak, server.residentBytes)
    }
    attackOver.set()
    let toll = try attacker.wait()[0]
    let end = microsecondsNow()
    Threads.sleep(milliseconds: 300)
    let (residents, newcomers) = try bystanders.finish()
    let findings = Findings(
      before: residents.sorted(in: start..<begin), during: residents.sorted(in: begin..<end),
      newcomers: newcomers.sorted(in: begin..<end), toll: toll, residentBefore: residentBefore,
      residentPeak: residentPeak, residentAfter: server.residentBytes)
    guard try server.terminate() == .exited(0) else {
      throw TestFailure("the server didn't leave well: \(server.lines)")
    }
    return findings
  }

  private func prepare(_ port: UInt16) throws -> Target {
    let client = try TestClient(port: port)
    var wallets: [Int64] = []
    for index in 0..<13 {
      let opened = try client.call(.open(owner: "u\(index)", currency: "USD", key: "open-\(index)-00")).mutation()
      wallets.append(opened.transaction.walletID)
      _ = try client.call(.credit(opened.transaction.walletID, 1_000_000_000, key: "credit-\(index)-00"))
    }
    let rows = (0..<1_500).map { TestRequest.credit(wallets[0], 1, key: "row-\($0)-0000") }
    guard try client.call(.batch(rows)).isOK else { throw TestFailure("the rich wallet wasn't filled") }
    return Target(port: port, richWallet: wallets[0], wallets: Array(wallets.dropFirst()))
  }
}

final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

extension [Int64] {
  /// Of sorted values.
  func percentile(_ part: Double) -> Int64 { isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * part))] }
}

extension AttackRun.Findings {
  static let heading =
    "| attack | connections | put out | p50 / p99 before | p50 / p99 during | newcomer p50 / max | memory before / peak / after |\n"
    + "| --- | --- | --- | --- | --- | --- | --- |"

  func row(_ name: String) -> String {
    let milliseconds = { (value: Int64) in String(format: "%.1f", Double(value) / 1000) }
    let pair = { (first: Int64, second: Int64) in "\(milliseconds(first)) / \(milliseconds(second)) ms" }
    let mebibytes = { (bytes: Int) in "\(bytes >> 20)" }
    return
      "| \(name) | \(toll.connections) | \(toll.putOut) | \(pair(before.percentile(0.5), before.percentile(0.99))) | "
      + "\(pair(during.percentile(0.5), during.percentile(0.99))) | "
      + "\(pair(newcomers.percentile(0.5), newcomers.last ?? 0)) | "
      + "\(mebibytes(residentBefore)) / \(mebibytes(residentPeak)) / \(mebibytes(residentAfter)) MiB |"
  }
}

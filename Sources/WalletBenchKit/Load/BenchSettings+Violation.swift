extension BenchSettings {
  /// Operations in flight that the generator keeps room for.
  package static let outstandingMax = 1_000_000
  /// What a server takes of one connection before it stops reading: at a fixed rate, more would only wait elsewhere.
  package static let pacedInFlight = 1024
  /// A Batch of this many debits stays within a server's 4 MiB.
  package static let batchMax = 8_189
  package static let ownerPrefixBytesMax = 40

  /// Requests in flight on a connection when nobody says how many.
  package var inFlightDefault: Int {
    rate == nil ? 1 : max(1, min(Self.pacedInFlight, Self.outstandingMax / max(1, connections)))
  }

  /// The flag that breaks its rule, and the rule; `nil` when all is well.
  package var violation: String? { rangeViolation ?? combinationViolation }

  private var rangeViolation: String? {
    let ranges: [(name: String, value: Int?, range: ClosedRange<Int>)] = [
      ("--connections", connections, 1...10_000), ("--in-flight", inFlight, 1...65_536),
      ("--seconds", seconds, 1...86_400), ("--warm-up", warmUpSeconds, 0...3_600),
      ("--wallets", wallets, 1...10_000_000), ("--rate", rate, 1...10_000_000), ("--batch", batch, 1...Self.batchMax),
      ("--fill", fill, 1...10_000_000_000),
    ]
    for (name, value, range) in ranges {
      guard let value, !range.contains(value) else { continue }
      return "\(name) must be \(range.lowerBound) to \(range.upperBound), not \(value)"
    }
    if connections * inFlight > Self.outstandingMax {
      return "--connections times --in-flight must be at most \(Self.outstandingMax), not \(connections * inFlight)"
    }
    if let ownerPrefix {
      let isPlain = ownerPrefix.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
      if ownerPrefix.isEmpty || ownerPrefix.utf8.count > Self.ownerPrefixBytesMax || !isPlain {
        return "--owner-prefix must be 1 to \(Self.ownerPrefixBytesMax) characters of A-Z a-z 0-9 . _ -"
      }
    }
    return nil
  }

  private var combinationViolation: String? {
    if `protocol` == .resp {
      if workload.lists || workload == .holdCapture {
        return "--protocol resp has only the workloads debit, credit and balance"
      }
      if batch != nil { return "--batch needs --protocol wrp: Redis has no Batch" }
      if ownerPrefix != nil { return "--owner-prefix needs --protocol wrp: in a Redis the wallets are set anew" }
      if fill != nil { return "--fill needs --protocol wrp" }
      if keys != .uuidv7 { return "--keys needs --protocol wrp: Redis takes no keys" }
    }
    if workload == .holdCapture {
      if rate != nil { return "--workload hold-capture takes no --rate: a capture is due when its hold is answered" }
      if batch != nil { return "--workload hold-capture takes no --batch: a capture needs the answer to its hold" }
      if fill != nil { return "--fill takes only the workloads debit and credit" }
    }
    if workload.reads, batch ?? 1 > 1 { return "--batch takes only the workloads debit and credit" }
    if let rate, rate % (batch ?? 1) != 0 { return "--rate must be a multiple of --batch: it counts items" }
    if batch == nil, batchMode != .items { return "--batch-mode needs --batch" }
    if fill != nil {
      if rate != nil { return "--fill goes as fast as it can: it takes no --rate" }
      if workload.reads { return "--fill takes only the workloads debit and credit" }
    }
    return nil
  }
}

extension BenchOutputs {
  /// What can't be had of a run with these settings; `nil` when all is well.
  package func violation(_ settings: BenchSettings) -> String? {
    if let cpuOf, cpuOf < 1 { return "--cpu-of must be the id of a process, not \(cpuOf)" }
    guard ackLog != nil else { return nil }
    if settings.protocol != .wrp { return "--ack-log needs --protocol wrp: Redis has no keys and no journal" }
    if settings.workload == .balance || settings.workload == .list { return "--ack-log needs a workload that mutates" }
    if settings.workload == .holdCapture {
      return "--ack-log doesn't take --workload hold-capture, whose captures name no wallet"
    }
    if settings.batch != nil, settings.batchMode == .atomic {
      return "--ack-log doesn't take --batch-mode atomic, whose items have no keys of their own"
    }
    return nil
  }
}

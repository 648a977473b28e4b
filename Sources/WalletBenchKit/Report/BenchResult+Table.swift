import WalletCore

extension BenchResult {
  /// For people.
  package var table: String {
    var rows: [(String, String)] = [
      ("server", "\(settings.server) (\(serverName))"),
      (
        "workload",
        "\(settings.workload.rawValue), \(Figures.grouped(settings.wallets)) wallets (\(settings.distribution.text)), "
          + "seed \(settings.seed)"
      ),
      ("shape", shape),
      ("throughput", "\(Figures.grouped(Int(operationsPerSecond)))/s"),
      ("operations", counts(operations, total: operationsTotal)),
      ("p50", Figures.milliseconds(latencyMicros.p50)),
      ("p90", Figures.milliseconds(latencyMicros.p90)),
      ("p99", Figures.milliseconds(latencyMicros.p99)),
      ("p99.9", Figures.milliseconds(latencyMicros.p999)),
      ("p99.99", Figures.milliseconds(latencyMicros.p9999)),
      ("max", Figures.milliseconds(latencyMicros.max)),
      ("refused", refusals.isEmpty ? "none" : counts(refusals, total: refusals.values.reduce(0, +))),
    ]
    if let bySecond { rows.insert(("by second", bySecond), at: rows.count - 1) }
    if let behind { rows.append(("behind", text(behind))) }
    if let cpu = generatorCpuMicrosPerOperation { rows.append(("generator", "\(Figures.hundredths(cpu)) us CPU/op")) }
    if let cpu = serverCpuMicrosPerOperation { rows.append(("server CPU", "\(Figures.hundredths(cpu)) us/op")) }
    rows.append(
      (
        "hiccups",
        "p99 \(Figures.milliseconds(hiccupMicros.p99)), p99.9 \(Figures.milliseconds(hiccupMicros.p999)), "
          + "max \(Figures.milliseconds(hiccupMicros.max)) (the machine's own)"
      ))
    rows.append(("stalls", text(stalls.server, stalls.serverTotal)))
    if stalls.machineTotal > 0 { rows.append(("  machine's", text(stalls.machine, stalls.machineTotal))) }
    if connectionsLost > 0 {
      rows.append(("lost", "\(connectionsLost) connections; \(Figures.grouped(repeated)) requests sent again"))
    }
    if unresolved > 0 { rows.append(("unresolved", "\(Figures.grouped(unresolved)) requests without an answer")) }
    if unknownOutcomes > 0 { rows.append(("unknown", "\(unknownOutcomes) mutations whose outcome nobody tells")) }
    if foreignReplays > 0 {
      rows.append(("replays", "\(foreignReplays) new keys were answered as known: another run used them"))
    }
    rows.append(("check", checkLine))
    let width = 12
    var lines = rows.map { name, text in name + String(repeating: " ", count: width - name.count) + text }
    lines += (check?.firstDifferences ?? []).map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private var shape: String {
    let depth = settings.fill == nil ? settings.inFlight : settings.pipelineDepth
    var text = "\(settings.connections) connections x \(depth) in flight, \(Figures.hundredths(measuredSeconds)) s"
    if let rate = settings.rate { text += ", \(Figures.grouped(rate))/s due" }
    if let batch = settings.batch, batch > 1 {
      text += ", batches of \(Figures.grouped(batch)) (\(settings.batchMode.rawValue))"
    }
    return text
  }

  /// Whether the tail was there all the time.
  private var bySecond: String? {
    let tails = latencyMicrosBySecond.map(\.p999).sorted()
    guard let worst = tails.last else { return nil }
    return "p99.9 \(Figures.milliseconds(tails[tails.count / 2])) in the median one, "
      + "\(Figures.milliseconds(worst)) in the worst of \(Figures.grouped(tails.count))"
  }

  private func text(_ behind: Behind) -> String {
    if behind.atEnd == 0 {
      return "\(Figures.grouped(behind.most)) at most; sent at most \(Figures.milliseconds(behind.lateMicrosMax)) late"
    }
    return "\(Figures.grouped(behind.atEnd)) due operations were never sent: the server doesn't keep up; they count "
      + "with the time that they had waited at the end"
  }

  private func text(_ stalls: [Stalls.Stall], _ total: Int) -> String {
    if stalls.isEmpty { return "none above \(Figures.milliseconds(StallWatch.stallMin))" }
    let shown = stalls.prefix(Self.stallsShown).map { stall in
      "\(Figures.milliseconds(stall.lengthMicros)) at \(Money.text(stall.atMicros / 1000, exponent: 3)) s"
    }
    let rest = total > shown.count ? ", and \(Figures.grouped(total - shown.count)) more" : ""
    return "\(Figures.grouped(total)): \(shown.joined(separator: ", "))\(rest)"
  }

  private static let stallsShown = 5

  private var checkLine: String {
    if check == nil, failure == nil, !settings.checks { return "not asked for" }
    guard let check else { return "NOT MADE: \(failure ?? "the run was given up")" }
    if check.passed {
      return
        "passed: \(Figures.grouped(check.wallets)) wallets have the expected balance\(settings.protocol == .wrp ? " and version" : "")"
    }
    var parts: [String] = []
    if check.different > 0 { parts.append("\(Figures.grouped(check.different)) wallets differ") }
    if check.unreadable > 0 {
      parts.append("\(Figures.grouped(check.unreadable)) can't be read (\(check.firstRefusal))")
    }
    if check.uncertain > 0 { parts.append("\(Figures.grouped(check.uncertain)) have an operation of unknown outcome") }
    return "FAILED: \(parts.joined(separator: ", ")), of \(Figures.grouped(settings.wallets))"
  }

  private func counts(_ counts: [String: Int], total: Int) -> String {
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.key) \(Figures.grouped($0.value))" }
    return parts.count == 1 ? parts[0] : "\(Figures.grouped(total)): \(parts.joined(separator: ", "))"
  }
}

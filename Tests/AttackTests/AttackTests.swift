import TestSupport
import Testing
import WalletSystem

/// Peers that hurt a server, with healthy clients beside them. How long the healthy ones wait is printed; what is asserted has
/// room for a busy machine: they are all served, newcomers within a second, the server's memory stays within its bounds, and
/// attackers are put out. `make attack` is the long form, with a release build and the server's usual times.
@Suite("Attacks", .serialized)
struct AttackedServerTests {
  private static let descriptorsMin: Int64 = 4_096

  @Test("healthy clients are served, newcomers too, while others attack", arguments: Attack.all)
  func attack(_ attack: Attack) throws {
    let descriptors = try DescriptorLimit.raise()
    try #require(
      descriptors >= Self.descriptorsMin,
      "2,000 attackers need \(Self.descriptorsMin) descriptors, and there are \(descriptors): raise ulimit -n")
    let found = try AttackRun(attack: attack, form: .current).perform()
    print((attack.name == Attack.all[0].name ? AttackRun.Findings.heading + "\n" : "") + found.row(attack.name))

    #expect(!found.before.isEmpty && !found.during.isEmpty, "somebody must have been served")
    if !attack.isCompetition {
      #expect(found.during.percentile(0.99) < 20 * found.before.percentile(0.99) + 1_000_000)
    }
    #expect(found.newcomers.contains { $0 < 1_000_000 }, "a newcomer is served within a second")
    if attack.isPutOut { #expect(found.toll.putOut == found.toll.connections && found.toll.connections > 0) }
    let growth = (found.residentPeak - found.residentBefore) >> 20
    #expect(growth <= attack.memoryMax, "the server took \(growth) MiB more")
  }
}

import Testing
import WalletCore

@Suite("Precedence of refusals")
struct PrecedenceTests {
  private static func faults(of verb: Verb) -> [Fault] { Fault.all(of: verb) }

  @Test("a command in which everything is in order is carried out", arguments: Scene.verbs)
  func inOrder(_ verb: Verb) {
    #expect(Scene(verb).answer == nil)
  }

  @Test("each fault alone is answered with its own code", arguments: Scene.verbs)
  func alone(_ verb: Verb) {
    for fault in Self.faults(of: verb) {
      var scene = Scene(verb)
      fault.bend(&scene)
      #expect(scene.answer?.reason == fault.reason, "\(verb), \(fault.reason)")
    }
  }

  @Test("of two faults the one with the lower number is answered, whatever the verb", arguments: Scene.verbs)
  func pairs(_ verb: Verb) {
    let faults = Self.faults(of: verb)
    for (index, first) in faults.enumerated() {
      for second in faults[(index + 1)...] where first.reason != second.reason && first.canStandBeside(second) {
        for order in [[first, second], [second, first]] {
          var scene = Scene(verb)
          for fault in order { fault.bend(&scene) }
          let lower = first.rank < second.rank ? first : second
          #expect(scene.answer?.reason == lower.reason, "\(verb), \(first.reason) and \(second.reason)")
        }
      }
    }
  }

  @Test("refusals are remembered, but for those that aren't about money", arguments: Scene.verbs)
  func remembered(_ verb: Verb) {
    for fault in Self.faults(of: verb) {
      var scene = Scene(verb)
      fault.bend(&scene)
      #expect(scene.answer?.isRemembered == fault.reason.isRemembered, "\(verb), \(fault.reason)")
    }
  }

  @Test("every code that a decision can have is in the table, and every verb")
  func complete() {
    // A batch's code is that of its item; a bug has no rule.
    let decided = ErrorReason.allCases.filter {
      ($0 == .invalidArgument || $0.rawValue >= ErrorReason.idempotencyMismatch.rawValue)
        && $0 != .batchAborted && $0 != .internal
    }
    #expect(Set(Fault.all.map(\.reason)) == Set(decided))
    #expect(Set(Fault.all.map(\.verb)) == Set(Scene.verbs))
  }
}

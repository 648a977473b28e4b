/// Which gathers are performed on the thread that has read them, instead of being handed to the ledger's queue.
///
/// To hand a gather on and its answers back takes two switches of threads, and each wakes the other one: at few requests that
/// is a good part of what they cost. While the thread performs, nothing is read; what comes then gathers in the sockets. So
/// it is for gathers that are small, while their commits hardly wait: where the disk is slow, or many requests come at once, the
/// next ones are better read meanwhile.
package struct InPlace: Sendable {
  /// Of the usual gather, beside what its requests take themselves: past it syncs take so long that what a switch of threads
  /// costs is nothing beside them.
  package static let waitMicrosecondsMax: Int64 = 1_000
  /// What a request may take. More than one does on a slow machine: a gather that is long because many came together, behind
  /// one that had to wait, mustn't look like a slow disk. It would be handed on then, which costs more, just when there is
  /// most to do.
  package static let requestMicroseconds: Int64 = 25
  /// How many requests such a gather has at most; an item of a batch counts as one.
  package let weightMax: Int

  /// `nil` where it is for none.
  package init?(weightMax: Int) {
    guard weightMax > 0 else { return nil }
    self.weightMax = weightMax
  }

  func isMeant(_ weight: Int, usual: UsualGather) -> Bool {
    weight <= weightMax
      && usual.microseconds <= Self.waitMicrosecondsMax + Self.requestMicroseconds * usual.weightEighths / 8
  }
}

/// What gathers have been like lately: means in which the last few count most.
package struct UsualGather: Sendable {
  /// What it takes to perform one.
  private(set) var microseconds: Int64 = 0
  /// In eighths of a request, since whole ones would be rounded down to the first one again and again.
  private(set) var weightEighths: Int64 = 0

  mutating func note(weight: Int, microseconds: Int64) {
    self.microseconds = (7 * self.microseconds + microseconds) / 8
    weightEighths += Int64(weight) - weightEighths / 8
  }
}

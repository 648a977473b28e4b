/// Which gathers are performed on the thread that has read them, instead of being handed to the ledger's queue.
///
/// To hand a gather on and its answers back takes two switches of threads, and each wakes the other one: at few requests that
/// is a good part of what they cost. While the thread performs, nothing is read; what comes then gathers in the sockets. So
/// it is for gathers that are small, while they are quick: where the disk is slow, or many requests come at once, the next
/// ones are better read meanwhile.
package struct InPlace: Sendable {
  /// Of the usual gather: past it syncs take so long that what a switch of threads costs is nothing beside them.
  package static let usualMicrosecondsMax: Int64 = 1_000
  /// How many requests such a gather has at most; an item of a batch counts as one.
  package let weightMax: Int

  /// `nil` where it is for none.
  package init?(weightMax: Int) {
    guard weightMax > 0 else { return nil }
    self.weightMax = weightMax
  }

  /// - Parameter usualMicroseconds: What gathers have taken lately.
  func isMeant(_ weight: Int, usualMicroseconds: Int64) -> Bool {
    weight <= weightMax && usualMicroseconds <= Self.usualMicrosecondsMax
  }
}

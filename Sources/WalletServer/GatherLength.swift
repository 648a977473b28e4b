/// How many requests a gather takes while more wait.
///
/// All that come while one is at work wait for its end. Behind a disk that stood still there are tens of thousands, and a gather
/// of as many as a commit may have would be a second standstill, to those who came after the first. Shorter ones cost more
/// commits, so the bound is on what is worked off, and what a commit waits for its disk isn't counted: where that is long, as
/// many as may share it.
enum GatherLength {
  /// The work of a gather, its commit aside.
  static let workMicrosecondsMax: Int64 = 8_000
  /// So many it takes in any case: an estimate may come from a moment in which the machine was elsewhere, or from gathers of a
  /// few requests, which cost more each.
  static let weightMin = 1024

  /// - Parameters:
  ///   - usual: What gathers have been like lately, without what they waited for.
  ///   - most: What the settings allow.
  static func weightMax(_ usual: UsualGather, most: Int) -> Int {
    guard usual.microseconds > 0 else { return most }
    return min(most, max(weightMin, Int(workMicrosecondsMax * usual.weightEighths / 8 / usual.microseconds)))
  }
}

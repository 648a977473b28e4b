/// The time that rows are stored with: never decreasing, and never trusted blindly. One jump of the wall clock to 2099
/// must not expire every hold, so mutations wait when the wall clock can't be believed.
public struct LedgerClock: Sendable {
  /// How far the wall clock may leave the monotonic one, and lie before the last stored time at start.
  public static let driftMax: Int64 = 60 * 1_000_000
  /// How far the wall clock may lie past the last stored time at start.
  public static let gapMax: Int64 = 24 * 3600 * 1_000_000

  /// A reading of both clocks, microseconds.
  public struct Reading: Sendable {
    public var wall: Int64
    /// Counts suspended time too.
    public var monotonic: Int64

    public init(wall: Int64, monotonic: Int64) {
      self.wall = wall
      self.monotonic = monotonic
    }
  }

  public enum Fault: Error, Equatable, Sendable {
    /// The wall clock lies before the last stored time.
    case behind(microseconds: Int64)
    /// The wall clock lies far past the last stored time.
    case ahead(microseconds: Int64)
    /// The wall clock jumped while the server ran.
    case jumped(microseconds: Int64)

    public var message: String {
      switch self {
      case .behind(let microseconds):
        "the wall clock is \(microseconds / 1_000_000) s before the last stored time; "
          + "set it right, or start with --accept-clock"
      case .ahead(let microseconds):
        "the wall clock is \(microseconds / 1_000_000) s past the last stored time; "
          + "if it is right, start with --accept-clock"
      case .jumped(let microseconds):
        "the wall clock jumped by \(microseconds / 1_000_000) s; set it right, or restart with --accept-clock"
      }
    }
  }

  /// The last time that was stored; 0 in an empty ledger.
  public private(set) var lastStored: Int64
  /// What comes is stored at this time or later.
  private var floor: Int64 = 0
  private var start: Reading
  private var startIsAccepted: Bool

  /// - Parameter acceptsClock: The operator says that the wall clock is right.
  public init(lastStored: Int64, start: Reading, acceptsClock: Bool) {
    self.lastStored = lastStored
    self.start = start
    startIsAccepted = acceptsClock || lastStored == 0
  }

  /// The time that would be stored now; the last one that was stored or told where the clock can't be believed.
  public func estimate(_ reading: Reading) -> Int64 {
    var clock = self
    do { return try clock.now(reading) } catch { return max(lastStored, floor - 1) }
  }

  /// Why the wall clock can't be believed now; `nil` when it can.
  public func distrust(_ reading: Reading) -> Fault? {
    var clock = self
    do throws(Fault) { _ = try clock.now(reading) } catch { return error }
    return nil
  }

  /// The time to store with what happens now.
  public mutating func now(_ reading: Reading) throws(Fault) -> Int64 {
    if !startIsAccepted {
      let gap = reading.wall - lastStored
      if gap < -Self.driftMax { throw .behind(microseconds: -gap) }
      if gap > Self.gapMax { throw .ahead(microseconds: gap) }
      startIsAccepted = true
      start = reading
    }
    let drift = (reading.wall - start.wall) - (reading.monotonic - start.monotonic)
    guard drift.magnitude <= Self.driftMax.magnitude else { throw .jumped(microseconds: drift) }
    return max(reading.wall, lastStored, floor)
  }

  /// Somebody was told how things stood at this time, which `estimate` had reached: nothing is stored at it any more,
  /// though the wall clock may stand still or be set back a little.
  public mutating func told(_ time: Int64) { floor = max(floor, time + 1) }

  /// Records that rows of this time were committed.
  public mutating func stored(_ time: Int64) { lastStored = max(lastStored, time) }
}

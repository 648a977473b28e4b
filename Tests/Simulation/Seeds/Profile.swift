import WalletServer

/// What a seed's world is like: how many clients, how long, how narrow its limits, and how often something breaks.
struct Profile {
  var clients: Int
  var steps: Int
  var shape: World.Shape
  var limits = ServerLimits()
  /// Bytes that a connection carries in one step: at most this, and of a reply that its client reads.
  var chunkMax: [Int]
  /// Bytes on their way to a client that doesn't read; of some it is little.
  var capacities: [Int]
  /// Mutations that a client sends at once.
  var burstMax: Int
  /// Pages of log after which it is moved into the database file.
  var logFrames: Int
  /// How many such moves a log sees before it begins anew.
  var logMoves: Int
  /// One in so many steps, each: a connection breaks, the process dies or leaves in order, the disk fails.
  var breaks: Int
  var kills: Int
  var restarts: Int
  var failures: Int

  init(_ draw: (Int) -> Int) {
    clients = 2 + draw(6)
    steps = 1_500 + draw(2_500)
    shape = World.Shape(
      generationRows: [16, 64, 500, 90_000][draw(4)], cachedWallets: [2, 5, 40, 500_000][draw(4)], roundMax: 0)
    burstMax = [1, 3, 8, 25][draw(4)]
    chunkMax = (0..<clients).map { _ in [1, 7, 100, 1_500, 64 * 1024][draw(5)] }
    // Single bytes take a step each: whoever has them alone would never be done.
    for index in chunkMax.indices where chunkMax[index] < 100 && index.isMultiple(of: 2) { chunkMax[index] = 1_500 }
    capacities = (0..<clients).map { _ in [64, 900, 20_000, Int.max, Int.max][draw(5)] }
    breaks = [150, 500, 3_000][draw(3)]
    kills = [250, 700, 2_500][draw(3)]
    restarts = [800, 2_000][draw(2)]
    failures = [300, 900, 100_000][draw(3)]
    logFrames = [8, 60, 250][draw(3)]
    logMoves = [1, 4, 16][draw(3)]
    limits.requestsInFlightMax = [3, 40, 700][draw(3)]
    limits.queuedRequestsMax = max(limits.requestsInFlightMax, [60, 65_536, 65_536][draw(3)])
    limits.inPlaceMax = [0, 2, 64][draw(3)]
    limits.gatherMax = [1, 6, 50, 4_096][draw(4)]
    limits.listGatherMax = [1, 3, 16][draw(3)]
    limits.readBytesMax = [1, 50, 700, 64 * 1024, 64 * 1024][draw(5)]
    limits.connectionOutputPauseBytes = [300, 5_000, 256 * 1024][draw(3)]
  }

  /// Whether a full queue turns requests away.
  var hasShortQueue: Bool { limits.queuedRequestsMax < 1_000 }
}

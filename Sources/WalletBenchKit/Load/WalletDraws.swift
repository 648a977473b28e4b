/// Wallets as they are drawn, with their ids. They are drawn by the block: the ids of a block are looked up at once, so
/// that the processor waits for the memory once and not for each operation.
struct WalletDraws {
  private static let blockSize = 64

  private struct Draw: BitwiseCopyable {
    var wallet = 0
    var id: Int64 = 0
  }

  private let sampler: WalletSampler
  private let book: WalletBook
  private let block = FixedArray(repeating: Draw(), count: Self.blockSize)
  private var random: SplitMix64
  private var position = Self.blockSize

  init(_ distribution: Distribution, book: WalletBook, seed: UInt64) {
    sampler = WalletSampler(distribution, count: book.count)
    self.book = book
    random = SplitMix64(seed: seed)
  }

  /// No wallet may get its id between two calls: those of a block are known already.
  mutating func next() -> (wallet: Int, id: Int64) {
    if position == Self.blockSize {
      for index in 0..<Self.blockSize { block[index].wallet = sampler.next(&random) }
      for index in 0..<Self.blockSize { block[index].id = book.id(block[index].wallet) }
      position = 0
    }
    defer { position += 1 }
    return (block[position].wallet, block[position].id)
  }
}

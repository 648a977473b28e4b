package import CFaultMemory

/// Allocations of SQLite, and of protobuf-c where it is given `allocator`, that fail on the thread that asks for it.
package enum FaultMemory {
  /// Has the `number`th allocation of this thread from now on fail, and with `lasts` each one behind it.
  package static func fail(number: Int, lasts: Bool = false) { walletd_memory_fail(Int64(number), lasts ? 1 : 0) }

  /// Nothing fails any more.
  package static func recover() { walletd_memory_fail(0, 0) }

  /// Whether the allocation has failed that was asked for last.
  package static var hasFailed: Bool { walletd_memory_has_failed() != 0 }

  /// Allocations of this thread since `fail` or `recover`.
  package static var count: Int { Int(walletd_memory_count()) }

  /// Lets this thread's connections to databases, from now on, ask for each piece apart. It costs them some time.
  package static func seeAll(_ sees: Bool) {
    precondition(walletd_memory_is_missing() == 0, "SQLite doesn't take its memory from here")
    let code = walletd_memory_see_all(sees ? 1 : 0)
    precondition(code == 0, "SQLite doesn't take an extension: \(code)")
  }

  /// For protobuf-c.
  @unsafe
  package static var allocator: UnsafeMutablePointer<ProtobufCAllocator> { unsafe walletd_memory_protobuf() }

  /// Pieces that protobuf-c hasn't given back.
  package static var held: Int { Int(walletd_memory_held()) }
}

import Testing

@testable import WalletServer

@Suite("Ids in flight")
struct RequestIDSetTests {
  @Test("it holds what a Set holds, whatever comes and goes", arguments: [UInt32(1), 1 << 7, 0x9E37_79B1, 1 << 20])
  func asSet(_ stride: UInt32) {
    var generator = SystemRandomNumberGenerator()
    var ids = RequestIDSet()
    var expected: Set<UInt32> = []
    for step in 0..<20_000 {
      // Long probes are the hard case: few ids, and many of them at home in one place.
      let id = UInt32.random(in: 1...300, using: &generator) &* stride
      if id == 0 { continue }
      if step % 5000 < 2500 ? Bool.random(using: &generator) : step % 3 == 0 {
        let isNew = ids.insert(id)
        #expect(isNew == expected.insert(id).inserted)
      } else {
        let wasThere = ids.remove(id)
        #expect(wasThere == (expected.remove(id) != nil))
      }
      #expect(ids.count == expected.count && ids.contains(id) == expected.contains(id))
    }
    for id in expected { _ = ids.remove(id) }
    #expect(ids.isEmpty && ids.count == 0)
  }
}

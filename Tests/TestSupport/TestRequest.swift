/// A request of the wire: a verb's number and its message.
package struct TestRequest: Sendable {
  package var method: UInt16
  package var payload: [UInt8]
  /// Milliseconds until the server may give it up; 0 leaves it to the server.
  package var deadline: UInt32 = 0

  private init(_ method: UInt16, _ build: (inout ProtobufWriter) -> Void) {
    var writer = ProtobufWriter()
    build(&writer)
    self.method = method
    payload = writer.bytes
  }

  package static let info = TestRequest(3) { _ in }
  package static let schema = TestRequest(2) { _ in }

  package static func open(owner: String, currency: String, key: String, name: String = "") -> TestRequest {
    TestRequest(256) { request in
      request.message(1) {
        $0.text(2, owner)
        $0.text(3, currency)
        $0.text(4, name)
      }
      request.text(3, key)
      request.text(4, "test.open")
    }
  }

  package static func debit(_ wallet: Int64, _ amount: Int64, key: String) -> TestRequest {
    move(260, wallet, amount, key, reason: "test.debit")
  }

  package static func credit(_ wallet: Int64, _ amount: Int64, key: String) -> TestRequest {
    move(261, wallet, amount, key, reason: "test.credit")
  }

  /// - Parameter timeout: Milliseconds until it ends by itself.
  package static func hold(_ wallet: Int64, _ amount: Int64, timeout: Int64, key: String) -> TestRequest {
    TestRequest(264) { request in
      request.message(1) { $0.integer(1, wallet) }
      request.integer(2, amount)
      request.text(3, key)
      request.text(4, "test.hold")
      request.integer(16, timeout)
    }
  }

  /// All of a hold, which ends with it.
  package static func capture(_ hold: Int64, key: String) -> TestRequest {
    TestRequest(265) { request in
      request.text(3, key)
      request.text(4, "test.capture")
      request.integer(16, hold)
    }
  }

  package static func release(_ hold: Int64, key: String) -> TestRequest {
    TestRequest(266) { request in
      request.text(3, key)
      request.text(4, "test.release")
      request.integer(16, hold)
    }
  }

  package static func transfer(_ source: Int64, _ other: Int64, _ amount: Int64, key: String) -> TestRequest {
    TestRequest(263) { request in
      request.message(1) { $0.integer(1, source) }
      request.integer(2, amount)
      request.text(3, key)
      request.text(4, "test.transfer")
      request.message(16) { $0.integer(1, other) }
    }
  }

  package var isTransfer: Bool { method == 263 }
  package var isHold: Bool { method == 264 }

  private static func move(
    _ method: UInt16, _ wallet: Int64, _ amount: Int64, _ key: String, reason: String
  ) -> TestRequest {
    TestRequest(method) { request in
      request.message(1) { $0.integer(1, wallet) }
      request.integer(2, amount)
      request.text(3, key)
      request.text(4, reason)
    }
  }

  /// - Parameters:
  ///   - items: Opens, debits and credits; without keys in an atomic batch.
  ///   - atomicKey: The batch's key; `nil`: item by item.
  package static func batch(_ items: [TestRequest], atomicKey: String? = nil, isFull: Bool = false) -> TestRequest {
    TestRequest(272) { request in
      if let atomicKey {
        request.text(3, atomicKey)
        request.integer(14, 1)
      }
      for item in items {
        let field: UInt32 = item.method == 256 ? 1 : item.method == 260 ? 2 : 3
        request.message(15) { $0.message(field, item.payload) }
      }
      request.integer(16, isFull ? 1 : 0)
    }
  }

  package static func balance(_ wallet: Int64) -> TestRequest {
    TestRequest(259) { $0.message(1) { $0.integer(1, wallet) } }
  }

  package static func wallets(of owner: String, cursor: String = "") -> TestRequest {
    TestRequest(258) { request in
      request.text(1, owner)
      request.integer(2, 1000)
      request.text(3, cursor)
    }
  }

  package static func transactions(
    _ wallet: Int64, cursor: String = "", pageSize: Int64 = 1000, oldestFirst: Bool = true
  ) -> TestRequest {
    TestRequest(262) { request in
      request.message(1) { $0.integer(1, wallet) }
      request.integer(2, pageSize)
      request.text(3, cursor)
      request.integer(4, oldestFirst ? 1 : 0)
    }
  }
}

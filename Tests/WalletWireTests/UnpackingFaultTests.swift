import CProtobufC
import CWalletProto
import FaultSupport
import TestSupport
import Testing
import WalletCore

@testable import WalletWire

/// protobuf-c is refused its memory: the first piece that it asks for, the second, and so on.
@Suite("Memory that runs out while a message is unpacked")
struct UnpackingFaultTests {
  @Test("every message, every piece: there is no message, and what was taken is given back")
  func everyPiece() throws {
    var generator = SeededGenerator(of: "unpacking")
    let rounds = FaultSize.count("UNPACKING_ROUNDS", usual: 6, long: 60)
    var (messages, pieces) = (0, 0)
    let service = unsafe wallet__v1__wallet_service__descriptor
    for index in unsafe 0..<Int(service.n_methods) {
      let method = unsafe service.methods[index]
      for side in 0..<2 {
        guard let descriptor = unsafe side == 0 ? method.input : method.output else {
          throw TestFailure("a method without messages")
        }
        for _ in 0..<rounds {
          let payload = unsafe RandomMessage.bytes(of: descriptor.pointee, depth: 0, &generator)
          messages += 1
          pieces += unsafe try refuseEach(descriptor, payload)
        }
      }
    }
    #expect(pieces > 3 * messages)
    FaultSize.report(
      "memory of protobuf-c: \(pieces) pieces refused in \(messages) messages, 0 taken for whole, 0 leaked")
  }

  /// - Returns: How many pieces the message has.
  @unsafe
  private func refuseEach(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ payload: [UInt8]) throws -> Int {
    let allocator = unsafe FaultMemory.allocator
    var number = 1
    while true {
      FaultMemory.fail(number: number)
      let message = unsafe payload.withUnsafeBufferPointer { bytes in
        var nothing: UInt8 = 0
        return unsafe withUnsafePointer(to: &nothing) {
          unsafe protobuf_c_message_unpack(descriptor, allocator, bytes.count, bytes.baseAddress ?? $0)
        }
      }
      let isRefused = FaultMemory.hasFailed
      FaultMemory.recover()
      if !isRefused {
        guard let message = unsafe message else { throw TestFailure("not a message: \(payload)") }
        unsafe protobuf_c_message_free_unpacked(message, allocator)
      }
      #expect(unsafe isRefused == (message == nil), "piece \(number) of \(payload)")
      try #require(FaultMemory.held == 0, "piece \(number) of \(payload)")
      if !isRefused { return number - 1 }
      number += 1
    }
  }

  @Test("a request that outgrows its budget at any piece is turned away, or read as ever")
  func budgets() throws {
    var generator = SeededGenerator(of: "budgets of unpacking")
    var (turnedAway, read) = (0, 0)
    let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "tests")
    let service = unsafe wallet__v1__wallet_service__descriptor
    for method in SchemaRegistry.wallet.methods {
      let place = unsafe (0..<Int(service.n_methods)).first {
        unsafe String(cString: service.methods[$0].name) == method.name
      }
      guard let place, let descriptor = unsafe service.methods[place].input else { throw TestFailure(method.name) }
      for _ in 0..<FaultSize.count("UNPACKING_ROUNDS", usual: 6, long: 60) {
        let payload = unsafe RandomMessage.bytes(of: descriptor.pointee, depth: 0, &generator)
        let whole = answer(to: payload, method.number, budget: 16 << 20, origin)
        // Below, not even what the server itself takes of it fits.
        for budget in stride(from: 2048, to: 16_384, by: 208) {
          let found = answer(to: payload, method.number, budget: budget, origin)
          // Sets print in any order.
          if found == whole || found.sorted() == whole.sorted() {
            read += 1
          } else {
            turnedAway += 1
            #expect(found.contains("too large when unpacked"), "\(method.name), \(budget): \(found), not \(whole)")
          }
        }
      }
    }
    #expect(turnedAway > 0 && read > 100)
    FaultSize.report("budgets of unpacking: \(turnedAway) requests turned away, \(read) read as ever, 0 otherwise")
  }

  private func answer(to payload: [UInt8], _ method: UInt16, budget: Int, _ origin: Origin) -> String {
    let decoder = RequestDecoder(budget: budget, batchBudget: budget)
    do throws(Failure) {
      return "\(try decoder.decode(method: method, payload: payload.span, origin: origin))"
    } catch {
      return "\(error)"
    }
  }
}

/// Messages with anything in their fields, and in those of the messages in them.
private enum RandomMessage {
  private static let depthMax = 3

  static func bytes(
    of descriptor: ProtobufCMessageDescriptor, depth: Int, _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var writer = ProtobufWriter()
    for index in unsafe 0..<Int(descriptor.n_fields) {
      let field = unsafe descriptor.fields[index]
      let isRepeated = unsafe field.label == PROTOBUF_C_LABEL_REPEATED
      for _ in 0..<Int.random(in: 0...(isRepeated ? 3 : 1), using: &generator) {
        let number = unsafe field.id
        switch unsafe field.type {
        case PROTOBUF_C_TYPE_MESSAGE:
          guard depth < depthMax, let inner = unsafe field.descriptor else { continue }
          let type = unsafe inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee
          writer.message(number, unsafe bytes(of: type, depth: depth + 1, &generator))
        case PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_STRING:
          writer.text(number, String(repeating: "x", count: Int.random(in: 1..<40, using: &generator)))
        default: writer.integer(number, Int64.random(in: 1..<100, using: &generator))
        }
      }
    }
    // One that nobody knows.
    if Int.random(in: 0..<4, using: &generator) == 0 { writer.text(9_999, "unknown") }
    return writer.bytes
  }
}

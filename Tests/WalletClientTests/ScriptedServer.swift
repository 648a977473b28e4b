import Foundation
import Glibc
import WalletWire

@testable import WalletClient

/// A server on a free port of loopback that does with each connection what a test says.
///
/// Plain blocking sockets on threads of its own, so that it shares no code with the client's sockets.
final class ScriptedServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let sockets = OpenSockets()

  /// `script` gets each connection with its number, from 0, on a thread of its own; the connection closes when it returns.
  init(_ script: @escaping @Sendable (ScriptedConnection, Int) -> Void) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socketAddress in
        guard unsafe bind(descriptor, socketAddress, length) == 0, listen(descriptor, 128) == 0 else { return false }
        return unsafe getsockname(descriptor, socketAddress, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    listener = descriptor
    port = UInt16(bigEndian: address.sin_port)
    Thread { [sockets] in
      var number = 0
      while true {
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else { break }
        sockets.add(accepted)
        Thread { [number] in
          script(ScriptedConnection(accepted), number)
          sockets.close(accepted)
        }.start()
        number += 1
      }
      Glibc.close(descriptor)
    }.start()
  }

  deinit {
    // Wakes the threads, each of which closes its own socket: a number closed under a thread that still uses it would
    // soon be somebody else's.
    shutdown(listener, Int32(SHUT_RDWR))
    sockets.shutDown()
  }

  func client(_ change: (inout WalletClientOptions) -> Void = { _ in }) -> WalletClient {
    var options = WalletClientOptions()
    options.timeout = .seconds(5)
    change(&options)
    return WalletClient(host: "127.0.0.1", port: port, options: options)
  }
}

/// The accepted sockets that aren't closed. `@unchecked Sendable`: behind its lock.
private final class OpenSockets: @unchecked Sendable {
  private let lock = NSLock()
  private var descriptors: Set<Int32> = []
  private var isShutDown = false

  func add(_ descriptor: Int32) {
    lock.withLock {
      descriptors.insert(descriptor)
      if isShutDown { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  func close(_ descriptor: Int32) {
    lock.withLock {
      descriptors.remove(descriptor)
      Glibc.close(descriptor)
    }
  }

  func shutDown() {
    lock.withLock {
      isShutDown = true
      for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}

final class ScriptedConnection {
  private let descriptor: Int32
  private var buffer = FrameBuffer(frameBytesMax: 1 << 21)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func write(_ bytes: [UInt8]) { _ = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  func write(_ header: FrameHeader, _ payload: [UInt8] = []) {
    var bytes: [UInt8] = []
    bytes.appendFrame(header, payload: payload)
    write(bytes)
  }

  /// Some bytes; empty at the end.
  func read() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  func frame() -> (header: FrameHeader, payload: [UInt8])? {
    while true {
      if let frame = try? buffer.next() { return frame }
      let bytes = read()
      if bytes.isEmpty { return nil }
      buffer.append(bytes)
    }
  }

  /// Reads the preface and HELLO, and greets.
  func greet() {
    var preface: [UInt8] = []
    while preface.count < FrameHeader.preface.count {
      let bytes = read()
      if bytes.isEmpty { return }
      preface += bytes
    }
    buffer.append(Array(preface[FrameHeader.preface.count...]))
    _ = frame()
    write(FrameHeader(type: .helloAck), Bytes.helloAck)
  }

  func request() -> (header: FrameHeader, payload: [UInt8])? {
    while let frame = frame() {
      if frame.header.type == .request { return frame }
    }
    return nil
  }

  func reply(_ request: UInt32, _ payload: [UInt8], flags: FrameFlags = []) {
    write(FrameHeader(type: .response, flags: flags, requestID: request), payload)
  }

  func refuse(_ request: UInt32, _ reason: ErrorReason, retryAfterMillis: UInt32 = 0) {
    write(
      FrameHeader(
        type: .response, flags: .notExecuted, code: reason.status, requestID: request, millis: retryAfterMillis),
      Bytes.error(reason))
  }

  /// Waits for the client to go.
  func drain() { while !read().isEmpty {} }
}

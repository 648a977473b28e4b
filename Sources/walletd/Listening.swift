import Foundation
import WalletSystem

/// An address of `--listen`.
enum ListenAddress {
  static let unixPrefix = "unix:"

  case tcp(SocketAddress)
  case unix(path: String)

  /// Reads `HOST:PORT` or `unix:PATH`. May block while a name is looked up.
  init(_ text: String) throws(SocketAddress.ParseError) {
    guard text.hasPrefix(Self.unixPrefix) else {
      self = .tcp(try SocketAddress(text))
      return
    }
    let path = String(text.dropFirst(Self.unixPrefix.count))
    guard (1...ListeningSocket.pathBytesMax).contains(path.utf8.count), !path.utf8.contains(0) else {
      throw SocketAddress.ParseError(
        message: "the path of a Unix socket must have 1 to \(ListeningSocket.pathBytesMax) bytes, not \(path.utf8.count)")
    }
    self = .unix(path: path)
  }

  /// Whether only this machine can reach it.
  var isLocal: Bool {
    switch self {
    case .tcp(let address): address.isLoopback
    case .unix: true
    }
  }
}

/// What the server listens on. Whatever can't be ends the process with the reason.
enum Listening {
  case addresses([(text: String, address: ListenAddress)])
  /// Sockets that a service manager passes.
  case passed([ListeningSocket])

  /// - Parameters:
  ///   - texts: The addresses of `--listen`, which don't count where sockets are passed.
  ///   - exposure: Why an address that others than this machine can reach may not be listened on; `nil` when it may.
  init(_ texts: [String], exposure: String?) {
    let passed = ListeningSocket.passedDescriptors(ProcessInfo.processInfo.environment)
    if passed.isEmpty {
      self = .addresses(texts.map { ($0, Self.read($0, exposure)) })
    } else {
      self = .passed(passed.map { Self.adopt($0, exposure) })
    }
  }

  private static func read(_ text: String, _ exposure: String?) -> ListenAddress {
    let address: ListenAddress
    do throws(SocketAddress.ParseError) {
      address = try ListenAddress(text)
    } catch {
      Console.end(.usage, "--listen: \(error.message)")
    }
    if !address.isLocal, let exposure { Console.end(.usage, "--listen \(text): \(exposure)") }
    return address
  }

  private static func adopt(_ descriptor: Int32, _ exposure: String?) -> ListeningSocket {
    do throws(SystemError) {
      let listener = try ListeningSocket(adopting: descriptor)
      if !listener.address.isLocal, let exposure {
        Console.end(.usage, "the socket that was passed, \(listener.address): \(exposure)")
      }
      return listener
    } catch {
      Console.end(.addressUnavailable, "can't use the socket that was passed: \(error)")
    }
  }

  /// Called with the data folder's lock held: a Unix socket that is there was left by a server that is gone, or is another's.
  func open(unixMode: UInt32) -> [ListeningSocket] {
    switch self {
    case .passed(let listeners): listeners
    case .addresses(let addresses): addresses.map { Self.open($0.text, $0.address, unixMode) }
    }
  }

  private static func open(_ text: String, _ address: ListenAddress, _ unixMode: UInt32) -> ListeningSocket {
    do throws(SystemError) {
      switch address {
      case .tcp(let address): return try ListeningSocket(address)
      case .unix(let path): return try ListeningSocket(unix: path, mode: unixMode)
      }
    } catch {
      let advice = error.number == SystemError.addressInUse ? ". Is another server running there?" : ""
      Console.end(.addressUnavailable, "can't listen on \(text): \(error)\(advice)")
    }
  }
}

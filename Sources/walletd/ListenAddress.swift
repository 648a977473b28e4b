import ArgumentParser
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
        message:
          "the path of a Unix socket must have 1 to \(ListeningSocket.pathBytesMax) bytes, not \(path.utf8.count)")
    }
    self = .unix(path: path)
  }

  /// The same, of the option.
  init(option text: String) throws {
    do throws(SocketAddress.ParseError) { try self.init(text) } catch {
      throw ValidationError("--listen: \(error.message)")
    }
  }

  /// Whether only this machine can reach it.
  var isLocal: Bool {
    switch self {
    case .tcp(let address): address.isLoopback
    case .unix: true
    }
  }
}

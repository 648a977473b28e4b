/// Where a wallet server listens.
public enum WalletEndpoint: Sendable, Hashable, CustomStringConvertible {
  /// A host name or address, and a TCP port from 1 to 65,535.
  case tcp(host: String, port: UInt16)
  /// The path of a Unix stream socket, at most 107 bytes.
  case unix(path: String)

  /// Reads `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`; `nil` for anything else.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty, path.utf8.count <= 107 else { return nil }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self = .tcp(host: String(host), port: port)
  }

  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

import ArgumentParser
import Glibc
import WalletCore
import WalletServer
import WalletStore
import WalletSystem

/// Who is asked for an identity.
struct AuthOptions: ParsableArguments {
  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case off
    case required
  }

  @Option(
    help: ArgumentHelp(
      """
      off: whoever reaches the server is "local" and may do everything. required: callers need a token, a certificate or \
      a Unix user that something was granted to. (default: off on loopback and on a Unix socket, else required)
      """))
  var auth: Mode?

  @Flag(help: "Serve an address that others can reach although TLS or authentication is off.")
  var insecure = false

  /// - Parameter isLocal: Only programs of this machine reach the address.
  func mode(isLocal: Bool) -> Mode { auth ?? (isLocal ? .off : .required) }

  /// Why an address that others than this machine can reach may not be served so; `nil` when it may.
  ///
  /// - Parameter hasTLS: What is said there can't be read by others.
  func objection(hasTLS: Bool) -> String? {
    if insecure { return nil }
    if auth == .off {
      return
        "anybody who reaches that address could move money, since nobody is asked who he is. Leave --auth off away, "
        + "listen on loopback, or say --insecure"
    }
    if hasTLS { return nil }
    return "anybody on the way could read along, tokens too, since there is no TLS (--tls-cert, --tls-key). Listen on "
      + "loopback, or say --insecure"
  }

  /// - Parameter isLocal: Only programs of this machine reach any of the server's addresses.
  func authentication(isLocal: Bool, ledger: any Ledger) -> Authentication {
    switch mode(isLocal: isLocal) {
    case .off: return .off
    case .required:
      if ledger.grants.current.count == 0 {
        Console.say(
          "no token was created yet, so only root and this user's own programs can come in, by a Unix socket: "
            + "walletd token create makes the first one while no server runs")
      }
      return Authentication(.required, grants: ledger.grants, ownUser: geteuid(), sha256: Digests.sha256)
    }
  }
}

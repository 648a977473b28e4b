import WalletCore
import WalletSystem
import WalletTLS
import WalletWire

/// The certificate that the server shows, and where it is read anew.
///
/// Confined to the queue of the loop once the server runs.
final class ServerTLS {
  private(set) var context: TLSContext
  private let load: () throws(TLSContext.Unusable) -> TLSContext?

  init(context: TLSContext, load: @escaping () throws(TLSContext.Unusable) -> TLSContext?) {
    self.context = context
    self.load = load
  }

  func makeTransport(over loop: EventLoop, time: any TimeSource) -> TLSTransport {
    var answer: [UInt8] = []
    ReplyEncoder().appendConnectionError(
      Failure(.invalidFrame, .frame(rule: "this port speaks TLS: connect with TLS", limit: 0)), into: &answer)
    return TLSTransport(
      below: loop, context: context, strangers: TLSStrangers(preface: FrameHeader.preface, answer: answer), time: time,
      log: { Console.say($0) })
  }

  /// New connections get what the files hold now; those that are open keep what they have. Files that can't be used change
  /// nothing.
  func reload(_ transport: TLSTransport) {
    do throws(TLSContext.Unusable) {
      guard let context = try load() else { return }
      self.context = context
      transport.replaceContext(context)
      Console.say("TLS with the certificate of \(context.summary) from now on")
    } catch {
      Console.say("SIGHUP: \(error.message). The certificate of \(context.summary) stays")
    }
  }
}

/// The rows of holds whose end has come. A decision on a wallet appends them first.
///
/// - Parameters:
///   - wallet: Before them.
///   - nextSeq: Of the first one.
/// - Returns: One posting for each due hold, in the order in which they end; each has the wallet after it.
public func expiries(of wallet: WalletAccount, _ controls: WalletControls, nextSeq: Int64, now: Int64) -> [Posting] {
  var postings: [Posting] = []
  var wallet = wallet
  var controls = controls
  for var hold in controls.holds where hold.isDue(at: now) {
    let seq = nextSeq + Int64(postings.count)
    let freed = hold.remaining
    wallet.held -= freed
    wallet.version += 1
    let previousSeq = wallet.lastSeq
    wallet.lastSeq = seq
    controls.usage.giveBackUnused(of: hold, at: now)
    hold.remaining = 0
    hold.state = .expired
    hold.endedAt = now
    controls.replace(hold)
    postings.append(
      Posting(
        seq: seq, kind: .expire, wallet: wallet, amount: 0, previousSeq: previousSeq, counterAccount: Text(),
        createdAt: now,
        extras: Posting.Extras(
          heldChange: -freed, holdID: hold.id, detail: ExpireDetail(endsAt: hold.endsAt).encoded,
          attribution: .expiry, controls: controls, hold: hold)))
  }
  return postings
}

extension Attribution {
  /// Of rows that the engine writes when a hold's end has come.
  public static let expiry = Attribution(key: nil, audit: Command.Audit(reason: "hold.expired"), origin: .system)
}

extension LimitUsage {
  /// What a hold that ends now reserved and didn't use. One that was captured in part counts as used once.
  mutating func giveBackUnused(of hold: Hold, at now: Int64) {
    giveBack(hold.remaining, count: hold.captured == 0 ? 1 : 0, usedAt: hold.createdAt, at: now)
  }
}

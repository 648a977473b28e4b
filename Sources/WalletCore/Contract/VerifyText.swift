/// What programs say of a verification.
public enum VerifyText {
  /// One finding in a line.
  public static func finding(
    what: String, walletID: Int64, seq: Int64, expected: String, found: String
  ) -> String {
    let places = [walletID == 0 ? nil : "wallet \(walletID)", seq == 0 ? nil : "row \(seq)"].compactMap { $0 }
    let place = places.isEmpty ? "" : places.joined(separator: ", ") + ": "
    return "\(place)\(what): expected \(expected), found \(found)"
  }

  /// What was verified, in a line. The head is what one keeps elsewhere.
  public static func verified(
    rows: Int64, wallets: Int64, keys: Int64, headSeq: Int64, headDigest: [UInt8]
  ) -> String {
    "verified: \(rows) rows, \(wallets) wallets, \(keys) keys; head \(headSeq):\(Hexadecimal.text(headDigest))"
  }

  /// What was found, in a line.
  public static func outcome(findings: Int64, told: Int64, integritySkippedBecause: String?) -> String {
    let found =
      switch findings {
      case 0: "nothing is wrong"
      case 1: "1 finding"
      case told: "\(findings) findings"
      default: "\(findings) findings, of which \(told) are told"
      }
    return found + (integritySkippedBecause.map { "; SQLite's own check was skipped: \($0)" } ?? "")
  }

  /// How far a stage is.
  public static func progress(stage: String, done: Int64, total: Int64) -> String {
    total == 0 ? stage : "\(stage) \(done) of \(total)"
  }

  /// A head that was kept, `SEQ:DIGEST` as `verified` says it; `nil` when the text isn't one.
  public static func head(_ text: String) -> (seq: Int64, digest: [UInt8])? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let seq = Int64(parts[0]), seq >= 0, let digest = Hexadecimal.bytes(String(parts[1])),
      digest.count == 32
    else { return nil }
    return (seq, digest)
  }
}

extension VerifyFinding {
  public var text: String {
    VerifyText.finding(what: what, walletID: walletID, seq: seq, expected: expected, found: found)
  }
}

extension VerifyReport {
  public var verified: String {
    VerifyText.verified(
      rows: rows, wallets: wallets, keys: keys, headSeq: head.seq, headDigest: head.digest.bytes)
  }

  public var outcome: String {
    VerifyText.outcome(
      findings: findings, told: findingsTold, integritySkippedBecause: integritySkippedBecause)
  }
}

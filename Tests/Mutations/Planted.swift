import Glibc

/// Which of the planted bugs is at work: the one that the environment names. Only the copy of the tree that `make mutate`
/// builds has this file.
package enum Planted {
  private static let number: Int = {
    guard let text = unsafe getenv("WALLETD_PLANTED") else { return 0 }
    return Int(unsafe String(cString: text)) ?? 0
  }()

  package static func active(_ bug: Int) -> Bool { bug == number }
}

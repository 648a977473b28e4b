/// The verbs that this client calls by name, with their numbers on the wire.
package enum WalletMethod: UInt16, Sendable {
  case ping = 1
  case getSchema = 2
  case getServerInfo = 3
  case openWallet = 256
  case getWallet = 257
  case listWallets = 258
  case getBalance = 259
  case debit = 260
  case credit = 261
  case listTransactions = 262
}

internal import enum WalletCore.Timestamp

typealias Timestamp = WalletCore.Timestamp

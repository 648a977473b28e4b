package walletd

import "time"

// BalanceExplanation says why a wallet's balance is what it is. Amounts are minor units.
type BalanceExplanation struct {
	Wallet          Wallet
	OpeningBalance  int64         // before the first row that was summed
	OpeningVersion  int64         // the wallet's version then; 0: from its beginning
	OpeningAt       time.Time     // when the first row that was summed was stored
	Sums            []BalanceSum  // by kind and reason, largest amount first
	Holds           []HoldInfo    // open ones, by their ends
	Freezes         []FreezeInfo  // in effect
	FrozenAmount    int64         // what a freeze of debits keeps from being spent
	Limits          WalletLimits  // as they are set
	LimitUses       []LimitUse    // one for each limit that is set and counted
	LastChanges     []Transaction // newest first
	RowsRecomputed  int64         // rows of the wallet that were read and added up
	Equal           bool          // the sum, and each row's figures, are those of the wallet
	Difference      string        // what differs; empty when nothing does
	ChainVerifiedTo int64         // the links of all rows read are right, up to this transaction; 0: one isn't
	CommitSeq       int64
}

// BalanceSum is the sum of a wallet's rows of one kind and reason.
type BalanceSum struct {
	Kind       TransactionKind
	Reason     string
	Count      int64
	Amount     int64 // signed
	HeldChange int64
}

// HoldInfo is an open hold.
type HoldInfo struct {
	HoldID    int64
	Amount    int64 // as it was reserved
	Captured  int64
	Remaining int64
	CreatedAt time.Time
	EndsAt    time.Time
	Reason    string
	Reference string
}

// FreezeInfo is a freeze in effect.
type FreezeInfo struct {
	Scope  FreezeScope
	Reason string
	Since  time.Time
	Until  time.Time // zero: until it is lifted
}

// LimitUse is how much of a limit is used.
type LimitUse struct {
	Kind                   LimitKind
	Limit, Used, Remaining int64
	WindowEnd              time.Time // zero where there is no window
}

// TrialBalance has the totals of currencies, which sum to zero.
type TrialBalance struct {
	Currencies      []CurrencyBalance // by code
	CommitSeq       int64
	CounterAccounts []string // all there are, by name
}

// CurrencyBalance has the totals of one currency, in minor units.
type CurrencyBalance struct {
	Currency        string
	Exponent        int
	WalletsTotal    int64                   // of all wallets' balances
	CounterAccounts []CounterAccountBalance // those that were posted to, by name
	Difference      int64                   // the sum of all; anything but 0 is a fault
	Registered      bool                    // by RegisterCurrency, not by ISO 4217
}

// CounterAccountBalance is what was posted to a counter-account, in minor units.
type CounterAccountBalance struct {
	Name  string
	Total int64
}

package walletd

import "time"

// WalletRef names a wallet: either by ID, or by OwnerID, Currency and Name ("main" when not given). Beside an ID a
// Currency may be given and must then be the wallet's.
type WalletRef struct {
	ID       int64
	OwnerID  string // at most 64 bytes of [A-Za-z0-9._:@-]
	Currency string // at most 16 bytes of [A-Z0-9-]
	Name     string // at most 32 bytes
}

// Wallet is a wallet with all its columns. Amounts are minor units.
type Wallet struct {
	ID             int64
	OwnerID        string
	Currency       string
	Exponent       int // digits after the point
	Name           string
	Status         WalletStatus
	Balance        int64 // posted
	Held           int64
	Available      int64 // Balance - Held + OverdraftLimit
	OverdraftLimit int64
	Version        int64 // the count of the wallet's transactions
	CreatedAt      time.Time
	CreatedBy      string
	UpdatedAt      time.Time
	UpdatedBy      string
	ExpiryPending  bool  // holds have ended whose rows aren't written yet; Held and Available are without them
	CommitSeq      int64 // the place of the journal that this answer reflects
}

// Ref names the wallet by its id.
func (w Wallet) Ref() WalletRef { return WalletRef{ID: w.ID} }

// Balance has the figures of a wallet, in minor units.
type Balance struct {
	WalletID       int64
	Balance        int64 // posted
	Held           int64
	Available      int64
	Version        int64
	Currency       string
	Exponent       int
	OverdraftLimit int64
	CommitSeq      int64
	ExpiryPending  bool // holds have ended whose rows aren't written yet; Held and Available are without them
}

// BalanceAt has the figures of a wallet as they were, in minor units.
type BalanceAt struct {
	WalletID       int64
	Balance        int64
	Held           int64
	Available      int64
	OverdraftLimit int64
	Version        int64
	TransactionID  int64     // the row that made it so
	CreatedAt      time.Time // when that row was stored
	Currency       string
	Exponent       int
	CommitSeq      int64
}

// Transaction is one immutable row of the journal. Amounts are minor units.
type Transaction struct {
	ID                   int64 // its place in the journal; 0 in a dry run
	Kind                 TransactionKind
	WalletID             int64
	WalletVersion        int64 // the wallet's version after this row: 1, 2, 3 … without a gap
	Amount               int64 // signed change of the balance
	HeldChange           int64
	Balance              int64 // after this row, as Held and OverdraftLimit
	Held                 int64
	OverdraftLimit       int64
	CounterAccount       string
	CounterWalletID      int64
	HoldID               int64
	RelatedTransactionID int64
	Actor                string
	OnBehalfOf           string
	Reason               string
	Note                 string
	Reference            string
	IdempotencyKey       string
	RequestDigest        []byte
	CorrelationID        string
	Source               string // the caller's address
	ClientName           string // as the caller calls itself
	Metadata             map[string]string
	OccurredAt           time.Time // business time
	CreatedAt            time.Time
	Detail               []byte
	Digest               []byte
	Lane                 int
	RowFormat            int
}

// MutationResult is what a mutation of a wallet gave: its row, and the wallet after it, in minor units.
type MutationResult struct {
	Key         string // the idempotency key, also when the client made it
	Transaction Transaction
	Balance     int64
	Held        int64
	Available   int64
	Version     int64
	Currency    string
	Exponent    int
	Replayed    bool // the first result of this key, answered again
	CommitSeq   int64
	DryRun      bool // what would have been: nothing is written
}

// TransferResult is what a transfer gave.
type TransferResult struct {
	Key         string
	Source      MutationResult // the row that took the amount out, and the source after it
	Destination Transaction    // the row that put it in
	Replayed    bool
	CommitSeq   int64
	DryRun      bool
}

// WalletLimits is what a wallet's owner may do, as a whole. Amounts are minor units; 0: no such limit, but for
// OverdraftLimit. Days, ISO weeks and months are those of UTC, by the time at which a transaction is stored. Debits,
// outgoing transfers and holds count; what a hold didn't use is given back when it ends.
type WalletLimits struct {
	OverdraftLimit int64 // how far the balance may fall below zero
	MaxBalance     int64
	MaxAmount      int64 // of one debit, outgoing transfer or hold
	Day            WindowLimit
	Week           WindowLimit // from Monday
	Month          WindowLimit
}

// WindowLimit is what may be taken out of a wallet in a day, a week or a month: minor units, and how often. 0: no limit.
type WindowLimit struct {
	Amount int64
	Count  int64
}

// AdministrationRow is one immutable row of the journal that changes no wallet.
type AdministrationRow struct {
	ID             int64  // its place in the journal; 0 in a dry run
	Verb           string // such as "REGISTER_CURRENCY"
	Subject        string // the currency's code, the counter-account's name, or the token's principal
	Exponent       int    // of a currency
	TokenID        int64  // that was created or revoked
	Actor          string
	OnBehalfOf     string
	Reason         string
	Note           string
	Reference      string
	IdempotencyKey string
	RequestDigest  []byte
	CorrelationID  string
	Source         string
	ClientName     string
	Metadata       map[string]string
	OccurredAt     time.Time
	CreatedAt      time.Time
	Detail         []byte
	Digest         []byte
	Lane           int
	RowFormat      int
}

// AdministrationResult is what RegisterCurrency, AddCounterAccount or RevokeToken gave.
type AdministrationResult struct {
	Key       string
	Row       AdministrationRow
	Replayed  bool
	DryRun    bool
	CommitSeq int64
}

// Refusal is one immutable row of the journal: a mutation that was refused for a business reason, or any call that was
// denied, which has no key.
type Refusal struct {
	ID             int64          // its place in the journal
	Verb           string         // such as "DEBIT"
	Error          *RejectedError // as its caller was told
	WalletID       int64          // that the address led to; 0: to none
	Wallet         WalletRef      // as it was given
	Amount         int64          // minor units
	CounterAccount string
	Currency       string // of the wallet, or else as it was given
	Exponent       int    // of the currency, when that is known
	Actor          string
	OnBehalfOf     string
	Reason         string
	Note           string
	Reference      string
	IdempotencyKey string
	RequestDigest  []byte
	CorrelationID  string
	Source         string
	ClientName     string
	Metadata       map[string]string
	OccurredAt     time.Time
	CreatedAt      time.Time
	Digest         []byte
	Lane           int
	RowFormat      int
}

// JournalHead is a place of the journal with its digest. Kept elsewhere, it tells whether the journal before it was
// changed.
type JournalHead struct {
	Seq    int64
	Digest []byte // 32 bytes
}

// ServerLimits are those of a connection.
type ServerLimits struct {
	RequestBytesMax      int
	BatchRequestBytesMax int
	ResponseBytesMax     int
	RequestsInFlightMax  int
	IdleTimeout          time.Duration
	DefaultDeadline      time.Duration
}

// ServerInfo says who the server is, how far its journal is, and whether it takes mutations.
type ServerInfo struct {
	ServerName                  string // program and version
	LedgerID                    string
	Epoch                       int // raised by each restore
	Head                        JournalHead
	ServerTime                  time.Time
	Limits                      ServerLimits
	SchemaDigest                []byte
	Storage                     string // engine and version
	StartedAt                   time.Time
	MutationsAvailable          bool
	MutationsUnavailableBecause string
	CommitSeq                   int64
	Build                       string // "release" or "debug"; a debug build is many times slower
}

// Pong is the answer to a Ping.
type Pong struct {
	ServerTime time.Time
	CommitSeq  int64
}

// Schema has the messages that the server speaks.
type Schema struct {
	FileDescriptorSet []byte // a google.protobuf.FileDescriptorSet
	Digest            []byte // its SHA-256
	CommitSeq         int64
}

package walletd

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	pb "walletd.example/walletd/walletpb"
)

// With is what every mutation takes beside its own fields; all of it may be left out.
type With struct {
	// Key is the idempotency key, 8 to 64 printable ASCII characters; "": a UUIDv7 is made. Give your own when your
	// process may die between asking and hearing, and keep it with your order.
	Key string
	// RetryOfUnknown says that an attempt of Key that this client doesn't know of, of another process perhaps, ended
	// unknown: then only OK, a replay or a remembered refusal will do, everything else is an *OutcomeUnknownError.
	RetryOfUnknown bool
	// Reference is at most 128 bytes, Note at most 256.
	Reference string
	Note      string
	// OnBehalfOf and CorrelationID are at most 64 bytes of [A-Za-z0-9._:@-] each. A CorrelationID may be a W3C
	// traceparent; it is passed on as it is.
	OnBehalfOf    string
	CorrelationID string
	// OccurredAt is the business time; it is stored and never used by a rule.
	OccurredAt time.Time
	// Metadata has at most 16 pairs and 1 KiB.
	Metadata map[string]string
	// DryRun checks everything and gives the figures that would follow, but writes nothing: no row, no refusal, and the
	// key stays new. A key that is known already is answered as ever. Not for items of a batch, which has its own.
	DryRun bool
}

func (w With) with() With { return w }

// Mutation is one that may stand in a batch: OpenWallet, Debit, Credit, Transfer, Hold, Capture, Release, Refund,
// Freeze, Unfreeze, SetLimits or CloseWallet.
type Mutation interface {
	verb
	mayStandInBatch()
}

// verb is what makes a mutation, of a wallet or not.
type verb interface {
	with() With
	// body is the request of the verb without what With and the reason have.
	body() (message proto.Message, reason string, err error)
}

func (OpenWallet) mayStandInBatch()  {}
func (Debit) mayStandInBatch()       {}
func (Credit) mayStandInBatch()      {}
func (Transfer) mayStandInBatch()    {}
func (Hold) mayStandInBatch()        {}
func (Capture) mayStandInBatch()     {}
func (Release) mayStandInBatch()     {}
func (Refund) mayStandInBatch()      {}
func (Freeze) mayStandInBatch()      {}
func (Unfreeze) mayStandInBatch()    {}
func (SetLimits) mayStandInBatch()   {}
func (CloseWallet) mayStandInBatch() {}

// OpenWallet opens a wallet with a balance of 0. Rejected with ReasonWalletExists if there is one.
type OpenWallet struct {
	OwnerID  string // at most 64 bytes of [A-Za-z0-9._:@-]
	Currency string // at most 16 bytes of [A-Z0-9-]
	Name     string // at most 32 bytes; "": "main"
	Reason   string // a short code of [a-z0-9._-], at most 64 bytes; required, here and below
	With
}

// Debit takes an amount out of a wallet. Rejected with ReasonInsufficientFunds if it lacks it.
type Debit struct {
	Wallet          WalletRef
	Amount          int64 // minor units, from 1
	Reason          string
	ExpectedVersion int64  // the wallet's version must be this one; 0: not checked; here and below
	CounterAccount  string // "": "sales"
	With
}

// Credit puts an amount into a wallet.
type Credit struct {
	Wallet          WalletRef
	Amount          int64 // minor units, from 1
	Reason          string
	ExpectedVersion int64
	CounterAccount  string // "": "funding"
	With
}

// Transfer moves an amount from one wallet to another of the same currency, at once or not at all.
type Transfer struct {
	From            WalletRef
	To              WalletRef
	Amount          int64 // minor units, from 1
	Reason          string
	ExpectedVersion int64 // of From
	With
}

// Hold reserves an amount: it stays in the balance and isn't available until it is captured, released or the hold ends.
// The transaction's id is the hold's.
type Hold struct {
	Wallet          WalletRef
	Amount          int64         // minor units, from 1
	Timeout         time.Duration // from 1 ms to 366 days, whole milliseconds; the server reckons the end by its own clock
	Reason          string
	ExpectedVersion int64
	With
}

// Capture takes an amount of a hold, or all that is left of it. It never fails for funds or limits. Rejected with
// ReasonHoldCaptured, ReasonHoldReleased or ReasonHoldExpired if the hold has ended, and with ReasonHoldAmountExceeded if
// less is left of it.
type Capture struct {
	HoldID          int64
	Amount          int64  // minor units, from 1; 0 with All
	All             bool   // all that is left, and then the capture is final
	Final           bool   // nothing more will be captured, the rest is given back
	Currency        string // when given it must be the wallet's
	Reason          string
	ExpectedVersion int64
	CounterAccount  string // "": "sales"
	With
}

// Release gives back what is left of a hold.
type Release struct {
	HoldID          int64
	Reason          string
	ExpectedVersion int64
	With
}

// Refund gives back a debit or a capture, or a part of it. All refunds of one together never exceed it: Rejected with
// ReasonRefundExceedsOriginal.
type Refund struct {
	TransactionID   int64
	Amount          int64  // minor units, from 1; 0 with All
	All             bool   // all that wasn't refunded yet
	Currency        string // when given it must be the wallet's
	Reason          string
	ExpectedVersion int64
	CounterAccount  string // "": "refunds"
	With
}

// Freeze stops a wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts. What
// it stops is Rejected with ReasonWalletFrozen; holds may still be released, and end in their time.
type Freeze struct {
	Wallet          WalletRef
	Scope           FreezeScope
	Until           time.Time // from then on the freeze has no effect; zero: until it is lifted
	Reason          string
	ExpectedVersion int64
	With
}

// Unfreeze lifts a wallet's freeze, or one side of it.
type Unfreeze struct {
	Wallet          WalletRef
	Scope           FreezeScope // what is lifted
	Reason          string
	ExpectedVersion int64
	With
}

// SetLimits sets a wallet's limits, all of them: those left out are lifted.
type SetLimits struct {
	Wallet          WalletRef
	Limits          WalletLimits
	Reason          string
	ExpectedVersion int64
	With
}

// CloseWallet ends a wallet; its name is never used again. Rejected with ReasonWalletNotEmpty unless its balance is 0
// and it has no open holds.
type CloseWallet struct {
	Wallet          WalletRef
	Reason          string
	ExpectedVersion int64
	With
}

func (m OpenWallet) body() (proto.Message, string, error) {
	ref := &pb.WalletRef{OwnerId: m.OwnerID, Currency: m.Currency, Name: m.Name}
	return &pb.OpenWalletRequest{Wallet: ref}, m.Reason, nil
}

func (m Debit) body() (proto.Message, string, error) {
	return &pb.DebitRequest{Wallet: m.Wallet.message(), Amount: m.Amount, ExpectedVersion: m.ExpectedVersion,
		CounterAccount: m.CounterAccount}, m.Reason, nil
}

func (m Credit) body() (proto.Message, string, error) {
	return &pb.CreditRequest{Wallet: m.Wallet.message(), Amount: m.Amount, ExpectedVersion: m.ExpectedVersion,
		CounterAccount: m.CounterAccount}, m.Reason, nil
}

func (m Transfer) body() (proto.Message, string, error) {
	return &pb.TransferRequest{Wallet: m.From.message(), To: m.To.message(), Amount: m.Amount,
		ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m Hold) body() (proto.Message, string, error) {
	if m.Timeout%time.Millisecond != 0 {
		return nil, "", invalid("the timeout of a hold is in whole milliseconds, not " + m.Timeout.String())
	}
	return &pb.HoldRequest{Wallet: m.Wallet.message(), Amount: m.Amount, TimeoutMillis: m.Timeout.Milliseconds(),
		ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m Capture) body() (proto.Message, string, error) {
	return &pb.CaptureRequest{HoldId: m.HoldID, Amount: m.Amount, Final: m.Final, Currency: m.Currency,
		ExpectedVersion: m.ExpectedVersion, CounterAccount: m.CounterAccount}, m.Reason, checkPart(m.Amount, m.All)
}

func (m Release) body() (proto.Message, string, error) {
	return &pb.ReleaseRequest{HoldId: m.HoldID, ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m Refund) body() (proto.Message, string, error) {
	return &pb.RefundRequest{TransactionId: m.TransactionID, Amount: m.Amount, Currency: m.Currency,
		ExpectedVersion: m.ExpectedVersion, CounterAccount: m.CounterAccount}, m.Reason, checkPart(m.Amount, m.All)
}

func (m Freeze) body() (proto.Message, string, error) {
	return &pb.FreezeRequest{Wallet: m.Wallet.message(), Scope: pb.FreezeScope(m.Scope), UntilMicros: microsOf(m.Until),
		ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m Unfreeze) body() (proto.Message, string, error) {
	return &pb.UnfreezeRequest{Wallet: m.Wallet.message(), Scope: pb.FreezeScope(m.Scope),
		ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m SetLimits) body() (proto.Message, string, error) {
	return &pb.SetLimitsRequest{Wallet: m.Wallet.message(), Limits: m.Limits.message(),
		ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

func (m CloseWallet) body() (proto.Message, string, error) {
	return &pb.CloseWalletRequest{Wallet: m.Wallet.message(), ExpectedVersion: m.ExpectedVersion}, m.Reason, nil
}

// checkPart: on the wire 0 is all that is left, which nobody means who has reckoned an amount.
func checkPart(amount int64, all bool) error {
	if all != (amount == 0) {
		return invalid("either an amount other than 0 is given, or all")
	}
	return nil
}

// The numbers of fields that mean the same in every mutation.
const (
	fieldKey         = 3
	fieldReason      = 4
	fieldReference   = 5
	fieldCorrelation = 6
	fieldNote        = 7
	fieldOnBehalfOf  = 8
	fieldOccurredAt  = 10
	fieldMetadata    = 12
	fieldDryRun      = 13
)

// fill sets the fields that every mutation has.
func fill(message proto.Message, key, reason string, w With) {
	m := message.ProtoReflect()
	fields := m.Descriptor().Fields()
	text := func(number protoreflect.FieldNumber, value string) {
		if value != "" {
			m.Set(fields.ByNumber(number), protoreflect.ValueOfString(value))
		}
	}
	text(fieldKey, key)
	text(fieldReason, reason)
	text(fieldReference, w.Reference)
	text(fieldCorrelation, w.CorrelationID)
	text(fieldNote, w.Note)
	text(fieldOnBehalfOf, w.OnBehalfOf)
	if micros := microsOf(w.OccurredAt); micros != 0 {
		m.Set(fields.ByNumber(fieldOccurredAt), protoreflect.ValueOfInt64(micros))
	}
	if w.DryRun {
		m.Set(fields.ByNumber(fieldDryRun), protoreflect.ValueOfBool(true))
	}
	if len(w.Metadata) > 0 {
		list := m.Mutable(fields.ByNumber(fieldMetadata)).List()
		for _, entry := range metadataEntries(w.Metadata) {
			list.Append(protoreflect.ValueOfMessage(entry.ProtoReflect()))
		}
	}
}

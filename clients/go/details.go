package walletd

import (
	"time"

	pb "walletd.example/walletd/walletpb"
)

// Detail has the figures of an error: one of the types below.
type Detail interface{ detail() }

// InvalidArgument is the detail of ReasonInvalidArgument.
type InvalidArgument struct {
	Field string // the path of the field as the schema writes it, such as "amount" or "metadata[2].key"
	Rule  string // the rule that it breaks
}

// Unimplemented is the detail of ReasonUnimplemented.
type Unimplemented struct {
	Method  int    // the number of the verb
	Feature string // a field that the verb doesn't take yet; else empty
}

// FrameLimit is the detail of ReasonInvalidFrame.
type FrameLimit struct {
	Rule  string
	Limit int // bytes, where the rule is a size; else 0
}

// IdempotencyMismatch is the detail of ReasonIdempotencyMismatch.
type IdempotencyMismatch struct {
	Field string // the first field that differs from the request that has the key
}

// CurrencyDetail is the detail of ReasonCurrencyUnknown, ReasonCurrencyExists and ReasonCurrencyMismatch.
type CurrencyDetail struct {
	WalletCurrency  string // empty when no wallet is in question
	RequestCurrency string
}

// CounterAccountDetail is the detail of ReasonCounterAccountUnknown and ReasonCounterAccountExists.
type CounterAccountDetail struct {
	CounterAccount string
}

// WalletDetail is the detail of ReasonWalletNotFound, ReasonWalletExists, ReasonSameWallet and ReasonWalletClosed.
type WalletDetail struct {
	WalletID int64 // 0 where the wallet isn't known by an id
	OwnerID  string
	Currency string
	Name     string
}

// VersionConflict is the detail of ReasonVersionConflict.
type VersionConflict struct {
	Expected, Actual int64
	Balance          int64 // minor units
}

// InsufficientFunds is the detail of ReasonInsufficientFunds. Amounts are minor units.
type InsufficientFunds struct {
	Requested, Available int64
	Balance, Held        int64
	OverdraftLimit       int64
	Shortfall            int64 // Requested - Available
	Version              int64 // the wallet's
}

// AmountOverflow is the detail of ReasonAmountOverflow.
type AmountOverflow struct {
	Field string // the sum that would leave 64 bits
}

// Internal is the detail of ReasonInternal.
type Internal struct {
	ID string // find it in the server's log
}

// ScopeDetail is the detail of ReasonPermissionDenied and of ReasonUnauthenticated: why a caller was turned away.
type ScopeDetail struct {
	Scope string // that is missing; of the rule "scope"
	// Rule of ReasonPermissionDenied is "scope", "wallet", "max_amount" or "whole_ledger"; of ReasonUnauthenticated
	// "missing", "wrong", "expired", "revoked", "certificate" or "unix_user".
	Rule      string
	MaxAmount int64 // of the rule "max_amount", minor units
	Omitted   int64 // in a Refusal: denied calls of the same principal before it that have no row
}

// TransactionDetail is the detail of ReasonTransactionNotFound and ReasonNotRefundable.
type TransactionDetail struct {
	TransactionID int64
}

// HoldDetail is the detail of ReasonHoldNotFound and of why a hold can't be captured or released.
type HoldDetail struct {
	HoldID    int64
	At        time.Time // when it was captured, released or ended; else when it will end
	Remaining int64     // minor units
}

// RefundExceeds is the detail of ReasonRefundExceedsOriginal. Amounts are minor units.
type RefundExceeds struct {
	Original  int64 // what the debit or capture took
	Refunded  int64 // of it, until now
	Remaining int64
}

// WalletFrozen is the detail of ReasonWalletFrozen.
type WalletFrozen struct {
	WalletID int64
	Scope    FreezeScope
	Reason   string
	Since    time.Time
	Until    time.Time // zero: until it is lifted
}

// WalletNotEmpty is the detail of ReasonWalletNotEmpty.
type WalletNotEmpty struct {
	Balance   int64 // minor units
	OpenHolds int64 // their count
}

// LimitExceeded is the detail of ReasonLimitExceeded. Amounts are minor units, counts are counts.
type LimitExceeded struct {
	Kind                   LimitKind
	Limit, Used, Remaining int64
	WindowEnd              time.Time // zero where there is no window
}

// MaxBalanceExceeded is the detail of ReasonMaxBalanceExceeded. Amounts are minor units.
type MaxBalanceExceeded struct {
	Limit, Balance int64
	Remaining      int64 // what may still be put in
}

func (*InvalidArgument) detail()      {}
func (*Unimplemented) detail()        {}
func (*FrameLimit) detail()           {}
func (*IdempotencyMismatch) detail()  {}
func (*CurrencyDetail) detail()       {}
func (*CounterAccountDetail) detail() {}
func (*WalletDetail) detail()         {}
func (*VersionConflict) detail()      {}
func (*InsufficientFunds) detail()    {}
func (*AmountOverflow) detail()       {}
func (*Internal) detail()             {}
func (*ScopeDetail) detail()          {}
func (*TransactionDetail) detail()    {}
func (*HoldDetail) detail()           {}
func (*RefundExceeds) detail()        {}
func (*WalletFrozen) detail()         {}
func (*WalletNotEmpty) detail()       {}
func (*LimitExceeded) detail()        {}
func (*MaxBalanceExceeded) detail()   {}

// detailOf gives nil for what has a place elsewhere in the error (a batch's cause, a retry-after), and for what is newer
// than this package.
func detailOf(e *pb.Error) Detail {
	switch d := e.Detail.(type) {
	case *pb.Error_InvalidArgument:
		return &InvalidArgument{d.InvalidArgument.GetField(), d.InvalidArgument.GetRule()}
	case *pb.Error_Unimplemented:
		return &Unimplemented{int(d.Unimplemented.GetMethod()), d.Unimplemented.GetFeature()}
	case *pb.Error_FrameLimit:
		return &FrameLimit{d.FrameLimit.GetRule(), int(d.FrameLimit.GetLimit())}
	case *pb.Error_IdempotencyMismatch:
		return &IdempotencyMismatch{d.IdempotencyMismatch.GetField()}
	case *pb.Error_Currency:
		return &CurrencyDetail{d.Currency.GetWalletCurrency(), d.Currency.GetRequestCurrency()}
	case *pb.Error_CounterAccount:
		return &CounterAccountDetail{d.CounterAccount.GetCounterAccount()}
	case *pb.Error_Wallet:
		w := d.Wallet
		return &WalletDetail{w.GetWalletId(), w.GetOwnerId(), w.GetCurrency(), w.GetName()}
	case *pb.Error_VersionConflict:
		v := d.VersionConflict
		return &VersionConflict{v.GetExpected(), v.GetActual(), v.GetBalance()}
	case *pb.Error_InsufficientFunds:
		f := d.InsufficientFunds
		return &InsufficientFunds{f.GetRequested(), f.GetAvailable(), f.GetBalance(), f.GetHeld(),
			f.GetOverdraftLimit(), f.GetShortfall(), f.GetVersion()}
	case *pb.Error_AmountOverflow:
		return &AmountOverflow{d.AmountOverflow.GetField()}
	case *pb.Error_Internal:
		return &Internal{d.Internal.GetId()}
	case *pb.Error_Scope:
		return &ScopeDetail{d.Scope.GetScope(), d.Scope.GetRule(), d.Scope.GetMaxAmount(), d.Scope.GetOmitted()}
	case *pb.Error_Transaction:
		return &TransactionDetail{d.Transaction.GetTransactionId()}
	case *pb.Error_Hold:
		return &HoldDetail{d.Hold.GetHoldId(), timeOf(d.Hold.GetAtMicros()), d.Hold.GetRemaining()}
	case *pb.Error_RefundExceeds:
		r := d.RefundExceeds
		return &RefundExceeds{r.GetOriginal(), r.GetRefunded(), r.GetRemaining()}
	case *pb.Error_WalletFrozen:
		f := d.WalletFrozen
		return &WalletFrozen{f.GetWalletId(), FreezeScope(f.GetScope()), f.GetReason(), timeOf(f.GetSinceMicros()),
			timeOf(f.GetUntilMicros())}
	case *pb.Error_WalletNotEmpty:
		return &WalletNotEmpty{d.WalletNotEmpty.GetBalance(), d.WalletNotEmpty.GetOpenHolds()}
	case *pb.Error_LimitExceeded:
		l := d.LimitExceeded
		return &LimitExceeded{LimitKind(l.GetKind()), l.GetLimit(), l.GetUsed(), l.GetRemaining(),
			timeOf(l.GetWindowEndMicros())}
	case *pb.Error_MaxBalanceExceeded:
		m := d.MaxBalanceExceeded
		return &MaxBalanceExceeded{m.GetLimit(), m.GetBalance(), m.GetRemaining()}
	}
	return nil
}

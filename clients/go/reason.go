package walletd

import (
	"strconv"
	"strings"

	pb "walletd.example/walletd/walletpb"
)

// Reason is the code of an error: why the server did not do what it was asked for. docs/ERRORS.md has each with its
// figures. It is an error itself, so that errors.Is(err, walletd.ReasonInsufficientFunds) works.
type Reason int32

const (
	// ReasonInvalidFrame: what came is no frame, is too long, has a wrong checksum or may not come now. The connection closes.
	ReasonInvalidFrame Reason = 1
	// ReasonUnauthenticated: the connection has no identity, or a wrong one.
	ReasonUnauthenticated Reason = 2
	// ReasonPermissionDenied: the identity hasn't the scope that the verb takes.
	ReasonPermissionDenied Reason = 3
	// ReasonUnimplemented: the verb, or a field of it, isn't served here.
	ReasonUnimplemented Reason = 4
	// ReasonResourceExhausted: too much is queued already, or a stream is not read fast enough.
	ReasonResourceExhausted Reason = 5
	// ReasonCancelled: the caller took the request back before its commit.
	ReasonCancelled Reason = 6
	// ReasonDeadlineExceeded: the deadline passed before the commit began.
	ReasonDeadlineExceeded Reason = 7
	// ReasonUnavailable: the server is leaving, or its clock or its disk can't be relied upon now.
	ReasonUnavailable Reason = 8
	// ReasonInvalidArgument: a field is missing, too long, out of range or unknown.
	ReasonInvalidArgument Reason = 9
	// ReasonResumeInvalid: a cursor or a token of another ledger, or of the time before a restore.
	ReasonResumeInvalid Reason = 10
	// ReasonIdempotencyMismatch: the key belongs to another request. The field is the first that differs.
	ReasonIdempotencyMismatch Reason = 11
	// ReasonCurrencyUnknown: the request names a currency that nobody knows.
	ReasonCurrencyUnknown Reason = 12
	// ReasonCurrencyExists: the currency is known already.
	ReasonCurrencyExists Reason = 13
	// ReasonCurrencyMismatch: the request's currency isn't the wallet's, or two wallets have different ones.
	ReasonCurrencyMismatch Reason = 14
	// ReasonCounterAccountUnknown: there is no such counter-account.
	ReasonCounterAccountUnknown Reason = 15
	// ReasonWalletNotFound: the address leads to no wallet.
	ReasonWalletNotFound Reason = 16
	// ReasonWalletExists: the name is taken, if by a closed wallet.
	ReasonWalletExists Reason = 17
	// ReasonSameWallet: source and destination are one wallet.
	ReasonSameWallet Reason = 18
	// ReasonTransactionNotFound: there is no such transaction.
	ReasonTransactionNotFound Reason = 19
	// ReasonNotRefundable: the transaction is neither a debit nor a capture.
	ReasonNotRefundable Reason = 20
	// ReasonWalletClosed: the wallet is closed.
	ReasonWalletClosed Reason = 21
	// ReasonWalletFrozen: the wallet is frozen for what was asked.
	ReasonWalletFrozen Reason = 22
	// ReasonWalletNotEmpty: a wallet that has a balance or open holds can't be closed.
	ReasonWalletNotEmpty Reason = 23
	// ReasonVersionConflict: `expected_version` isn't the wallet's version.
	ReasonVersionConflict Reason = 24
	// ReasonHoldNotFound: there is no such hold.
	ReasonHoldNotFound Reason = 25
	// ReasonHoldCaptured: the hold has ended: its last capture is done.
	ReasonHoldCaptured Reason = 26
	// ReasonHoldReleased: the hold has ended: it was released.
	ReasonHoldReleased Reason = 27
	// ReasonHoldExpired: the hold has ended: its time was over.
	ReasonHoldExpired Reason = 28
	// ReasonHoldAmountExceeded: more is captured than is left of the hold.
	ReasonHoldAmountExceeded Reason = 29
	// ReasonRefundExceedsOriginal: all refunds together would be more than was taken.
	ReasonRefundExceedsOriginal Reason = 30
	// ReasonLimitExceeded: a limit of what may be taken out, of one transaction or of a day, week or month.
	ReasonLimitExceeded Reason = 31
	// ReasonMaxBalanceExceeded: the balance would pass its maximum.
	ReasonMaxBalanceExceeded Reason = 32
	// ReasonInsufficientFunds: more is asked for than is available.
	ReasonInsufficientFunds Reason = 33
	// ReasonAmountOverflow: a sum would leave the range of 64-bit integers.
	ReasonAmountOverflow Reason = 34
	// ReasonBatchAborted: an item of a batch of all or nothing was refused, so nothing was done.
	ReasonBatchAborted Reason = 35
	// ReasonInternal: a bug. The server has logged it under the id.
	ReasonInternal Reason = 36
	// ReasonCounterAccountExists: the counter-account is there already.
	ReasonCounterAccountExists Reason = 37
)

const reasonPrefix = "ERROR_REASON_"

// String is the name in the schema without its prefix; a bare number when this package is older than the reason.
func (r Reason) String() string {
	if name, ok := pb.ErrorReason_name[int32(r)]; ok {
		return strings.TrimPrefix(name, reasonPrefix)
	}
	return strconv.Itoa(int(r))
}

// Error is the name of the reason, too.
func (r Reason) Error() string { return r.String() }

// ParseReason reads the name of a reason, such as "INSUFFICIENT_FUNDS". False for any other text.
func ParseReason(name string) (Reason, bool) {
	number, ok := pb.ErrorReason_value[reasonPrefix+name]
	return Reason(number), ok && number != 0
}

// Remembered says whether a refusal for this reason is recorded: the same key gets the same answer for ever, and a new
// attempt takes a new key. That of ReasonBatchAborted is when its cause's is.
func (r Reason) Remembered() bool {
	return r >= ReasonCurrencyUnknown && r <= ReasonAmountOverflow && r != ReasonVersionConflict ||
		r == ReasonCounterAccountExists
}

// retried says whether the client tries again by itself.
func (r Reason) retried() bool { return r == ReasonUnavailable || r == ReasonResourceExhausted }

// couldNot says that the server could not, rather than would not.
func (r Reason) couldNot() bool {
	return r.retried() || r == ReasonCancelled || r == ReasonDeadlineExceeded || r == ReasonInternal
}

// reasonOfStatus is for an error whose payload names no reason: the statuses that have just one.
func reasonOfStatus(status uint16) Reason {
	switch status {
	case 1:
		return ReasonCancelled
	case 4:
		return ReasonDeadlineExceeded
	case 7:
		return ReasonPermissionDenied
	case 8:
		return ReasonResourceExhausted
	case 12:
		return ReasonUnimplemented
	case 13:
		return ReasonInternal
	case 14:
		return ReasonUnavailable
	case 16:
		return ReasonUnauthenticated
	}
	return 0
}

package walletd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// docs/ERRORS.md says which reasons there are and which are remembered.
func TestReasonsAreThoseOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/ERRORS.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d+) \| ([A-Z_]+) \| (\d+) \w+ \| *([a-z ]*?) *\|`).FindAllStringSubmatch(string(page), -1)
	if len(rows) != len(pb.ErrorReason_name)-1 {
		t.Errorf("%d rows of %d reasons", len(rows), len(pb.ErrorReason_name)-1)
	}
	for _, row := range rows {
		reason, ok := ParseReason(row[2])
		if !ok || fmt.Sprint(int(reason)) != row[1] || reason.String() != row[2] || reason.Error() != row[2] {
			t.Errorf("%s is %d, %s", row[2], int(reason), reason)
		}
		if reason.Remembered() != (row[4] == "yes") {
			t.Errorf("%s is remembered: %q", reason, row[4])
		}
		status := uint16(0)
		if _, err := fmt.Sscan(row[3], &status); err != nil {
			t.Fatal(err)
		}
		if only := reasonOfStatus(status); only != 0 && only != reason {
			t.Errorf("status %d is taken for %s, and may be %s", status, only, reason)
		}
	}
	for _, name := range []string{"", "UNSPECIFIED", "NOPE", "ERROR_REASON_INTERNAL"} {
		if reason, ok := ParseReason(name); ok {
			t.Errorf("%q is %s", name, reason)
		}
	}
	if name := Reason(99).String(); name != "99" {
		t.Error(name)
	}
}

func TestAnErrorWithoutAReasonHasThatOfItsStatus(t *testing.T) {
	for status, want := range map[uint16]Reason{1: ReasonCancelled, 4: ReasonDeadlineExceeded, 7: ReasonPermissionDenied,
		8: ReasonResourceExhausted, 12: ReasonUnimplemented, 13: ReasonInternal, 14: ReasonUnavailable,
		16: ReasonUnauthenticated, 9: 0, 3: 0} {
		reason, err := refusalOf(frame.Frame{Type: frame.Response, Code: status})
		if reason != want || err == nil {
			t.Errorf("status %d is %s", status, reason)
		}
	}
}

func TestWhatErrorsMatch(t *testing.T) {
	sentinels := []error{ErrRejected, ErrNotExecuted, ErrOutcomeUnknown, ErrDisconnected, ErrDeadlineExceeded, ErrProtocol,
		ErrUnauthenticated, ErrCanceled, ErrClosed, ErrInvalid, context.Canceled, context.DeadlineExceeded,
		ReasonInsufficientFunds, ReasonUnavailable}
	late := notExecuted(KindDeadlineExceeded, "late", context.DeadlineExceeded)
	for _, one := range []struct {
		err  error
		want []error
	}{
		{&RejectedError{Reason: ReasonInsufficientFunds}, []error{ErrRejected, ReasonInsufficientFunds}},
		{&NotExecutedError{Reason: ReasonUnavailable}, []error{ErrNotExecuted, ReasonUnavailable}},
		{notExecuted(KindDisconnected, "", nil), []error{ErrNotExecuted, ErrDisconnected}},
		{late, []error{ErrNotExecuted, ErrDeadlineExceeded, context.DeadlineExceeded}},
		{&NotExecutedError{Kind: KindDeadlineExceeded, Reason: ReasonDeadlineExceeded},
			[]error{ErrNotExecuted, ErrDeadlineExceeded, context.DeadlineExceeded}},
		{notExecuted(KindProtocol, "", nil), []error{ErrNotExecuted, ErrProtocol}},
		{notExecuted(KindUnauthenticated, "", nil), []error{ErrNotExecuted, ErrUnauthenticated}},
		{notExecuted(KindCanceled, "", context.Canceled), []error{ErrNotExecuted, ErrCanceled, context.Canceled}},
		{clientClosed, []error{ErrNotExecuted, ErrClosed, ErrDisconnected}},
		{invalid("x"), []error{ErrNotExecuted, ErrInvalid}},
		{&OutcomeUnknownError{Key: "k", LastAttempt: notExecuted(KindDisconnected, "", nil)}, []error{ErrOutcomeUnknown}},
		{&OutcomeUnknownError{Key: "k", LastAttempt: &RejectedError{Reason: ReasonInsufficientFunds}}, []error{ErrOutcomeUnknown}},
		{&OutcomeUnknownError{Key: "k", LastAttempt: late}, []error{ErrOutcomeUnknown, ErrDeadlineExceeded, context.DeadlineExceeded}},
	} {
		want := make(map[error]bool)
		for _, sentinel := range one.want {
			want[sentinel] = true
		}
		for _, sentinel := range sentinels {
			if got := errors.Is(fmt.Errorf("wrapped: %w", one.err), sentinel); got != want[sentinel] {
				t.Errorf("%v is %v: %v", one.err, sentinel, got)
			}
		}
	}
	unknown := error(&OutcomeUnknownError{Key: "k-1", LastAttempt: clientClosed})
	var closed *NotExecutedError
	if errors.As(unknown, &closed) {
		t.Error("an unknown outcome passes for one that was not executed")
	}
	for _, err := range []error{unknown, &RejectedError{Key: "k-1", Reason: ReasonInternal, Message: "m"},
		&NotExecutedError{Key: "k-1", Reason: ReasonInternal, Message: "m"}} {
		var base Error
		if !errors.As(err, &base) || base.IdempotencyKey() != "k-1" || !strings.HasPrefix(err.Error(), "walletd: ") {
			t.Error(err)
		}
	}
	for kind := KindServer; kind <= KindInvalid; kind++ {
		if kind.String() == "" {
			t.Error(int(kind))
		}
	}
}

func TestNamesOfEnums(t *testing.T) {
	for got, want := range map[string]string{WalletStatusClosed.String(): "CLOSED", TransactionKindTransferIn.String(): "TRANSFER_IN",
		FreezeScopeAll.String(): "ALL", LimitKindWeekCount.String(): "WEEK_COUNT", FreezeScope(0).String(): "UNSPECIFIED",
		LimitKind(77).String(): "UNKNOWN_77", verbName(pb.Method_METHOD_SET_LIMITS): "SET_LIMITS"} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

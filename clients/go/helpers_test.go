package walletd

import (
	"context"
	"errors"
	"testing"
	"time"

	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

var (
	ctx   = context.Background()
	test  = WalletRef{OwnerID: "u-1", Currency: "USD"}
	eager = RetryPolicy{AttemptsMax: 4, Backoff: time.Millisecond}
	once  = RetryPolicy{AttemptsMax: 1}
)

const key = "scripted-key-1"

// connect makes a client that is closed at the test's end, which then has to have left nothing behind.
func connect(t testing.TB, address string, options Options) *Client {
	t.Helper()
	wrptest.NoLeaks(t)
	client, err := New(address, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func debit(ctx context.Context, client *Client) (*MutationResult, error) {
	return client.Debit(ctx, Debit{Wallet: test, Amount: 100, Reason: "test", With: With{Key: key}})
}

func mutation(balance int64) *pb.MutationResponse {
	return &pb.MutationResponse{Balance: balance, Currency: "USD", Exponent: 2}
}

func limit(t testing.TB, timeout time.Duration) context.Context {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, timeout)
	t.Cleanup(cancel)
	return limited
}

// expiring is a context with a deadline that passes when the test says so: at the right moment, however busy the machine.
type expiring struct {
	context.Context
	passed chan struct{}
}

func newExpiring() *expiring { return &expiring{ctx, make(chan struct{})} }

func (*expiring) Deadline() (time.Time, bool) { return time.Now().Add(time.Minute), true }

func (e *expiring) Done() <-chan struct{} { return e.passed }

func (e *expiring) Err() error {
	select {
	case <-e.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// expire lets the deadline pass.
func (e *expiring) expire() { close(e.passed) }

// within fails the test when something took longer than anything may.
func within(t testing.TB, started time.Time, limit time.Duration) {
	t.Helper()
	if took := time.Since(started); took > limit {
		t.Errorf("it took %s", took)
	}
}

func wantKind(t testing.TB, err error, kind Kind) *NotExecutedError {
	t.Helper()
	var e *NotExecutedError
	if !errors.As(err, &e) || e.Kind != kind || !errors.Is(err, ErrNotExecuted) || errors.Is(err, ErrOutcomeUnknown) {
		t.Fatalf("%T %v, not of kind %s", err, err, kind)
	}
	return e
}

func wantUnknown(t testing.TB, err error) *OutcomeUnknownError {
	t.Helper()
	var e *OutcomeUnknownError
	if !errors.As(err, &e) || !errors.Is(err, ErrOutcomeUnknown) || errors.Is(err, ErrNotExecuted) {
		t.Fatalf("%T %v, not unknown", err, err)
	}
	if e.Key == "" || e.LastAttempt == nil {
		t.Fatalf("%+v", e)
	}
	return e
}

func wantRejected(t testing.TB, err error, reason Reason) *RejectedError {
	t.Helper()
	var e *RejectedError
	if !errors.As(err, &e) || e.Reason != reason || !errors.Is(err, reason) || !errors.Is(err, ErrRejected) ||
		errors.Is(err, ErrNotExecuted) {
		t.Fatalf("%T %v, not rejected with %s", err, err, reason)
	}
	return e
}

func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

package walletd

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

// What becomes of a call: each row of the contract, by scripts.

// drops takes a request and closes without an answer.
func drops(p *wrptest.Peer) {
	p.Hello(nil)
	p.Request()
}

func ends(p *wrptest.Peer) {
	p.Hello(nil)
	p.Ends()
}

func answersWith(response proto.Message) wrptest.Script {
	return func(p *wrptest.Peer) {
		p.Hello(nil)
		p.OK(p.Request(), response)
		p.Ends()
	}
}

// refusesAll answers each request with the same refusal.
func refusesAll(reason pb.ErrorReason, status uint16) wrptest.Script {
	return func(p *wrptest.Peer) {
		p.Hello(nil)
		for {
			p.Fail(p.Request(), reason, status)
		}
	}
}

func TestALostAnswerIsAskedForAgainWithTheSameKey(t *testing.T) {
	var mu sync.Mutex
	var keys []string
	note := func(p *wrptest.Peer) frame.Frame {
		f, debit := p.Debit()
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, debit.IdempotencyKey)
		return f
	}
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		note(p)
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		note(p)
		p.Reset()
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		replayed := mutation(900)
		replayed.Replayed = true
		p.Send(frame.Frame{Type: frame.Response, Flags: frame.Replayed, RequestID: note(p).RequestID}, replayed)
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	result := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: test, Amount: 100, Reason: "test"}))
	_ = client.Close()
	if !result.Replayed || result.Balance != 900 || len(keys) != 3 || result.Key == "" {
		t.Error(result, keys)
	}
	for _, key := range keys {
		if key != result.Key {
			t.Errorf("%s was sent, %s is on the result", key, result.Key)
		}
	}
	if client.unresolved.has(result.Key) {
		t.Error("a replay resolves the key")
	}
}

func TestALostAnswerEachTime(t *testing.T) {
	fake := wrptest.NewFake(t, nil, drops, drops, drops, drops, drops, drops, drops, drops)
	client := connect(t, fake.Address, Options{Retry: eager})
	_, err := debit(ctx, client)
	if e := wantUnknown(t, err); e.Key != key || !errors.Is(e.LastAttempt, ErrDisconnected) {
		t.Error(e)
	}
	if fake.Connections() != 4 {
		t.Errorf("%d attempts", fake.Connections())
	}
	_, err = client.GetBalance(ctx, test)
	wantKind(t, err, KindDisconnected)
	if fake.Connections() != 8 {
		t.Errorf("%d attempts", fake.Connections())
	}
}

func TestNotExecutedAfterUnknownDoesNotCallTheMoneyUnmoved(t *testing.T) {
	for _, one := range []struct {
		reason pb.ErrorReason
		status uint16
	}{
		{pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14}, {pb.ErrorReason_ERROR_REASON_RESOURCE_EXHAUSTED, 8},
		{pb.ErrorReason_ERROR_REASON_DEADLINE_EXCEEDED, 4}, {pb.ErrorReason_ERROR_REASON_CANCELLED, 1},
		{pb.ErrorReason_ERROR_REASON_VERSION_CONFLICT, 10}, {pb.ErrorReason_ERROR_REASON_INVALID_ARGUMENT, 3},
		{pb.ErrorReason_ERROR_REASON_UNAUTHENTICATED, 16}, {pb.ErrorReason_ERROR_REASON_IDEMPOTENCY_MISMATCH, 6},
		{pb.ErrorReason_ERROR_REASON_INTERNAL, 13}, {pb.ErrorReason_ERROR_REASON_PERMISSION_DENIED, 7},
	} {
		t.Run(one.reason.String(), func(t *testing.T) {
			client := connect(t, wrptest.NewFake(t, nil, drops, refusesAll(one.reason, one.status)).Address,
				Options{Retry: eager})
			_, err := debit(ctx, client)
			wantUnknown(t, err)
			_, err = debit(ctx, client) // the client remembers it beyond the call
			wantUnknown(t, err)
			_, err = client.Debit(ctx, Debit{Wallet: test, Amount: 100, Reason: "test", With: With{Key: "another-key"}})
			if errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("of another key: %v", err)
			}
			_ = client.Close()
		})
	}
}

func TestWhatResolvesAnUnknownKey(t *testing.T) {
	insufficient := func(flags uint8) func(p *wrptest.Peer, f frame.Frame) {
		return func(p *wrptest.Peer, f frame.Frame) {
			p.Refuse(frame.Frame{RequestID: f.RequestID, Code: 9, Flags: flags}, &pb.Error{
				Reason: pb.ErrorReason_ERROR_REASON_INSUFFICIENT_FUNDS, CommitSeq: 12, Message: "too little",
				Detail: &pb.Error_InsufficientFunds{InsufficientFunds: &pb.InsufficientFunds{Requested: 100,
					Available: 40, Balance: 40, Shortfall: 60, Version: 3}}})
		}
	}
	for name, one := range map[string]struct {
		answer func(p *wrptest.Peer, f frame.Frame)
		known  bool
	}{
		"ok":                          {func(p *wrptest.Peer, f frame.Frame) { p.OK(f, mutation(5)) }, true},
		"a remembered refusal":        {insufficient(frame.NotExecuted), true},
		"a remembered refusal, again": {insufficient(frame.NotExecuted | frame.Replayed), true},
		"one that is not sure":        {insufficient(0), false},
		"an aborted batch without a cause": {func(p *wrptest.Peer, f frame.Frame) {
			p.Fail(f, pb.ErrorReason_ERROR_REASON_BATCH_ABORTED, 10)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, wrptest.NewFake(t, nil, drops, func(p *wrptest.Peer) {
				p.Hello(nil)
				one.answer(p, p.Request())
				p.Ends()
			}).Address, Options{Retry: eager})
			_, err := debit(ctx, client)
			unknown := errors.Is(err, ErrOutcomeUnknown)
			if unknown == one.known {
				t.Errorf("it is %v", err)
			}
			if client.unresolved.has(key) != unknown {
				t.Error("the memory says otherwise")
			}
			_ = client.Close()
		})
	}
}

func TestRejected(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Refuse(frame.Frame{RequestID: p.Request().RequestID, Code: 9, Flags: frame.NotExecuted | frame.Replayed},
			&pb.Error{Reason: pb.ErrorReason_ERROR_REASON_INSUFFICIENT_FUNDS, CommitSeq: 12, Message: "too little",
				Detail: &pb.Error_InsufficientFunds{InsufficientFunds: &pb.InsufficientFunds{Shortfall: 60}}})
		p.Ends() // it is not tried again
	}).Address, Options{})
	_, err := debit(ctx, client)
	e := wantRejected(t, err, ReasonInsufficientFunds)
	detail, ok := e.Detail.(*InsufficientFunds)
	if !ok || detail.Shortfall != 60 || e.Status != 9 || !e.Replayed || e.CommitSeq != 12 || e.Key != key ||
		e.Index != -1 || e.Cause != nil || e.Message != "too little" {
		t.Errorf("%+v", e)
	}
	var base Error
	if !errors.As(err, &base) || base.IdempotencyKey() != key {
		t.Error("it is no Error")
	}
	_ = client.Close()
}

func TestAnAnswerThatIsNotSureLeavesTheOutcomeUnknown(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Refuse(frame.Frame{RequestID: p.Request().RequestID, Code: 13},
			&pb.Error{Reason: pb.ErrorReason_ERROR_REASON_INTERNAL})
		p.Refuse(frame.Frame{RequestID: p.Request().RequestID, Code: 13}, &pb.Error{
			Reason: pb.ErrorReason_ERROR_REASON_INTERNAL, Detail: &pb.Error_Internal{Internal: &pb.Internal{Id: "log-7"}}})
		p.Ends() // INTERNAL is not tried again
	}).Address, Options{})
	_, err := debit(ctx, client)
	wantUnknown(t, err)
	_, err = client.GetBalance(ctx, test)
	if e := wantKind(t, err, KindServer); e.Reason != ReasonInternal || e.Detail.(*Internal).ID != "log-7" {
		t.Error(e)
	}
	_ = client.Close()
}

func TestRetryOfUnknown(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil, refusesAll(pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14)).Address,
		Options{Retry: once})
	again := Debit{Wallet: test, Amount: 100, Reason: "test", With: With{Key: key, RetryOfUnknown: true}}
	_, err := client.Debit(ctx, again)
	wantUnknown(t, err)
	again.Key, again.RetryOfUnknown = "another-key", false
	_, err = client.Debit(ctx, again)
	if e := wantKind(t, err, KindServer); e.Reason != ReasonUnavailable || !errors.Is(err, ReasonUnavailable) {
		t.Error(e)
	}
	again.DryRun, again.RetryOfUnknown = true, true
	_, err = client.Debit(ctx, again)
	if e := wantKind(t, err, KindServer); e.Key != "another-key" {
		t.Error(e)
	}
	_ = client.Close()
}

func TestUnavailableIsTriedAgainUpToAttemptsMax(t *testing.T) {
	var mu sync.Mutex
	requests := 0
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		for {
			f := p.Request()
			mu.Lock()
			requests++
			mu.Unlock()
			p.Fail(f, pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14)
		}
	})
	client := connect(t, fake.Address, Options{Retry: RetryPolicy{Backoff: time.Millisecond}})
	_, err := debit(ctx, client)
	wantKind(t, err, KindServer)
	// Of the budget of ten and a tenth five are spent; the next call has five, the one behind it none.
	for _, total := range []int{6, 12, 13} {
		mu.Lock()
		if requests != total {
			t.Errorf("%d requests, not %d", requests, total)
		}
		mu.Unlock()
		_, err = debit(ctx, client)
		wantKind(t, err, KindServer)
	}
	_ = client.Close()
}

func TestRetryAfterIsHonoured(t *testing.T) {
	const asked = 300 * time.Millisecond
	times := make(chan time.Time, 2)
	client := connect(t, wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		times <- time.Now()
		p.Refuse(frame.Frame{RequestID: f.RequestID, Code: 8, Flags: frame.NotExecuted,
			Millis: uint32(asked.Milliseconds())}, &pb.Error{Reason: pb.ErrorReason_ERROR_REASON_RESOURCE_EXHAUSTED})
		f = p.Request()
		times <- time.Now()
		p.OK(f, mutation(1))
		p.Ends()
	}).Address, Options{Retry: eager})
	must[*MutationResult](t)(debit(ctx, client))
	if waited := -time.Until(<-times) + time.Until(<-times); waited < asked {
		t.Errorf("it waited %s", waited)
	}
	_ = client.Close()
}

func TestARetryAfterBeyondTheDeadlineIsNotWaitedFor(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Refuse(frame.Frame{RequestID: p.Request().RequestID, Code: 14, Flags: frame.NotExecuted},
			&pb.Error{Reason: pb.ErrorReason_ERROR_REASON_UNAVAILABLE,
				Detail: &pb.Error_RetryAfter{RetryAfter: &pb.RetryAfter{RetryAfterMillis: 60_000}}})
		p.Ends()
	}).Address, Options{Timeout: 30 * time.Second})
	started := time.Now()
	_, err := debit(ctx, client)
	if e := wantKind(t, err, KindServer); e.RetryAfter != time.Minute {
		t.Error(e)
	}
	within(t, started, 20*time.Second)
	_ = client.Close()
}

func TestASilentServer(t *testing.T) {
	read, mutated := newExpiring(), newExpiring()
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		for _, deadline := range []*expiring{read, mutated} {
			f := p.Request()
			if f.Millis < 1000 || f.Millis > 54_000 {
				t.Errorf("the frame says %d ms, of a minute", f.Millis)
			}
			deadline.expire()
			if cancel := p.Read(); cancel.Type != frame.Cancel || cancel.RequestID != f.RequestID {
				t.Errorf("%+v where a CANCEL should be", cancel)
			}
			p.Send(frame.Frame{Type: frame.Pong, Payload: make([]byte, 8)}, nil) // a sign of life
		}
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	_, err := client.GetBalance(read, test)
	if e := wantKind(t, err, KindDeadlineExceeded); e.Key != "" {
		t.Error(e)
	}
	_, err = debit(mutated, client)
	if e := wantUnknown(t, err); e.Key != key || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(e)
	}
	_ = client.Close()
}

func TestALateReplyIsDropped(t *testing.T) {
	deadline := newExpiring()
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		first := p.Request()
		deadline.expire()
		p.Read() // CANCEL
		second := p.Request()
		if second.RequestID == first.RequestID {
			t.Error("an id was used again while it is in flight")
		}
		p.OK(first, mutation(1))
		p.OK(frame.Frame{RequestID: 4_000_000_000}, mutation(7)) // a call that never was
		p.OK(second, mutation(2))
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	_, err := debit(deadline, client)
	wantUnknown(t, err)
	if result := must[*MutationResult](t)(debit(ctx, client)); result.Balance != 2 || fake.Connections() != 1 {
		t.Error(result, fake.Connections())
	}
	_ = client.Close()
}

func TestADeadConnectionIsLeft(t *testing.T) {
	first, second := newExpiring(), newExpiring()
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Request()
		first.expire()
		p.Read() // CANCEL
		p.Request()
		second.expire()
		p.Ends()
	}, answersWith(&pb.PingResponse{CommitSeq: 1}))
	client := connect(t, fake.Address, Options{})
	for _, deadline := range []*expiring{first, second} {
		_, err := client.Ping(deadline)
		wantKind(t, err, KindDeadlineExceeded)
	}
	must[*Pong](t)(client.Ping(ctx))
	_ = client.Close()
}

func TestCanceling(t *testing.T) {
	asked := make(chan struct{}, 2)
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		for i := 0; i < 2; i++ {
			f := p.Request()
			asked <- struct{}{}
			if cancel := p.Read(); cancel.Type != frame.Cancel || cancel.RequestID != f.RequestID {
				t.Errorf("%+v where a CANCEL should be", cancel)
			}
		}
		p.Fail(p.Request(), pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14)
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: once})
	for _, act := range []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.GetBalance(ctx, test); return err },
		func(ctx context.Context) error { _, err := debit(ctx, client); return err },
	} {
		ctx, cancel := context.WithCancel(ctx)
		go func() {
			<-asked
			cancel()
		}()
		err := act(ctx)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrCanceled) {
			t.Error(err)
		}
		var unknown *OutcomeUnknownError
		if errors.As(err, &unknown) {
			if unknown.Key != key {
				t.Error(unknown)
			}
		} else {
			wantKind(t, err, KindCanceled)
		}
	}
	_, err := debit(ctx, client) // the canceled attempt is remembered
	wantUnknown(t, err)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = client.Debit(gone, Debit{Wallet: test, Amount: 1, Reason: "test"})
	if e := wantKind(t, err, KindCanceled); e.Key == "" {
		t.Error(e)
	}
	_ = client.Close()
}

func TestAPeerThatReadsNothing(t *testing.T) {
	deadline, release := newExpiring(), make(chan struct{})
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Request()
		time.Sleep(300 * time.Millisecond) // the buffers fill up
		deadline.expire()
		<-release
	})
	client := connect(t, fake.Address, Options{})
	note := string(make([]byte, 60_000))
	const calls = 200 // more than the buffers take
	errs := make(chan error, calls)
	for i := 0; i < calls; i++ {
		go func() {
			_, err := client.Debit(deadline, Debit{Wallet: test, Amount: 1, Reason: "test", With: With{Note: note}})
			errs <- err
		}()
	}
	unknown, sure := 0, 0
	for i := 0; i < calls; i++ {
		switch err := <-errs; {
		case errors.Is(err, ErrOutcomeUnknown):
			unknown++
		case errors.Is(err, ErrNotExecuted):
			sure++ // it never left, so it is certain not to have happened
		default:
			t.Error(err)
		}
	}
	if unknown == 0 || sure == 0 {
		t.Errorf("%d unknown, %d sure", unknown, sure)
	}
	_ = client.Close()
	close(release)
}

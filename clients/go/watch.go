package walletd

import (
	"context"
	"errors"
	"sync"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// WatchTransactions asks for every transaction behind a place of the journal and then each new one. It begins behind
// ResumeToken, behind After, with the first row (FromBeginning), or else with what comes from now on.
type WatchTransactions struct {
	// ResumeToken of an event: the watch goes on behind it.
	ResumeToken string
	// After is a transaction's id or a CommitSeq.
	After         int64
	FromBeginning bool
	// WalletIDs are at most 1,000; none: all.
	WalletIDs []int64
	// Kinds; none: all.
	Kinds []TransactionKind
	// Patience is how long the server may be away before the watch ends; 0: as long as it likes.
	Patience time.Duration
}

// WatchEvent is one transaction, as it was committed, or nothing but a new token.
type WatchEvent struct {
	// Transaction is nil where there is nothing but a new token, while no row passes the filter.
	Transaction *Transaction
	// BalanceBefore and HeldBefore are the wallet's figures before it, in minor units.
	BalanceBefore int64
	HeldBefore    int64
	Currency      string
	Exponent      int
	// ResumeToken goes on behind this event. Who keeps it together with what he made of the event misses none and takes
	// none twice.
	ResumeToken string
	// CommitSeq is that of the row; of a mere token the place up to which the server has looked.
	CommitSeq int64
}

// Watch is a watch under way:
//
//	watch := client.WatchTransactions(ctx, walletd.WatchTransactions{ResumeToken: token})
//	defer watch.Close()
//	for watch.Next() {
//		use(watch.Event())
//	}
//	return watch.Err()
//
// It goes on by itself, from the last event that was read, after a lost connection, a server that leaves, and a reader
// that has fallen behind by more than 1 MiB. Next, Event and Err are for one goroutine; Close is for any.
type Watch struct {
	client  *Client
	ctx     context.Context
	cancel  context.CancelFunc
	request *pb.WatchTransactionsRequest
	place   resumption

	event WatchEvent
	err   error
	over  bool

	mu     sync.Mutex
	stream *stream // Close reads it
	closed bool
}

// WatchTransactions begins a watch: each transaction exactly once, in the order of their ids. Nothing is sent before the
// first Next. It ends with ctx, at Close, or with an error: *RejectedError for what the server refuses
// (ReasonResumeInvalid: the place isn't in this ledger), *NotExecutedError when it can't begin within Options.Timeout or
// the server is away for more than Patience.
func (c *Client) WatchTransactions(ctx context.Context, w WatchTransactions) *Watch {
	ctx, cancel := context.WithCancel(ctx)
	watch := &Watch{client: c, ctx: ctx, cancel: cancel,
		request: &pb.WatchTransactionsRequest{WalletIds: w.WalletIDs},
		place:   resumption{patience: w.Patience, policy: c.settings.Retry}}
	for _, kind := range w.Kinds {
		watch.request.Kinds = append(watch.request.Kinds, pb.TransactionKind(kind))
	}
	given := 0
	watch.request.Start = &pb.WatchTransactionsRequest_FromNow{FromNow: true}
	if w.ResumeToken != "" {
		given++
		watch.request.Start = &pb.WatchTransactionsRequest_ResumeToken{ResumeToken: w.ResumeToken}
		watch.place.token = w.ResumeToken
	}
	if w.After != 0 || w.FromBeginning {
		given++
		watch.request.Start = &pb.WatchTransactionsRequest_AfterSeq{AfterSeq: w.After}
	}
	if given > 1 || w.After != 0 && w.FromBeginning {
		watch.over, watch.err = true, invalid("a watch begins at one place")
	}
	return watch
}

// Next waits for the next event. False at the end: see Err.
func (w *Watch) Next() bool {
	for !w.over {
		err := w.advance()
		if err == nil {
			return true
		}
		w.use(nil)
		var wait time.Duration
		if w.ctx.Err() != nil {
			err = streamGaveUp(w.ctx.Err())
		} else if wait, err = w.place.ended(err, time.Now()); err == nil {
			err = w.pause(wait)
		}
		if err != nil {
			w.finish(err)
		}
	}
	return false
}

// advance reads an event that the reader doesn't have, from a new stream if there is none.
func (w *Watch) advance() error {
	for {
		if w.stream == nil {
			stream, err := w.client.openStream(w.ctx, pb.Method_METHOD_WATCH_TRANSACTIONS, w.request)
			if err != nil {
				return err
			}
			w.use(stream)
		}
		var event pb.WatchEvent
		more, err := w.stream.next(&event)
		if err != nil {
			return err
		}
		if !more {
			return notExecuted(KindProtocol, "a watch has no end of its own", nil)
		}
		w.request.Start = &pb.WatchTransactionsRequest_ResumeToken{ResumeToken: event.ResumeToken}
		if w.place.told(&event) {
			w.event = watchEventOf(&event)
			return nil
		}
	}
}

func (w *Watch) pause(wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-w.ctx.Done():
		return streamGaveUp(w.ctx.Err())
	case <-w.client.done:
		return withKey(clientClosed, "")
	}
}

func (w *Watch) finish(err error) {
	w.over = true
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.err = err
	}
	w.cancel()
}

// use makes Close end this stream.
func (w *Watch) use(s *stream) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stream = s
	if w.closed && s != nil {
		s.close()
	}
}

// Event is what Next has moved to.
func (w *Watch) Event() WatchEvent { return w.event }

// Err is why Next was false; nil after Close.
func (w *Watch) Err() error { return w.err }

// Close ends the watch, at the server too. A Next under way, or the next one, is false.
func (w *Watch) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.cancel()
	if w.stream != nil {
		w.stream.close()
	}
	return nil
}

func watchEventOf(e *pb.WatchEvent) WatchEvent {
	event := WatchEvent{BalanceBefore: e.BalanceBefore, HeldBefore: e.HeldBefore, Currency: e.Currency,
		Exponent: int(e.Exponent), ResumeToken: e.ResumeToken, CommitSeq: e.CommitSeq}
	if e.Transaction != nil {
		transaction := transactionOf(e.Transaction)
		event.Transaction = &transaction
	}
	return event
}

// resumption judges whether a watch goes on. No sockets and no sleeping.
type resumption struct {
	patience  time.Duration
	policy    RetryPolicy
	token     string // of the last event
	stood     bool   // the server has taken it in
	failures  int
	lostSince time.Time
}

// told takes an event. False for a token that the reader has already.
func (r *resumption) told(event *pb.WatchEvent) bool {
	known := r.token == event.ResumeToken
	r.token, r.stood, r.lostSince = event.ResumeToken, true, time.Time{}
	if event.Transaction != nil {
		// A server that takes every watch in and sends it away at once isn't asked without a pause.
		r.failures = 0
	}
	return event.Transaction != nil || !known
}

// ended takes the end of a stream: how long to wait before the next one, or the error that ends the watch.
func (r *resumption) ended(err error, now time.Time) (time.Duration, error) {
	if err == readerTooSlow {
		return 0, nil
	}
	if r.lostSince.IsZero() {
		r.lostSince = now
	}
	if !r.stood || !passes(err) || r.patience > 0 && now.Sub(r.lostSince) > r.patience {
		return 0, err
	}
	r.failures++
	var retryAfter time.Duration
	var refused *NotExecutedError
	if errors.As(err, &refused) {
		retryAfter = refused.RetryAfter
	}
	return r.policy.wait(r.failures, retryAfter), nil
}

// passes says whether another try has hope.
func passes(err error) bool {
	var e *NotExecutedError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Kind {
	case KindDisconnected, KindDeadlineExceeded:
		return true
	case KindServer:
		return e.Reason.retried() || e.Reason == ReasonCancelled
	}
	return false
}

package walletd

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// request is one call of a verb, before it meets a connection.
type request struct {
	method  pb.Method
	message proto.Message
	key     string // "" for reads
	// mutates: an attempt may have an effect. A dry run has a key and changes nothing.
	mutates        bool
	retryOfUnknown bool
	// itemKeys are those of the items of a batch that has none for all; key is then the one they were made from.
	itemKeys []string
	// settle, when an OK settles some keys only, reads the response: it is told which keys have an unknown attempt, and
	// says which of them are settled.
	settle func(isUnknown func(key string) bool) (settled []string, err error)
}

// outcome is what became of one attempt: an answer, or a failure without one.
type outcome struct {
	answer frame.Frame
	failed Error // nil: there is an answer
	sent   bool  // any byte of the request may have left; if not, nothing can have happened
	retry  bool  // another attempt has hope
	moved  bool  // the connection could not take it and another one may: the retry costs nobody anything
}

// attempts are those of one call. This is where a key's outcome is judged: once an attempt has ended unknown, only OK,
// a replay or a remembered refusal resolves it.
type attempts struct {
	request    *request
	response   proto.Message
	deadline   time.Time
	policy     RetryPolicy
	budget     *retryBudget
	unresolved *unresolvedKeys
	count      int
	unknown    bool // an attempt of this very call ended unknown
}

// settled takes what became of an attempt. Without an error the response is read, or wait says how long to wait for the
// next attempt.
func (a *attempts) settled(o outcome) (wait time.Duration, again bool, err error) {
	a.count++
	if o.failed != nil {
		return a.failed(o.failed, !o.sent, o.retry, o.moved)
	}
	if o.answer.Code == 0 {
		return 0, false, a.read(o.answer)
	}
	reason, refusal := refusalOf(o.answer)
	resolved := resolves(refusal, o.answer.Flags)
	if resolved && a.request.mutates {
		a.resolve(a.request.key)
	}
	broken, _ := refusal.(*NotExecutedError)
	sure := resolved || o.answer.Flags&frame.NotExecuted != 0 && !(broken != nil && broken.Kind == KindProtocol)
	return a.failed(refusal, sure, reason.retried(), false)
}

// gaveUp is the error when the context ended first; sent: while the request was under way.
func (a *attempts) gaveUp(cause error, sent bool) error {
	kind, text := KindDeadlineExceeded, "the deadline passed before the request could be sent"
	if sent {
		text = "the deadline passed before an answer came"
	}
	if cause == context.Canceled {
		kind, text = KindCanceled, "the call was canceled"
	}
	return a.final(&NotExecutedError{Kind: kind, Message: text, Cause: cause}, !sent)
}

func (a *attempts) closed() error { return a.final(clientClosed, true) }

// read takes an OK.
func (a *attempts) read(f frame.Frame) error {
	if f.Flags&frame.NotExecuted != 0 {
		return a.final(notExecuted(KindProtocol, "the peer answered OK and NOT_EXECUTED at once", nil), false)
	}
	if err := proto.Unmarshal(f.Payload, a.response); err != nil {
		return a.final(notExecuted(KindProtocol, "the answer does not parse", err), false)
	}
	if a.request.settle == nil {
		if a.request.mutates {
			a.resolve(a.request.key)
		}
		return nil
	}
	keys, err := a.request.settle(a.isUnknown)
	if err != nil {
		return a.final(notExecuted(KindProtocol, "the answer is not to this request", err), false)
	}
	for _, key := range keys {
		a.unresolved.remove(key)
	}
	return nil
}

// failed decides whether there is another attempt. sure: this one had no effect and never will.
func (a *attempts) failed(e Error, sure, retry, moved bool) (time.Duration, bool, error) {
	final := a.final(e, sure)
	if !retry || a.count >= a.policy.AttemptsMax {
		return 0, false, final
	}
	var retryAfter time.Duration
	if refused, ok := e.(*NotExecutedError); ok {
		retryAfter = refused.RetryAfter
	}
	wait := a.policy.wait(a.count, retryAfter)
	if wait >= time.Until(a.deadline) || !moved && !a.budget.spend() {
		return 0, false, final
	}
	return wait, true, nil
}

// final is the error of the call if this attempt is its last one.
func (a *attempts) final(e Error, sure bool) error {
	r := a.request
	if r.mutates {
		if !sure {
			a.noteUnknown()
		}
		if a.unknownOfAny() {
			return &OutcomeUnknownError{Key: r.key, LastAttempt: withKey(e, r.key)}
		}
	}
	return withKey(e, r.key)
}

func (a *attempts) noteUnknown() {
	a.unknown = true
	a.unresolved.add(a.request.key)
	for _, key := range a.request.itemKeys {
		a.unresolved.add(key)
	}
}

func (a *attempts) resolve(key string) {
	a.unknown = false
	a.unresolved.remove(key)
}

func (a *attempts) isUnknown(key string) bool { return a.unknown || a.unresolved.has(key) }

func (a *attempts) unknownOfAny() bool {
	if a.isUnknown(a.request.key) {
		return true
	}
	for _, key := range a.request.itemKeys {
		if a.unresolved.has(key) {
			return true
		}
	}
	return false
}

package walletd

import (
	"context"
	"errors"
	"time"
)

// What an error is, for errors.Is. Each call's error is exactly one of the first three.
var (
	// ErrRejected: the server decided against the request; see RejectedError.
	ErrRejected = errors.New("walletd: rejected")
	// ErrNotExecuted: nothing happened and nothing will; see NotExecutedError.
	ErrNotExecuted = errors.New("walletd: not executed")
	// ErrOutcomeUnknown: nobody can say whether it took place; see OutcomeUnknownError.
	ErrOutcomeUnknown = errors.New("walletd: outcome unknown")

	// ErrDisconnected: no connection could be made, or it ended before an answer.
	ErrDisconnected = errors.New("walletd: disconnected")
	// ErrDeadlineExceeded: the deadline passed. context.DeadlineExceeded matches too.
	ErrDeadlineExceeded = errors.New("walletd: deadline exceeded")
	// ErrProtocol: the other side doesn't speak WRP/1, or not what was asked for.
	ErrProtocol = errors.New("walletd: protocol error")
	// ErrUnauthenticated: the server doesn't accept the client's identity, or the client not the server's.
	ErrUnauthenticated = errors.New("walletd: unauthenticated")
	// ErrCanceled: the caller's context was canceled. context.Canceled matches too.
	ErrCanceled = errors.New("walletd: canceled")
	// ErrClosed: the client was closed. It is an ErrDisconnected, too.
	ErrClosed = errors.New("walletd: client closed")
	// ErrInvalid: refused by the client itself before anything was sent.
	ErrInvalid = errors.New("walletd: invalid call")
)

// Error is the base of all errors of calls: *RejectedError, *NotExecutedError and *OutcomeUnknownError.
type Error interface {
	error
	// IdempotencyKey is the key of the mutation, also when the client made it; "" for reads.
	IdempotencyKey() string
}

// RejectedError says that the server decided against the request; no balance has changed.
//
// A refusal whose Reason is remembered is the answer to its key for ever: a new attempt takes a new key.
// errors.Is(err, reason) is true for the Reason of the error.
type RejectedError struct {
	// Reason is why, such as ReasonInsufficientFunds.
	Reason Reason
	// Message is a sentence for people.
	Message string
	// Detail has the figures: a pointer to one of the detail types, such as *InsufficientFunds; nil if there are none.
	Detail Detail
	// Status is the gRPC status code, 1 to 16; 0 when the connection itself was refused.
	Status int
	// Replayed: a remembered refusal, answered again with its first figures.
	Replayed bool
	// CommitSeq is the refusal's place in the journal when it was recorded, else the last durable place.
	CommitSeq int64
	// Key is the idempotency key of the mutation; "" for reads.
	Key string
	// Index is the item that was refused, from 0, and Cause why: of ReasonBatchAborted only, else -1 and nil.
	Index int
	Cause *RejectedError
}

func (e *RejectedError) Error() string {
	text := "walletd: rejected: " + e.Reason.String()
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// IdempotencyKey is Key.
func (e *RejectedError) IdempotencyKey() string { return e.Key }

// Is makes errors.Is match ErrRejected and the Reason.
func (e *RejectedError) Is(target error) bool {
	return target == ErrRejected || target == e.Reason
}

// Kind says why something was not executed.
type Kind int

const (
	// KindServer: the server could not, for the Reason of the error.
	KindServer Kind = iota
	// KindDisconnected: no connection could be made, or it ended before the answer to a read.
	KindDisconnected
	// KindDeadlineExceeded: the deadline passed, of a read, or of a mutation of which not one byte was written or
	// about which the server is sure.
	KindDeadlineExceeded
	// KindProtocol: the peer sent what is not WRP/1, or not what was asked for.
	KindProtocol
	// KindUnauthenticated: one side does not accept who the other one is.
	KindUnauthenticated
	// KindCanceled: the caller's context was canceled.
	KindCanceled
	// KindClosed: the client was closed.
	KindClosed
	// KindInvalid: refused by the client itself before anything was sent.
	KindInvalid
)

var kindNames = [...]string{"not_executed", "disconnected", "deadline_exceeded", "protocol", "unauthenticated",
	"canceled", "closed", "invalid"}

// String is the kind as text, such as "deadline_exceeded".
func (k Kind) String() string { return kindNames[k] }

var kindErrors = [...]error{nil, ErrDisconnected, ErrDeadlineExceeded, ErrProtocol, ErrUnauthenticated, ErrCanceled,
	ErrClosed, ErrInvalid}

// NotExecutedError says that nothing happened and nothing will. A mutation may be repeated, with the same key or a
// new one.
type NotExecutedError struct {
	Kind Kind
	// Reason is the server's, such as ReasonUnavailable; 0 when no answer came.
	Reason  Reason
	Message string
	// RetryAfter is the wait that the server asked for; 0 when it didn't.
	RetryAfter time.Duration
	// Detail has the figures of the server's answer, such as *Internal; nil if there are none.
	Detail Detail
	// Key is the idempotency key of the mutation; "" for reads.
	Key string
	// Cause is the error below, of the network or the context perhaps, if there is one.
	Cause error
}

func (e *NotExecutedError) Error() string {
	text := "walletd: not executed: "
	if e.Reason != 0 {
		text += e.Reason.String() + ": "
	}
	return text + e.Message
}

// IdempotencyKey is Key.
func (e *NotExecutedError) IdempotencyKey() string { return e.Key }

// Unwrap gives the cause.
func (e *NotExecutedError) Unwrap() error { return e.Cause }

// Is makes errors.Is match ErrNotExecuted, the error of the Kind, the Reason, and the context's errors.
func (e *NotExecutedError) Is(target error) bool {
	switch target {
	case ErrNotExecuted:
		return true
	case ErrDisconnected:
		return e.Kind == KindDisconnected || e.Kind == KindClosed
	case context.DeadlineExceeded:
		return e.Kind == KindDeadlineExceeded
	case context.Canceled:
		return e.Kind == KindCanceled
	}
	if reason, ok := target.(Reason); ok {
		return e.Reason == reason
	}
	return e.Kind != KindServer && target == kindErrors[e.Kind]
}

// OutcomeUnknownError says that a mutation was sent and no answer is sure: it may have taken place, or may yet.
//
// Repeat the call with Key and otherwise the same arguments until it returns or is rejected: the server executes a key
// at most once.
type OutcomeUnknownError struct {
	// Key is the idempotency key of the mutation.
	Key string
	// LastAttempt is what became of the last attempt. It is no part of the chain of errors: what it says of this
	// attempt, not executed perhaps, is not true of the mutation.
	LastAttempt error
}

func (e *OutcomeUnknownError) Error() string {
	text := "walletd: outcome unknown of key " + e.Key
	if e.LastAttempt != nil {
		text += ": " + e.LastAttempt.Error()
	}
	return text
}

// IdempotencyKey is Key.
func (e *OutcomeUnknownError) IdempotencyKey() string { return e.Key }

// Is makes errors.Is match ErrOutcomeUnknown, and the context's error when that ended the call.
func (e *OutcomeUnknownError) Is(target error) bool {
	switch target {
	case ErrOutcomeUnknown:
		return true
	case context.Canceled, context.DeadlineExceeded, ErrCanceled, ErrDeadlineExceeded:
		last, ok := e.LastAttempt.(*NotExecutedError)
		return ok && last.Reason == 0 && last.Is(target)
	}
	return false
}

func notExecuted(kind Kind, message string, cause error) *NotExecutedError {
	if cause != nil {
		message += ": " + cause.Error()
	}
	return &NotExecutedError{Kind: kind, Message: message, Cause: cause}
}

func invalid(message string) *NotExecutedError { return notExecuted(KindInvalid, message, nil) }

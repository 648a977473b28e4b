// Package walletd is the client of walletd, the wallet and ledger server.
//
// A Client is for any number of goroutines. It has one connection, made by the first call, on which many calls are in
// flight at the same time. Each call takes a context and has a deadline: the context's, else that of Options, which
// covers connecting and all attempts.
//
// Amounts are int64 minor units of the wallet's currency: its exponent is the count of digits after the point. The
// package money turns decimal text into minor units and back. Times are time.Time in UTC, of microseconds; the zero time
// is one that isn't given. A CommitSeq is a place in the journal: of the mutation itself, or the last durable one, which
// a read reflects.
//
// Each call's error is one of three: a *RejectedError (the server decided against it), a *NotExecutedError (nothing
// happened and nothing will) or an *OutcomeUnknownError (a mutation was sent and nobody can say whether it took place:
// the same call with its key is safe). errors.As, and errors.Is with a Reason or with one of the Err variables, tell
// them apart.
//
// Lost connections, a server that leaves, and answers that say so are tried again by the client itself, mutations with
// the same idempotency key, which the server executes at most once.
package walletd

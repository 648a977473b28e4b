package walletd

import (
	"context"
	"math"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// ListWallets asks for the wallets of an owner, by rising id.
type ListWallets struct {
	OwnerID  string
	PageSize int    // 0: 50; at most 1,000
	Cursor   string // of the page before
}

// WalletPage is a page of wallets.
type WalletPage struct {
	Wallets    []Wallet
	NextCursor string // "": that was all
	CommitSeq  int64
}

// TransactionFilter is what rows must have; what is left out excludes nothing.
type TransactionFilter struct {
	From      time.Time         // stored at or after it
	Before    time.Time         // stored before it
	Kinds     []TransactionKind // one of them
	Reason    string
	Actor     string
	Reference string
	MinAmount int64 // of the change of the balance without its sign, or of what a hold reserves; minor units
	MaxAmount int64 // 0: no bound
}

// ListTransactions asks for the transactions of a wallet.
type ListTransactions struct {
	Wallet      WalletRef
	Filter      TransactionFilter
	OldestFirst bool
	PageSize    int    // 0: 50; at most 1,000 rows and 512 KiB
	Cursor      string // of the page before, with the same wallet, order and filter
}

// TransactionPage is a page of transactions.
type TransactionPage struct {
	Transactions []Transaction
	NextCursor   string // "": that was all
	Currency     string
	Exponent     int
	CommitSeq    int64
}

// ListRefusals asks for refusals; what is left out excludes nothing.
type ListRefusals struct {
	Wallet      WalletRef // those that its address led to
	From        time.Time // stored at or after it
	Before      time.Time // stored before it
	Reasons     []Reason  // one of them
	Actor       string
	OwnerID     string // as the requests named it
	OldestFirst bool
	PageSize    int    // 0: 50; at most 1,000 rows and 512 KiB
	Cursor      string // of the page before, with the same order and filter
}

// RefusalPage is a page of refusals.
type RefusalPage struct {
	Refusals   []Refusal
	NextCursor string // "": that was all
	CommitSeq  int64
}

// ListWallets gives one page of an owner's wallets. AllWallets goes through all pages.
func (c *Client) ListWallets(ctx context.Context, l ListWallets) (*WalletPage, error) {
	size, err := count(l.PageSize, "PageSize")
	if err != nil {
		return nil, err
	}
	response := new(pb.ListWalletsResponse)
	r := &request{method: pb.Method_METHOD_LIST_WALLETS,
		message: &pb.ListWalletsRequest{OwnerId: l.OwnerID, PageSize: size, Cursor: l.Cursor}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	wallets := each(response.Wallets, func(w *pb.Wallet) Wallet { return walletOf(w, response.CommitSeq) })
	return &WalletPage{wallets, response.NextCursor, response.CommitSeq}, nil
}

// ListTransactions gives one page of a wallet's transactions. With a filter a page looks at 10,000 rows at most: it may
// be short, or empty, and still have a NextCursor. AllTransactions goes through all pages.
func (c *Client) ListTransactions(ctx context.Context, l ListTransactions) (*TransactionPage, error) {
	size, err := count(l.PageSize, "PageSize")
	if err != nil {
		return nil, err
	}
	response := new(pb.ListTransactionsResponse)
	r := &request{method: pb.Method_METHOD_LIST_TRANSACTIONS, message: &pb.ListTransactionsRequest{
		Wallet: l.Wallet.message(), Filter: l.Filter.message(), OldestFirst: l.OldestFirst, PageSize: size,
		Cursor: l.Cursor}}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return &TransactionPage{each(response.Transactions, transactionOf), response.NextCursor, response.Currency,
		int(response.Exponent), response.CommitSeq}, nil
}

// ListRefusals gives one page of refusals. A page looks at 10,000 rows at most: it may be short, or empty, and still
// have a NextCursor. AllRefusals goes through all pages.
func (c *Client) ListRefusals(ctx context.Context, l ListRefusals) (*RefusalPage, error) {
	size, err := count(l.PageSize, "PageSize")
	if err != nil {
		return nil, err
	}
	message := &pb.ListRefusalsRequest{Wallet: l.Wallet.message(), PageSize: size, Cursor: l.Cursor,
		OldestFirst: l.OldestFirst, FromMicros: microsOf(l.From), BeforeMicros: microsOf(l.Before), Actor: l.Actor,
		OwnerId: l.OwnerID}
	for _, reason := range l.Reasons {
		message.Reasons = append(message.Reasons, pb.ErrorReason(reason))
	}
	response := new(pb.ListRefusalsResponse)
	if err := c.call(ctx, &request{method: pb.Method_METHOD_LIST_REFUSALS, message: message}, response); err != nil {
		return nil, err
	}
	return &RefusalPage{each(response.Refusals, refusalRowOf), response.NextCursor, response.CommitSeq}, nil
}

func (f TransactionFilter) message() *pb.TransactionFilter {
	message := &pb.TransactionFilter{FromMicros: microsOf(f.From), BeforeMicros: microsOf(f.Before), Reason: f.Reason,
		Actor: f.Actor, Reference: f.Reference, MinAmount: f.MinAmount, MaxAmount: f.MaxAmount}
	for _, kind := range f.Kinds {
		message.Kinds = append(message.Kinds, pb.TransactionKind(kind))
	}
	return message
}

func count(given int, name string) (uint32, error) {
	if given < 0 || given > math.MaxInt32 {
		return 0, invalid(name + " is out of range")
	}
	return uint32(given), nil
}

// Iterator goes through a list, page by page:
//
//	rows := client.AllTransactions(ctx, walletd.ListTransactions{Wallet: wallet})
//	for rows.Next() {
//		use(rows.Value())
//	}
//	if err := rows.Err(); err != nil {
//
// It is for one goroutine and holds nothing that has to be closed. Each page is a call with a deadline of its own, unless
// the context has one, which is that of all of it.
type Iterator[T any] struct {
	fetch func(cursor string) (values []T, next string, err error)
	page  []T
	at    int // of the next value in the page
	next  string
	last  bool // there is no page behind this one
	err   error
}

// Next moves on. False at the end, or at an error: see Err.
func (i *Iterator[T]) Next() bool {
	for i.at >= len(i.page) {
		if i.last {
			i.page, i.at = nil, 0
			return false
		}
		i.page, i.next, i.err = i.fetch(i.next)
		i.at = 0
		i.last = i.err != nil || i.next == ""
	}
	i.at++
	return true
}

// Value is where Next has moved to. It panics unless Next was true.
func (i *Iterator[T]) Value() T { return i.page[i.at-1] }

// Err is why Next was false; nil at the end of the list.
func (i *Iterator[T]) Err() error { return i.err }

// AllWallets goes through all wallets of an owner, from l.Cursor on.
func (c *Client) AllWallets(ctx context.Context, l ListWallets) *Iterator[Wallet] {
	return &Iterator[Wallet]{next: l.Cursor, fetch: func(cursor string) ([]Wallet, string, error) {
		l.Cursor = cursor
		page, err := c.ListWallets(ctx, l)
		if err != nil {
			return nil, "", err
		}
		return page.Wallets, page.NextCursor, nil
	}}
}

// AllTransactions goes through all transactions of a wallet that pass the filter, from l.Cursor on.
func (c *Client) AllTransactions(ctx context.Context, l ListTransactions) *Iterator[Transaction] {
	return &Iterator[Transaction]{next: l.Cursor, fetch: func(cursor string) ([]Transaction, string, error) {
		l.Cursor = cursor
		page, err := c.ListTransactions(ctx, l)
		if err != nil {
			return nil, "", err
		}
		return page.Transactions, page.NextCursor, nil
	}}
}

// AllRefusals goes through all refusals that pass the filter, from l.Cursor on.
func (c *Client) AllRefusals(ctx context.Context, l ListRefusals) *Iterator[Refusal] {
	return &Iterator[Refusal]{next: l.Cursor, fetch: func(cursor string) ([]Refusal, string, error) {
		l.Cursor = cursor
		page, err := c.ListRefusals(ctx, l)
		if err != nil {
			return nil, "", err
		}
		return page.Refusals, page.NextCursor, nil
	}}
}

package walletd

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

const (
	batchItemsMax = 8_190
	batchBytesMax = 4 * 1024 * 1024
)

// Batch is up to 8,190 mutations in one request and one commit, carried out in order; each sees those before it.
//
// Item by item, each has a key and a result of its own, and one that fails doesn't hinder the others; items without a key
// get one that is counted up from Key, a UUID. With Atomic all are done or none, under Key, and items have no keys.
// After an *OutcomeUnknownError call again with its key and the same items.
type Batch struct {
	Items  []Mutation
	Atomic bool
	// Key is the idempotency key, or that from which items get theirs; "": one is made.
	Key string
	// RetryOfUnknown says that an attempt of Key that this client doesn't know of ended unknown.
	RetryOfUnknown bool
	// FullResults gives whole transactions, for at most 1,023 items.
	FullResults bool
	// DryRun tries it, and writes nothing.
	DryRun bool
}

// BatchResult is what became of a batch.
type BatchResult struct {
	Key       string
	Results   []ItemResult // one for each item, in their order
	Replayed  bool         // an atomic batch, answered again; of other batches each result says it
	CommitSeq int64
	DryRun    bool
}

// ItemResult is what became of an item: Err, a *RejectedError or *OutcomeUnknownError, or the figures after it, in minor
// units.
type ItemResult struct {
	Key           string
	Err           error
	TransactionID int64
	WalletID      int64
	Version       int64
	Balance       int64
	Held          int64
	Available     int64
	Currency      string
	Exponent      int
	Replayed      bool
	Transaction   *Transaction // with FullResults only
}

// Batch carries out several mutations in one commit. With Atomic it is Rejected with ReasonBatchAborted, with the Index
// of the item that was refused and the Cause, when one is; otherwise what became of each item is in the result.
func (c *Client) Batch(ctx context.Context, b Batch) (*BatchResult, error) {
	key := b.Key
	if key == "" {
		key = NewKey()
	}
	keys, err := b.keys(key)
	if err != nil {
		return nil, withKey(invalid(err.Error()), key)
	}
	message, err := b.message(key, keys)
	if err != nil {
		return nil, withKey(invalid(err.Error()), key)
	}
	response := new(pb.BatchResponse)
	result := &BatchResult{Key: key}
	r := &request{method: pb.Method_METHOD_BATCH, message: message, key: key, mutates: !b.DryRun,
		retryOfUnknown: b.RetryOfUnknown}
	if !b.Atomic {
		r.itemKeys = keys
	}
	r.settle = func(isUnknown func(string) bool) (settled []string, err error) {
		if len(response.Results) != len(b.Items) {
			return nil, fmt.Errorf("%d results to a batch of %d", len(response.Results), len(b.Items))
		}
		open := false // an item may have the batch's own key, as the first one does unless it brings another
		for i, one := range response.Results {
			unknown := !b.DryRun && !b.Atomic && (b.Items[i].with().RetryOfUnknown || isUnknown(keys[i]))
			item := itemResultOf(one, keys[i], unknown)
			result.Results = append(result.Results, item)
			if _, still := item.Err.(*OutcomeUnknownError); !still {
				settled = append(settled, keys[i])
			} else if keys[i] == key {
				open = true
			}
		}
		if !open {
			settled = append(settled, key)
		}
		result.Replayed, result.CommitSeq, result.DryRun = response.Replayed, response.CommitSeq, response.DryRun
		if b.DryRun {
			return nil, nil // it settles nothing
		}
		return settled, nil
	}
	if err := c.call(ctx, r, response); err != nil {
		return nil, err
	}
	return result, nil
}

// keys are those of the items; of an atomic batch all the same.
func (b Batch) keys(key string) ([]string, error) {
	if len(b.Items) < 1 || len(b.Items) > batchItemsMax {
		return nil, fmt.Errorf("%d items; a batch has 1 to %d", len(b.Items), batchItemsMax)
	}
	keys := make([]string, len(b.Items))
	missing := false
	for i, item := range b.Items {
		with := item.with()
		switch {
		case with.DryRun:
			return nil, fmt.Errorf("item %d is a dry run of its own; that of the batch is for all of it", i)
		case b.Atomic && with.Key != "":
			return nil, fmt.Errorf("item %d has a key; an atomic batch has one for all", i)
		case b.Atomic:
			keys[i] = key
		default:
			keys[i] = with.Key
			missing = missing || with.Key == ""
		}
	}
	if !missing {
		return keys, nil
	}
	counted, err := countedKeys(key, len(keys))
	for i := range counted {
		if keys[i] == "" {
			keys[i] = counted[i]
		}
	}
	return keys, err
}

func (b Batch) message(key string, keys []string) (*pb.BatchRequest, error) {
	message := &pb.BatchRequest{Atomic: b.Atomic, FullResults: b.FullResults, DryRun: b.DryRun}
	if b.Atomic {
		message.IdempotencyKey = key
	}
	for i, item := range b.Items {
		body, reason, err := item.body()
		if err != nil {
			return nil, fmt.Errorf("item %d: %s", i, err.(*NotExecutedError).Message)
		}
		itemKey := keys[i]
		if b.Atomic {
			itemKey = ""
		}
		fill(body, itemKey, reason, item.with())
		message.Items = append(message.Items, itemOf(body))
	}
	if size := proto.Size(message); size > batchBytesMax {
		return nil, fmt.Errorf("%d bytes; a batch has at most %d", size, batchBytesMax)
	}
	return message, nil
}

func itemOf(body proto.Message) *pb.BatchItem {
	item := new(pb.BatchItem)
	switch m := body.(type) {
	case *pb.OpenWalletRequest:
		item.Mutation = &pb.BatchItem_OpenWallet{OpenWallet: m}
	case *pb.DebitRequest:
		item.Mutation = &pb.BatchItem_Debit{Debit: m}
	case *pb.CreditRequest:
		item.Mutation = &pb.BatchItem_Credit{Credit: m}
	case *pb.TransferRequest:
		item.Mutation = &pb.BatchItem_Transfer{Transfer: m}
	case *pb.HoldRequest:
		item.Mutation = &pb.BatchItem_Hold{Hold: m}
	case *pb.CaptureRequest:
		item.Mutation = &pb.BatchItem_Capture{Capture: m}
	case *pb.ReleaseRequest:
		item.Mutation = &pb.BatchItem_Release{Release: m}
	case *pb.RefundRequest:
		item.Mutation = &pb.BatchItem_Refund{Refund: m}
	case *pb.FreezeRequest:
		item.Mutation = &pb.BatchItem_Freeze{Freeze: m}
	case *pb.UnfreezeRequest:
		item.Mutation = &pb.BatchItem_Unfreeze{Unfreeze: m}
	case *pb.SetLimitsRequest:
		item.Mutation = &pb.BatchItem_SetLimits{SetLimits: m}
	case *pb.CloseWalletRequest:
		item.Mutation = &pb.BatchItem_CloseWallet{CloseWallet: m}
	}
	return item
}

func itemResultOf(r *pb.BatchResult, key string, unknown bool) ItemResult {
	if r.Error != nil {
		rejected := rejectedOf(r.Error, key)
		if unknown && !rejected.remembered() {
			return ItemResult{Key: key, Err: &OutcomeUnknownError{Key: key, LastAttempt: rejected}}
		}
		return ItemResult{Key: key, Err: rejected}
	}
	result := ItemResult{Key: key, TransactionID: r.TransactionId, WalletID: r.WalletId, Version: r.WalletVersion,
		Balance: r.Balance, Held: r.Held, Available: r.Available, Currency: r.Currency, Exponent: int(r.Exponent),
		Replayed: r.Replayed}
	if r.Transaction != nil {
		transaction := transactionOf(r.Transaction)
		result.Transaction = &transaction
	}
	return result
}

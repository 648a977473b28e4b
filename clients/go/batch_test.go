package walletd

import (
	"errors"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

func batchRequest(t *testing.T, p *wrptest.Peer) (frame.Frame, *pb.BatchRequest) {
	f := p.Request()
	request := new(pb.BatchRequest)
	if err := proto.Unmarshal(f.Payload, request); err != nil || f.Code != uint16(pb.Method_METHOD_BATCH) {
		t.Errorf("%+v where a batch should be", f)
	}
	return f, request
}

func credits(count int) []Mutation {
	items := make([]Mutation, count)
	for i := range items {
		items[i] = Credit{Wallet: test, Amount: int64(i + 1), Reason: "test"}
	}
	return items
}

func TestTheKeysOfABatchAreTheSameAtEachAttempt(t *testing.T) {
	sent := make(chan *pb.BatchRequest, 1)
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		_, first := batchRequest(t, p)
		sent <- first
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, again := batchRequest(t, p)
		if !proto.Equal(<-sent, again) || again.IdempotencyKey != "" || again.Items[0].GetCredit().IdempotencyKey ==
			again.Items[1].GetCredit().IdempotencyKey || again.Items[2].GetDebit().IdempotencyKey != "a-key-of-its-own" {
			t.Error(again)
		}
		p.OK(f, &pb.BatchResponse{Results: []*pb.BatchResult{{Balance: 1}, {Balance: 2}, {Balance: 3}}, CommitSeq: 9})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	items := append(credits(2), Debit{Wallet: test, Amount: 1, Reason: "test", With: With{Key: "a-key-of-its-own"}})
	result := must[*BatchResult](t)(client.Batch(ctx, Batch{Items: items}))
	if len(result.Results) != 3 || result.Results[2].Balance != 3 || result.Results[2].Key != "a-key-of-its-own" ||
		result.Results[0].Key != result.Key || result.CommitSeq != 9 || client.unresolved.order.Len() != 0 {
		t.Errorf("%+v", result)
	}
	_ = client.Close()
}

func TestABatchResolvesItemByItem(t *testing.T) {
	refused := func(reason pb.ErrorReason) *pb.BatchResult { return &pb.BatchResult{Error: &pb.Error{Reason: reason}} }
	fake := wrptest.NewFake(t, nil, drops, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, _ := batchRequest(t, p)
		p.OK(f, &pb.BatchResponse{Results: []*pb.BatchResult{{Balance: 1},
			refused(pb.ErrorReason_ERROR_REASON_INSUFFICIENT_FUNDS), refused(pb.ErrorReason_ERROR_REASON_VERSION_CONFLICT)}})
		f, _ = batchRequest(t, p)
		p.OK(f, &pb.BatchResponse{Results: []*pb.BatchResult{{}, {}, refused(pb.ErrorReason_ERROR_REASON_VERSION_CONFLICT)}})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	result := must[*BatchResult](t)(client.Batch(ctx, Batch{Items: credits(3)}))
	if result.Results[0].Err != nil {
		t.Error(result.Results[0].Err)
	}
	wantRejected(t, result.Results[1].Err, ReasonInsufficientFunds)
	e := wantUnknown(t, result.Results[2].Err) // the first attempt may have done it
	if e.Key != result.Results[2].Key || !client.unresolved.has(e.Key) || client.unresolved.order.Len() != 1 {
		t.Error(e, client.unresolved.order.Len())
	}
	again := must[*BatchResult](t)(client.Batch(ctx, Batch{Items: credits(3), Key: result.Key}))
	wantUnknown(t, again.Results[2].Err)
	_ = client.Close()
}

func TestAFirstItemThatStaysUnknownIsNotSettledWithTheBatch(t *testing.T) {
	conflict := &pb.BatchResult{Error: &pb.Error{Reason: pb.ErrorReason_ERROR_REASON_VERSION_CONFLICT}}
	fake := wrptest.NewFake(t, nil, drops, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, _ := batchRequest(t, p)
		p.OK(f, &pb.BatchResponse{Results: []*pb.BatchResult{conflict, {Balance: 2}}})
		p.Refuse(frame.Frame{RequestID: p.Request().RequestID, Code: 14, Flags: frame.NotExecuted}, &pb.Error{
			Reason: pb.ErrorReason_ERROR_REASON_VERSION_CONFLICT})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	result := must[*BatchResult](t)(client.Batch(ctx, Batch{Items: credits(2)}))
	first := wantUnknown(t, result.Results[0].Err)
	if first.Key != result.Key { // it is the one from which the others are counted up
		t.Errorf("%s of %s", first.Key, result.Key)
	}
	if _, err := client.Credit(ctx, Credit{Wallet: test, Amount: 1, Reason: "test", With: With{Key: first.Key}}); err != nil {
		wantUnknown(t, err)
	} else {
		t.Error("it is refused")
	}
	_ = client.Close()
}

func TestAnAbortedBatch(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := batchRequest(t, p)
		if !r.Atomic || r.IdempotencyKey != key || r.Items[0].GetCredit().IdempotencyKey != "" {
			t.Error(r)
		}
		p.Refuse(frame.Frame{RequestID: f.RequestID, Code: 10, Flags: frame.NotExecuted}, &pb.Error{
			Reason: pb.ErrorReason_ERROR_REASON_BATCH_ABORTED,
			Detail: &pb.Error_BatchAborted{BatchAborted: &pb.BatchAborted{Index: 1, Cause: &pb.Error{
				Reason: pb.ErrorReason_ERROR_REASON_WALLET_NOT_FOUND}}}})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	client.unresolved.add(key)
	_, err := client.Batch(ctx, Batch{Items: credits(2), Atomic: true, Key: key})
	e := wantRejected(t, err, ReasonBatchAborted) // its cause is remembered, which resolves the key
	if e.Index != 1 || e.Cause.Reason != ReasonWalletNotFound || e.Key != key || errors.Is(err, ReasonWalletNotFound) ||
		client.unresolved.has(key) {
		t.Errorf("%+v", e)
	}
	_ = client.Close()
}

func TestAnAnswerOfAnotherLengthLeavesTheBatchUnknown(t *testing.T) {
	fake := wrptest.NewFake(t, nil, answersWith(&pb.BatchResponse{Results: []*pb.BatchResult{{}}}))
	client := connect(t, fake.Address, Options{})
	_, err := client.Batch(ctx, Batch{Items: credits(2)})
	wantUnknown(t, err)
	_ = client.Close()
}

func TestWhatCannotBeABatch(t *testing.T) {
	client := connect(t, wrptest.RefusedAddress(t), Options{})
	keyed := []Mutation{Credit{Wallet: test, Amount: 1, Reason: "test", With: With{Key: key}}}
	long := []Mutation{Credit{Wallet: test, Amount: 1, Reason: "test", With: With{Note: string(make([]byte, batchBytesMax))}}}
	for name, batch := range map[string]Batch{
		"empty":                  {},
		"too many":               {Items: credits(batchItemsMax + 1)},
		"keys of atomic items":   {Items: keyed, Atomic: true},
		"a dry run of its own":   {Items: []Mutation{Debit{Wallet: test, Amount: 1, With: With{DryRun: true}}}},
		"a key that is no UUID":  {Items: credits(1), Key: key},
		"too long":               {Items: long},
		"an item that cannot be": {Items: []Mutation{Capture{HoldID: 1, Reason: "test"}}},
	} {
		_, err := client.Batch(ctx, batch)
		if e := wantKind(t, err, KindInvalid); e.Key == "" {
			t.Errorf("%s: %v", name, fmt.Sprint(e))
		}
	}
}

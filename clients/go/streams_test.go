package walletd

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

func told(row int64, note string) *pb.WatchEvent {
	event := token(row)
	event.Transaction = &pb.Transaction{Id: row, Kind: pb.TransactionKind_TRANSACTION_KIND_CREDIT, Note: note}
	return event
}

func token(row int64) *pb.WatchEvent {
	return &pb.WatchEvent{ResumeToken: "t" + strconv.FormatInt(row, 10), CommitSeq: row, Currency: "USD", Exponent: 2}
}

func watchRequest(t *testing.T, p *wrptest.Peer) (frame.Frame, *pb.WatchTransactionsRequest) {
	f := p.Request()
	request := new(pb.WatchTransactionsRequest)
	if err := proto.Unmarshal(f.Payload, request); err != nil || f.Code != uint16(pb.Method_METHOD_WATCH_TRANSACTIONS) {
		t.Errorf("%+v where a watch should be", f)
	}
	return f, request
}

func streamEnded(p *wrptest.Peer, f frame.Frame, reason pb.ErrorReason, status uint16, token string) {
	p.Refuse(frame.Frame{RequestID: f.RequestID, Code: status, Flags: frame.NotExecuted},
		&pb.Error{Reason: reason, Detail: &pb.Error_StreamEnd{StreamEnd: &pb.StreamEnd{ResumeToken: token}}})
}

func TestAWatchGoesOnOverEverythingThatPasses(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := watchRequest(t, p)
		if _, ok := r.Start.(*pb.WatchTransactionsRequest_AfterSeq); !ok || r.GetAfterSeq() != 0 ||
			len(r.WalletIds) != 1 || r.WalletIds[0] != 5 || len(r.Kinds) != 1 {
			t.Error(r)
		}
		p.Event(f, token(0), told(1, "")) // and the connection is lost
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := watchRequest(t, p)
		if r.GetResumeToken() != "t1" || len(r.WalletIds) != 1 {
			t.Error(r)
		}
		p.Event(f, token(1), told(2, ""))
		streamEnded(p, f, pb.ErrorReason_ERROR_REASON_RESOURCE_EXHAUSTED, 8, "t2")
		f, r = watchRequest(t, p)
		if r.GetResumeToken() != "t2" {
			t.Error(r)
		}
		p.Event(f, token(2), told(3, ""))
		p.Send(frame.Frame{Type: frame.GoAway}, &pb.GoAway{})
		streamEnded(p, f, pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14, "t3")
		p.Ends()
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := watchRequest(t, p)
		if r.GetResumeToken() != "t3" {
			t.Error(r)
		}
		p.Event(f, told(4, ""))
		p.Fail(f, pb.ErrorReason_ERROR_REASON_RESUME_INVALID, 9)
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	watch := client.WatchTransactions(limit(t, wrptest.Patience), WatchTransactions{FromBeginning: true,
		WalletIDs: []int64{5}, Kinds: []TransactionKind{TransactionKindDebit}})
	defer watch.Close()
	var rows []int64
	var tokens []string
	for watch.Next() {
		event := watch.Event()
		tokens = append(tokens, event.ResumeToken)
		if event.Transaction != nil {
			rows = append(rows, event.Transaction.ID)
		}
	}
	wantRejected(t, watch.Err(), ReasonResumeInvalid)
	if len(rows) != 4 || rows[0] != 1 || rows[3] != 4 || strings.Join(tokens, " ") != "t0 t1 t2 t3 t4" {
		t.Error(rows, tokens)
	}
	_ = client.Close()
}

func TestAWatchThatNeverStoodIsAnError(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil,
		refusesAll(pb.ErrorReason_ERROR_REASON_RESOURCE_EXHAUSTED, 8)).Address, Options{Retry: eager})
	watch := client.WatchTransactions(ctx, WatchTransactions{})
	if watch.Next() {
		t.Error(watch.Event())
	}
	if e := wantKind(t, watch.Err(), KindServer); e.Reason != ReasonResourceExhausted {
		t.Error(e)
	}
	_ = client.Close()
}

func TestAWatchOfASilentServer(t *testing.T) {
	client := connect(t, wrptest.NewFake(t, nil, ends).Address, Options{Timeout: 200 * time.Millisecond})
	watch := client.WatchTransactions(ctx, WatchTransactions{})
	if watch.Next() {
		t.Error(watch.Event())
	}
	wantKind(t, watch.Err(), KindDeadlineExceeded)
	_ = client.Close()
}

func TestAWatchOfAServerThatFallsSilentGoesOnElsewhere(t *testing.T) {
	again := func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := watchRequest(t, p)
		if r.GetResumeToken() != "t1" {
			t.Error(r)
		}
		p.Event(f, told(2, ""))
		p.Ends()
	}
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, _ := watchRequest(t, p)
		p.Event(f, told(1, ""))
		p.Ends()
	}, again, again, again, again)
	client := connect(t, fake.Address, Options{Retry: eager})
	client.settings.silence = 200 * time.Millisecond
	watch := client.WatchTransactions(limit(t, wrptest.Patience), WatchTransactions{FromBeginning: true})
	defer watch.Close()
	for watch.Next() {
		if row := watch.Event().Transaction; row != nil && row.ID == 2 {
			_ = client.Close()
			return
		}
	}
	t.Error(watch.Err())
}

func TestAClosedWatchIsCanceledAndItsLateEventsAreDropped(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, r := watchRequest(t, p)
		if !r.GetFromNow() {
			t.Error(r)
		}
		p.Event(f, token(0), told(1, ""))
		if cancel := p.Read(); cancel.Type != frame.Cancel || cancel.RequestID != f.RequestID {
			t.Errorf("%+v where a CANCEL should be", cancel)
		}
		p.Event(f, told(2, ""))
		p.Fail(f, pb.ErrorReason_ERROR_REASON_CANCELLED, 1)
		p.OK(p.Request(), &pb.PingResponse{CommitSeq: 7})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	watch := client.WatchTransactions(ctx, WatchTransactions{})
	if !watch.Next() || !watch.Next() || watch.Event().Transaction.ID != 1 {
		t.Error(watch.Err())
	}
	_ = watch.Close()
	if watch.Next() || watch.Err() != nil {
		t.Error(watch.Err())
	}
	if pong := must[*Pong](t)(client.Ping(ctx)); pong.CommitSeq != 7 {
		t.Error(pong)
	}
	_ = client.Close()
}

func TestClosingAWatchFromElsewhereEndsItsNext(t *testing.T) {
	standing := func(p *wrptest.Peer) {
		p.Hello(nil)
		f, _ := watchRequest(t, p)
		p.Event(f, token(0))
		p.Ends()
	}
	for name, end := range map[string]func(client *Client, watch *Watch, cancel func()) (wantErr error){
		"watch closed":     func(_ *Client, watch *Watch, _ func()) error { _ = watch.Close(); return nil },
		"context canceled": func(_ *Client, _ *Watch, cancel func()) error { cancel(); return context.Canceled },
		"client closed":    func(client *Client, _ *Watch, _ func()) error { _ = client.Close(); return ErrClosed },
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, wrptest.NewFake(t, nil, standing).Address, Options{Retry: eager})
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			watch := client.WatchTransactions(ctx, WatchTransactions{})
			if !watch.Next() {
				t.Fatal(watch.Err())
			}
			ended := make(chan bool, 1)
			go func() { ended <- watch.Next() }()
			time.Sleep(20 * time.Millisecond)
			want := end(client, watch, cancel)
			select {
			case more := <-ended:
				if more || !errors.Is(watch.Err(), want) {
					t.Error(more, watch.Err())
				}
			case <-time.After(wrptest.Patience):
				t.Error("Next still waits")
			}
			_ = client.Close()
		})
	}
}

func TestAReaderThatFallsBehindGoesOnWhereItsBufferEnds(t *testing.T) {
	note := strings.Repeat("n", 10_000)
	behind := make(chan struct{})
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f, _ := watchRequest(t, p)
		for row := int64(1); row <= 150; row++ { // above the bound of 1 MiB
			p.Event(f, told(row, note))
		}
		for canceled, pinged := false, false; !canceled || !pinged; { // other calls go on meanwhile
			switch next := p.Read(); {
			case next.Type == frame.Cancel && next.RequestID == f.RequestID:
				canceled = true
			case next.Code == uint16(pb.Method_METHOD_PING):
				pinged = true
				p.OK(next, &pb.PingResponse{})
			default:
				t.Errorf("%+v where a CANCEL should be", next)
			}
		}
		close(behind)
		f, r := watchRequest(t, p)
		last, err := strconv.ParseInt(r.GetResumeToken()[1:], 10, 64)
		if err != nil || last < 90 || last >= 150 {
			t.Error(r)
		}
		for row := last + 1; row <= 200; row++ {
			p.Event(f, told(row, ""))
		}
		p.Ends()
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	watch := client.WatchTransactions(limit(t, wrptest.Patience), WatchTransactions{FromBeginning: true})
	defer watch.Close()
	var last int64
	for watch.Next() {
		row := watch.Event().Transaction
		if row.ID != last+1 {
			t.Fatalf("%d behind %d", row.ID, last)
		}
		if last = row.ID; last == 1 {
			must[*Pong](t)(client.Ping(ctx))
			<-behind // until then nothing more is read
		}
		if last == 200 {
			break
		}
	}
	if last != 200 {
		t.Error(last, watch.Err())
	}
	_ = client.Close()
}

func TestEventsGoToStreamsOnly(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		p.Event(f, told(1, ""))
		p.OK(f, &pb.PingResponse{CommitSeq: 1})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	if pong := must[*Pong](t)(client.Ping(ctx)); pong.CommitSeq != 1 {
		t.Error(pong)
	}
	_ = client.Close()
}

func TestResumption(t *testing.T) {
	lost := notExecuted(KindDisconnected, "gone", nil)
	start := time.Unix(1000, 0)
	at := func(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }
	r := resumption{patience: 10 * time.Second, policy: RetryPolicy{Backoff: time.Second, BackoffMax: 8 * time.Second}}
	if _, err := r.ended(lost, at(0)); err != lost {
		t.Error("a watch that never stood goes on")
	}
	r.lostSince = time.Time{}
	if !r.told(token(3)) || r.told(token(3)) || !r.told(told(3, "")) {
		t.Error("what the reader has")
	}
	for _, one := range []struct{ now, least, most float64 }{{5, .5, 1}, {6, 1, 2}, {15, 2, 4}} {
		wait, err := r.ended(lost, at(one.now))
		if err != nil || wait.Seconds() < one.least || wait.Seconds() > one.most {
			t.Errorf("at %v it waits %s, %v", one.now, wait, err)
		}
	}
	if _, err := r.ended(lost, at(15.1)); err != lost {
		t.Error("its patience has no end")
	}
	r.told(told(4, ""))
	asks := &NotExecutedError{Kind: KindServer, Reason: ReasonUnavailable, RetryAfter: 3 * time.Second}
	if wait, err := r.ended(asks, at(99)); err != nil || wait < 3*time.Second {
		t.Error(wait, err)
	}
	if wait, err := r.ended(readerTooSlow, at(99)); err != nil || wait != 0 {
		t.Error(wait, err)
	}
	for _, err := range []error{&RejectedError{Reason: ReasonResumeInvalid}, notExecuted(KindProtocol, "", nil),
		notExecuted(KindClosed, "", nil), notExecuted(KindCanceled, "", nil), notExecuted(KindUnauthenticated, "", nil)} {
		if _, got := r.ended(err, at(99)); got != err {
			t.Errorf("it goes on after %v", err)
		}
	}
}

func TestAWatchBeginsAtOnePlace(t *testing.T) {
	client := connect(t, wrptest.RefusedAddress(t), Options{})
	for _, w := range []WatchTransactions{{After: 1, ResumeToken: "t"}, {FromBeginning: true, ResumeToken: "t"},
		{After: 1, FromBeginning: true}} {
		watch := client.WatchTransactions(ctx, w)
		if watch.Next() {
			t.Error(w)
		}
		wantKind(t, watch.Err(), KindInvalid)
	}
}

func TestVerifyEnds(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		p.Event(f, &pb.VerifyEvent{Event: &pb.VerifyEvent_Progress{Progress: &pb.VerifyProgress{Stage: "journal", Done: 1, Total: 2}}},
			&pb.VerifyEvent{Event: &pb.VerifyEvent_Finding{Finding: &pb.VerifyFinding{What: "digest", Seq: 4}}},
			&pb.VerifyEvent{Event: &pb.VerifyEvent_Report{Report: &pb.VerifyReport{Findings: 1, Micros: 2000}}})
		p.OK(f, nil)
		f = p.Request()
		p.Event(f, &pb.VerifyEvent{})
		p.Read()                                                                                               // CANCEL
		p.Event(p.Request(), &pb.VerifyEvent{Event: &pb.VerifyEvent_Progress{Progress: &pb.VerifyProgress{}}}) // and lost
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	verification := client.Verify(ctx, Verify{ExpectedHead: &JournalHead{Seq: 1, Digest: make([]byte, 32)}})
	var events []VerifyEvent
	for verification.Next() {
		events = append(events, verification.Event())
	}
	if verification.Err() != nil || len(events) != 3 || events[0].Progress.Stage != "journal" ||
		events[1].Finding.Seq != 4 || events[2].Report.Took != 2*time.Millisecond || verification.Next() {
		t.Error(events, verification.Err())
	}
	verification = client.Verify(ctx, Verify{})
	if verification.Next() {
		t.Error(verification.Event())
	}
	wantKind(t, verification.Err(), KindProtocol)
	verification = client.Verify(ctx, Verify{})
	if !verification.Next() || verification.Next() {
		t.Error(verification.Event())
	}
	wantKind(t, verification.Err(), KindDisconnected)
	_ = client.Close()
}

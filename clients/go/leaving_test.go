package walletd

import (
	"bytes"
	"crypto/tls"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

// Servers that leave or refuse, clients that close, and how calls share a connection.

func TestGoAwayFinishesWhatIsInFlight(t *testing.T) {
	going, finish := make(chan struct{}), make(chan struct{})
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		p.Send(frame.Frame{Type: frame.GoAway}, &pb.GoAway{Message: "restart"})
		close(going)
		<-finish
		p.OK(f, mutation(1))
		p.Ends() // the client closes once nothing is in flight
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		for {
			p.OK(p.Request(), mutation(2))
		}
	})
	client := connect(t, fake.Address, Options{})
	old := make(chan int64, 1)
	go func() {
		result, err := debit(ctx, client)
		if err != nil {
			t.Error(err)
			old <- 0
			return
		}
		old <- result.Balance
	}()
	<-going
	for fake.Connections() < 2 { // until GOAWAY is in, calls go to the old connection, and wait there in vain
		_, err := client.Debit(limit(t, 100*time.Millisecond), Debit{Wallet: test, Amount: 1, Reason: "test"})
		if err != nil && !errors.Is(err, ErrOutcomeUnknown) && !errors.Is(err, ErrNotExecuted) {
			t.Fatal(err)
		}
	}
	result := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: test, Amount: 1, Reason: "test"}))
	if result.Balance != 2 {
		t.Error(result)
	}
	close(finish)
	if balance := <-old; balance != 1 {
		t.Error(balance)
	}
	_ = client.Close()
}

func TestARequestBehindGoAwayIsSentAgain(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		p.Send(frame.Frame{Type: frame.GoAway}, &pb.GoAway{})
		p.Fail(f, pb.ErrorReason_ERROR_REASON_UNAVAILABLE, 14)
		p.Ends()
	}, answersWith(mutation(2)))
	client := connect(t, fake.Address, Options{Retry: eager})
	if result := must[*MutationResult](t)(debit(ctx, client)); result.Balance != 2 {
		t.Error(result)
	}
	_ = client.Close()
}

func TestWhatWaitsItsTurnMovesAtGoAwayAndCostsNoBudget(t *testing.T) {
	const calls = 40
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(&pb.Limits{RequestsInFlightMax: 1})
		f := p.Request()
		time.Sleep(100 * time.Millisecond) // the others queue up behind it
		p.Send(frame.Frame{Type: frame.GoAway}, &pb.GoAway{})
		p.OK(f, &pb.PingResponse{CommitSeq: 1})
		p.Ends()
	}, func(p *wrptest.Peer) {
		p.Hello(nil)
		for {
			p.OK(p.Request(), &pb.PingResponse{CommitSeq: 2})
		}
	})
	client := connect(t, fake.Address, Options{Retry: eager})
	client.budget.saved = 0
	var calling sync.WaitGroup
	for i := 0; i < calls; i++ {
		calling.Add(1)
		go func() {
			defer calling.Done()
			if _, err := client.Ping(ctx); err != nil {
				t.Error(err)
			}
		}()
	}
	calling.Wait()
	_ = client.Close()
}

func TestAConnectionThatEndedWhileIdle(t *testing.T) {
	script := func(p *wrptest.Peer) {
		p.Hello(nil)
		p.OK(p.Request(), mutation(1))
	}
	fake := wrptest.NewFake(t, nil, script, script)
	client := connect(t, fake.Address, Options{Retry: eager})
	must[*MutationResult](t)(debit(ctx, client))
	must[*MutationResult](t)(debit(ctx, client))
	if fake.Connections() != 2 {
		t.Error(fake.Connections())
	}
}

func TestTokens(t *testing.T) {
	const secret = "s3cret-token-value"
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string]Options{"value": {Token: secret}, "file": {TokenFile: file}} {
		t.Run(name, func(t *testing.T) {
			refuses := func(p *wrptest.Peer) {
				if hello := p.ReadHello(); hello.GetCredentials().GetToken() != secret {
					t.Errorf("HELLO has %v", hello.Credentials)
				}
				p.Send(frame.Frame{Type: frame.ConnectionError},
					&pb.Error{Reason: pb.ErrorReason_ERROR_REASON_UNAUTHENTICATED, Message: "who?"})
			}
			fake := wrptest.NewFake(t, nil, refuses)
			client := connect(t, fake.Address, options)
			_, err := debit(ctx, client)
			e := wantKind(t, err, KindUnauthenticated)
			if e.Key != key || e.Reason != ReasonUnauthenticated || !errors.Is(err, ErrUnauthenticated) ||
				strings.Contains(err.Error(), secret) || fake.Connections() != 1 {
				t.Error(e, fake.Connections())
			}
			_ = client.Close()
		})
	}
	t.Run("read at each connect", func(t *testing.T) {
		for _, token := range []string{"one", "two"} {
			if err := os.WriteFile(file, []byte("  "+token+" \n"), 0o600); err != nil {
				t.Fatal(err)
			}
			fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
				if hello := p.Hello(nil); hello.GetCredentials().GetToken() != token {
					t.Errorf("HELLO has %v", hello.Credentials)
				}
				p.OK(p.Request(), &pb.PingResponse{})
			})
			client := connect(t, fake.Address, Options{TokenFile: file})
			must[*Pong](t)(client.Ping(ctx))
			_ = client.Close()
		}
	})
	t.Run("no file", func(t *testing.T) {
		client := connect(t, wrptest.RefusedAddress(t), Options{TokenFile: file + ".none"})
		_, err := client.Ping(ctx)
		wantKind(t, err, KindUnauthenticated)
	})
}

func TestAConnectionThatIsRefused(t *testing.T) {
	refuse := func(reason pb.ErrorReason) wrptest.Script {
		return func(p *wrptest.Peer) {
			p.ReadHello()
			p.Send(frame.Frame{Type: frame.ConnectionError}, &pb.Error{Reason: reason, Message: "scripted"})
		}
	}
	t.Run("full, then not", func(t *testing.T) {
		fake := wrptest.NewFake(t, nil, refuse(pb.ErrorReason_ERROR_REASON_RESOURCE_EXHAUSTED), answersWith(mutation(4)))
		client := connect(t, fake.Address, Options{Retry: eager})
		must[*MutationResult](t)(debit(ctx, client))
		_ = client.Close()
	})
	t.Run("another ledger", func(t *testing.T) {
		fake := wrptest.NewFake(t, nil, refuse(pb.ErrorReason_ERROR_REASON_INVALID_ARGUMENT))
		client := connect(t, fake.Address, Options{LedgerID: "L", Retry: eager})
		_, err := debit(ctx, client)
		if e := wantRejected(t, err, ReasonInvalidArgument); e.Status != 0 || e.Key != key {
			t.Error(e)
		}
	})
	t.Run("not WRP/1 to it", func(t *testing.T) {
		fake := wrptest.NewFake(t, nil, refuse(pb.ErrorReason_ERROR_REASON_INVALID_FRAME))
		client := connect(t, fake.Address, Options{Retry: eager})
		_, err := debit(ctx, client)
		wantKind(t, err, KindProtocol)
	})
	t.Run("later, with a call in flight", func(t *testing.T) {
		fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
			p.Hello(nil)
			p.Request()
			p.Send(frame.Frame{Type: frame.ConnectionError}, &pb.Error{Reason: pb.ErrorReason_ERROR_REASON_UNAVAILABLE})
		})
		client := connect(t, fake.Address, Options{Retry: once})
		_, err := debit(ctx, client)
		wantUnknown(t, err)
	})
}

func TestPingIsAnsweredWithPong(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		f := p.Request()
		p.Send(frame.Frame{Type: frame.Ping, RequestID: 77, Payload: []byte("12345678")}, nil)
		if pong := p.Read(); pong.Type != frame.Pong || pong.RequestID != 77 || string(pong.Payload) != "12345678" {
			t.Errorf("%+v where a PONG should be", pong)
		}
		payload, _ := proto.Marshal(&pb.PingResponse{CommitSeq: 5})
		p.Send(frame.Frame{Type: frame.Response, RequestID: f.RequestID,
			Payload: append(payload, 0x98, 6, 1)}, nil) // and an unknown field
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	if pong := must[*Pong](t)(client.Ping(ctx)); pong.CommitSeq != 5 {
		t.Error(pong)
	}
	_ = client.Close()
}

func TestAPeerThatSendsPingsAndReadsNoPongs(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.Request()
		for ping := frame.Append(nil, frame.Frame{Type: frame.Ping, RequestID: 1, Payload: make([]byte, 8)}); ; {
			p.Write(bytes.Repeat(ping, 1000))
		}
	})
	client := connect(t, fake.Address, Options{})
	_, err := client.Ping(limit(t, wrptest.Patience))
	wantKind(t, err, KindProtocol) // what is to be sent has a bound
}

func TestCallsShareAConnectionAndAnswersComeInAnyOrder(t *testing.T) {
	const calls = 50
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		var frames [calls]frame.Frame
		var debits [calls]*pb.DebitRequest
		ids := make(map[uint32]bool)
		for i := range frames {
			frames[i], debits[i] = p.Debit()
			ids[frames[i].RequestID] = true
		}
		if len(ids) != calls || ids[0] {
			t.Error("ids in flight are not unique")
		}
		for i := calls - 1; i >= 0; i-- {
			p.OK(frames[i], mutation(debits[i].Amount))
		}
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	var calling sync.WaitGroup
	for amount := int64(1); amount <= calls; amount++ {
		calling.Add(1)
		go func(amount int64) {
			defer calling.Done()
			result, err := client.Debit(ctx, Debit{Wallet: test, Amount: amount, Reason: "test"})
			if err != nil || result.Balance != amount {
				t.Error(result, err)
			}
		}(amount)
	}
	calling.Wait()
	_ = client.Close()
}

func TestNoMoreAreInFlightThanTheServerAllows(t *testing.T) {
	const max, calls = 3, 12
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(&pb.Limits{RequestsInFlightMax: max})
		for answered := 0; answered < calls; answered += max {
			var frames [max]frame.Frame
			for i := range frames {
				frames[i] = p.Request()
			}
			_ = p.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			one := make([]byte, 1)
			if n, err := p.Conn.Read(one); n != 0 || !wrptest.IsTimeout(err) {
				t.Error("more are in flight, ", err)
			}
			_ = p.SetReadDeadline(time.Now().Add(wrptest.Patience))
			for _, f := range frames {
				p.OK(f, &pb.PingResponse{})
			}
		}
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	var calling sync.WaitGroup
	for i := 0; i < calls; i++ {
		calling.Add(1)
		go func() {
			defer calling.Done()
			if _, err := client.Ping(ctx); err != nil {
				t.Error(err)
			}
		}()
	}
	calling.Wait()
	_ = client.Close()
}

func TestAFewConnectionsTakeCallsInTurn(t *testing.T) {
	var served [3]int32
	serve := func(i int) wrptest.Script {
		return func(p *wrptest.Peer) {
			p.Hello(nil)
			for {
				f := p.Request()
				atomic.AddInt32(&served[i], 1)
				p.OK(f, &pb.PingResponse{})
			}
		}
	}
	fake := wrptest.NewFake(t, nil, serve(0), serve(1), serve(2))
	client := connect(t, fake.Address, Options{Connections: 3})
	for i := 0; i < 9; i++ {
		must[*Pong](t)(client.Ping(ctx))
	}
	_ = client.Close()
	for i := range served {
		if count := atomic.LoadInt32(&served[i]); count != 3 {
			t.Errorf("connection %d served %d", i, count)
		}
	}
}

func TestClosing(t *testing.T) {
	client := connect(t, wrptest.RefusedAddress(t), Options{})
	_ = client.Close()
	_ = client.Close()
	_, err := debit(ctx, client)
	if e := wantKind(t, err, KindClosed); e.Key != key || !errors.Is(err, ErrClosed) || !errors.Is(err, ErrDisconnected) {
		t.Error(e)
	}
}

func TestClosingEndsTheCallsThatWait(t *testing.T) {
	asked := make(chan struct{})
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(&pb.Limits{RequestsInFlightMax: 1})
		p.Request()
		close(asked)
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	inFlight, queued := make(chan error, 1), make(chan error, 1)
	go func() { _, err := debit(ctx, client); inFlight <- err }()
	<-asked
	go func() {
		_, err := client.Debit(ctx, Debit{Wallet: test, Amount: 1, Reason: "test"})
		queued <- err
	}()
	time.Sleep(50 * time.Millisecond) // until it waits; before that it would end the same way
	_ = client.Close()
	wantUnknown(t, <-inFlight)
	wantKind(t, <-queued, KindClosed)
}

func TestClosingWhileItWaitsToTryAgain(t *testing.T) {
	client := connect(t, wrptest.RefusedAddress(t), Options{Timeout: time.Hour,
		Retry: RetryPolicy{Backoff: 30 * time.Minute, BackoffMax: 30 * time.Minute}})
	ended := make(chan error, 1)
	go func() { _, err := debit(ctx, client); ended <- err }()
	time.Sleep(50 * time.Millisecond)
	_ = client.Close()
	select {
	case err := <-ended:
		wantKind(t, err, KindClosed)
	case <-time.After(wrptest.Patience):
		t.Error("it still waits")
	}
}

func TestWhatADebitSends(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 7000, time.UTC)
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		hello := p.Hello(nil)
		if len(hello.Versions) != 1 || hello.Versions[0] != 1 || hello.ClientName != "till-7" || hello.LedgerId != "L" ||
			hello.Credentials != nil {
			t.Error(hello)
		}
		f, sent := p.Debit()
		if sent.IdempotencyKey == "" {
			t.Error("it has no key")
		}
		want := &pb.DebitRequest{Wallet: &pb.WalletRef{OwnerId: "u-1", Currency: "USD"}, Amount: 5,
			IdempotencyKey: sent.IdempotencyKey, Reason: "esim.purchase", Note: "n", Reference: "r",
			CorrelationId: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", OnBehalfOf: "o",
			OccurredAtMicros: at.UnixMicro(), ExpectedVersion: 4, CounterAccount: "adjustments", DryRun: true,
			Metadata: []*pb.MetadataEntry{{Key: "a", Value: "b"}, {Key: "c", Value: "d"}}}
		if !proto.Equal(sent, want) {
			t.Errorf("%v, not %v", sent, want)
		}
		response := mutation(3)
		response.Transaction = &pb.Transaction{Id: 9, Kind: 99, Amount: -5, OccurredAtMicros: at.UnixMicro(),
			Metadata: []*pb.MetadataEntry{{Key: "a", Value: "b"}}}
		p.OK(f, response)
		p.Ends()
	})
	client := connect(t, fake.Address, Options{ClientName: "till-7", LedgerID: "L"})
	result := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: test, Amount: 5, Reason: "esim.purchase",
		ExpectedVersion: 4, CounterAccount: "adjustments", With: With{Note: "n", Reference: "r", OnBehalfOf: "o",
			CorrelationID: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", OccurredAt: at,
			Metadata: map[string]string{"c": "d", "a": "b"}, DryRun: true}}))
	row := result.Transaction
	if row.Kind.String() != "UNKNOWN_99" || row.Metadata["a"] != "b" || !row.OccurredAt.Equal(at) ||
		!row.CreatedAt.IsZero() || row.Amount != -5 {
		t.Errorf("%+v", row)
	}
	_ = client.Close()
}

func TestTextThatIsNotUTF8IsNotSent(t *testing.T) {
	client := connect(t, wrptest.RefusedAddress(t), Options{})
	_, err := client.Debit(ctx, Debit{Wallet: test, Amount: 1, Reason: "\xff", With: With{Key: key}})
	if e := wantKind(t, err, KindInvalid); e.Key != key {
		t.Error(e)
	}
	_, err = client.Capture(ctx, Capture{HoldID: 1, Reason: "test"})
	wantKind(t, err, KindInvalid)
	_, err = client.Refund(ctx, Refund{TransactionID: 1, Amount: 1, All: true, Reason: "test"})
	wantKind(t, err, KindInvalid)
	_, err = client.Hold(ctx, Hold{Wallet: test, Amount: 1, Timeout: time.Microsecond, Reason: "test"})
	wantKind(t, err, KindInvalid)
}

// However it ended, no socket is left.
func TestNoSocketIsLeft(t *testing.T) {
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("open files are counted on Linux only: ", err)
		}
		return len(entries)
	}
	authority := wrptest.NewAuthority(t)
	config := authority.ServerConfig(time.Hour, "127.0.0.1")
	for i := 0; i < 2; i++ { // what a process opens once is open after the first round
		before := open()
		for j := 0; j < 20; j++ {
			deadline := newExpiring()
			silent := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
				p.Hello(nil)
				p.Request()
				deadline.expire()
				p.Ends()
			})
			client := connect(t, silent.Address, Options{})
			_, err := debit(deadline, client)
			wantUnknown(t, err)
			_ = client.Close()
			for _, address := range []string{wrptest.RefusedAddress(t),
				wrptest.NewFake(t, nil, (*wrptest.Peer).Reset).Address, wrptest.NewFake(t, config, ends).Address} {
				client := connect(t, address, Options{Retry: once, TLS: must[*tls.Config](t)(TLSFiles("", "", "", ""))})
				_, err := client.Ping(limit(t, wrptest.Patience))
				if !errors.Is(err, ErrNotExecuted) {
					t.Error(err)
				}
				_ = client.Close()
			}
		}
		listening := 20 * 3 // of the scripted servers, which end with the test
		for end := time.Now().Add(wrptest.Patience); i > 0 && open() > before+listening; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d were open, and %d are", before, open())
			}
		}
	}
}

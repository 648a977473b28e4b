package walletd

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"walletd.example/walletd/internal/wrptest"
)

// What may go wrong on the way to the real server.

// worker debits 1 again and again, each with a key of its own, until it is certain: unknown outcomes and failures are
// asked for again with the same key. It returns how many it has got through.
func worker(t *testing.T, client *Client, wallet WalletRef, stop *int32) (done int64) {
	for i := 0; atomic.LoadInt32(stop) == 0; i++ {
		key := NewKey()
		started := time.Now()
		for {
			_, err := client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test", With: With{Key: key}})
			if err == nil {
				break
			}
			if !errors.Is(err, ErrOutcomeUnknown) && !errors.Is(err, ErrNotExecuted) {
				t.Error(err)
				return done
			}
			if time.Since(started) > 3*wrptest.Patience {
				t.Error("it never gets through: ", err)
				return done
			}
			time.Sleep(10 * time.Millisecond)
		}
		done++
	}
	return done
}

// workThrough has workers debit while something happens, and then compares the balance: each debit took place once.
func workThrough(t *testing.T, client *Client, happens func(progress func())) {
	t.Helper()
	const start, workers = 1_000_000, 8
	wallet := opened(t, client, "user-17", "USD")
	credit(t, client, wallet, start)
	var stop int32
	var total int64
	var working sync.WaitGroup
	for i := 0; i < workers; i++ {
		working.Add(1)
		go func() {
			defer working.Done()
			atomic.AddInt64(&total, worker(t, client, wallet, &stop))
		}()
	}
	happens(func() { // waits until the workers get on
		t.Helper()
		var before int64 = -1
		for end := time.Now().Add(3 * wrptest.Patience); ; time.Sleep(5 * time.Millisecond) {
			balance, err := client.GetBalance(ctx, wallet)
			if err == nil {
				if before < 0 {
					before = balance.Version
				} else if balance.Version >= before+20 {
					return
				}
			}
			if time.Now().After(end) {
				t.Fatal("the workers don't get on: ", err)
			}
		}
	})
	atomic.StoreInt32(&stop, 1)
	working.Wait()
	balance := must[*Balance](t)(client.GetBalance(ctx, wallet))
	if balance.Balance != start-total || balance.Version != 2+total || total == 0 {
		t.Errorf("%d debits are known of, and the balance is %+v", total, balance)
	}
}

func TestKilledAndRestartedInTheMiddle(t *testing.T) {
	server := wrptest.NewServer(t)
	client := connect(t, server.Address, Options{})
	workThrough(t, client, func(progress func()) {
		for i := 0; i < 3; i++ {
			progress()
			server.Kill()
			server.Start()
		}
		progress()
	})
}

func TestTerminatedInTheMiddle(t *testing.T) {
	server := wrptest.NewServer(t)
	client := connect(t, server.Address, Options{Connections: 2})
	workThrough(t, client, func(progress func()) {
		progress()
		server.Terminate() // GOAWAY
		server.Wait()
		server.Start()
		progress()
	})
}

func TestAProxyThatCutsConnections(t *testing.T) {
	server := wrptest.NewServer(t)
	proxy := wrptest.NewProxy(t, server.Address)
	client := connect(t, proxy.Address, Options{})
	workThrough(t, client, func(progress func()) {
		for proxy.Connections() < 8 {
			time.Sleep(time.Duration(rand.Intn(20)) * time.Millisecond)
			proxy.Cut()
		}
		progress()
	})
}

func TestAProxyThatSlicesToSingleBytes(t *testing.T) {
	server := wrptest.NewServer(t)
	proxy := wrptest.NewProxy(t, server.Address)
	proxy.Slice(1)
	client := connect(t, proxy.Address, Options{})
	workThrough(t, client, func(progress func()) { progress() })
	if proxy.Connections() != 1 {
		t.Errorf("%d connections", proxy.Connections())
	}
}

func TestABlackhole(t *testing.T) {
	server := wrptest.NewServer(t)
	proxy := wrptest.NewProxy(t, server.Address)
	client := connect(t, proxy.Address, Options{})
	wallet := opened(t, client, "user-17", "USD")
	credit(t, client, wallet, 1000)
	proxy.Blackhole(true)
	started := time.Now()
	lost := newExpiring()
	go func() {
		proxy.WaitStuck() // the request is on its way
		lost.expire()
	}()
	_, err := client.Debit(lost, Debit{Wallet: wallet, Amount: 1, Reason: "test", With: With{Key: key}})
	wantUnknown(t, err)
	for i := 0; i < 3; i++ { // at first on the same connection, then on new ones, which aren't answered either
		_, err = client.GetBalance(limit(t, 200*time.Millisecond), wallet)
		wantKind(t, err, KindDeadlineExceeded)
	}
	within(t, started, 15*time.Second)
	proxy.Blackhole(false)
	result := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test", With: With{Key: key}}))
	if result.Balance != 999 {
		t.Errorf("%+v", result)
	}
}

func TestAWatchSeesEachTransactionOnceOverRestartsAndCuts(t *testing.T) {
	server := wrptest.NewServer(t)
	proxy := wrptest.NewProxy(t, server.Address)
	client, watcher := connect(t, server.Address, Options{}), connect(t, proxy.Address, Options{})
	wallet := opened(t, client, "user-17", "USD")
	const rows = 120
	go func() {
		for i := 0; i < rows; i++ {
			if i%40 == 39 {
				server.Kill()
				server.Start()
			} else if i%10 == 9 {
				proxy.Cut()
			}
			key := fmt.Sprintf("credit-%04d", i)
			for {
				_, err := client.Credit(ctx, Credit{Wallet: wallet, Amount: 1, Reason: "test", With: With{Key: key}})
				if err == nil {
					break
				}
				if errors.Is(err, ErrRejected) {
					t.Error(err)
					return
				}
			}
		}
	}()
	watch := watcher.WatchTransactions(limit(t, 2*time.Minute), WatchTransactions{FromBeginning: true})
	defer watch.Close()
	var seen int64
	for seen <= rows && watch.Next() {
		if row := watch.Event().Transaction; row != nil {
			if seen++; row.WalletVersion != seen {
				t.Fatalf("version %d behind %d", row.WalletVersion, seen-1)
			}
		}
	}
	if seen != rows+1 {
		t.Error(seen, watch.Err())
	}
}

func TestManyGoroutines(t *testing.T) {
	client := connect(t, wrptest.NewServer(t, "--max-in-flight", "16").Address, Options{Connections: 2})
	wallet := opened(t, client, "user-17", "USD")
	credit(t, client, wallet, 1_000_000)
	const goroutines, each = 64, 20
	var working sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		working.Add(1)
		go func(i int) {
			defer working.Done()
			for j := 0; j < each; j++ {
				if i%8 == 0 { // some give up at once, which must not disturb the others
					limited, cancel := context.WithTimeout(ctx, time.Duration(rand.Intn(3000))*time.Microsecond)
					_, err := client.GetBalance(limited, wallet)
					cancel()
					if err != nil && !errors.Is(err, ErrDeadlineExceeded) && !errors.Is(err, ErrDisconnected) {
						t.Error(err)
					}
					continue
				}
				if _, err := client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test"}); err != nil {
					t.Error(err)
				}
			}
		}(i)
	}
	working.Wait()
	if balance := must[*Balance](t)(client.GetBalance(ctx, wallet)); balance.Balance != 1_000_000-goroutines/8*7*each {
		t.Errorf("%+v", balance)
	}
}

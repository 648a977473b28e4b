// Command bench measures the client: calls per second and latencies on one connection with many calls in flight. It
// starts the server that WALLETD names, unless it is given the address of one.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"sort"
	"strings"
	"sync"
	"time"

	"walletd.example/walletd"
)

func main() {
	address := flag.String("address", "", "the server's address; without it the program that WALLETD names is started")
	inFlight := flag.Int("in-flight", 64, "calls in flight")
	lasts := flag.Duration("time", 3*time.Second, "how long each measurement takes")
	flag.Parse()
	if err := run(*address, *inFlight, *lasts); err != nil {
		log.Fatal(err)
	}
}

func run(address string, inFlight int, lasts time.Duration) error {
	if address == "" {
		started, stop, err := startServer()
		if err != nil {
			return err
		}
		defer stop()
		address = started
	}
	client, err := walletd.New(address, walletd.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	ctx := context.Background()
	info, err := client.GetServerInfo(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s (%s build), 1 connection\n", info.ServerName, info.Build)
	wallets := make([]walletd.WalletRef, 1000)
	for i := range wallets {
		owner := fmt.Sprintf("bench-%s-%d", walletd.NewKey()[:18], i)
		opened, err := client.OpenWallet(ctx, walletd.OpenWallet{OwnerID: owner, Currency: "EUR", Reason: "bench"})
		if err != nil {
			return err
		}
		wallets[i] = walletd.WalletRef{ID: opened.Transaction.WalletID}
	}
	credit := func(n int) error {
		_, err := client.Credit(ctx, walletd.Credit{Wallet: wallets[n%len(wallets)], Amount: 1, Reason: "bench"})
		return err
	}
	balance := func(n int) error {
		_, err := client.GetBalance(ctx, wallets[n%len(wallets)])
		return err
	}
	for _, one := range []struct {
		name     string
		inFlight int
		call     func(n int) error
	}{
		{"Credit", inFlight, credit}, {"Credit", 1, credit}, {"GetBalance", inFlight, balance}, {"GetBalance", 1, balance},
	} {
		if err := measure(one.name, one.inFlight, lasts, one.call); err != nil {
			return err
		}
	}
	return nil
}

// measure has inFlight goroutines call one after the other.
func measure(name string, inFlight int, lasts time.Duration, call func(n int) error) error {
	var working sync.WaitGroup
	latencies := make([][]time.Duration, inFlight)
	errs := make([]error, inFlight)
	start := time.Now()
	for i := 0; i < inFlight; i++ {
		working.Add(1)
		go func(i int) {
			defer working.Done()
			for n := i; time.Since(start) < lasts; n += inFlight {
				began := time.Now()
				if errs[i] = call(n); errs[i] != nil {
					return
				}
				latencies[i] = append(latencies[i], time.Since(began))
			}
		}(i)
	}
	working.Wait()
	took := time.Since(start)
	var all []time.Duration
	for i := range latencies {
		if errs[i] != nil {
			return errs[i]
		}
		all = append(all, latencies[i]...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Printf("%-10s × %-3d %8.0f calls/s   median %8s   99 %% %8s\n", name, inFlight,
		float64(len(all))/took.Seconds(), all[len(all)/2].Round(time.Microsecond),
		all[len(all)*99/100].Round(time.Microsecond))
	return nil
}

func startServer() (address string, stop func(), err error) {
	data, err := os.MkdirTemp("", "walletd-bench")
	if err != nil {
		return "", nil, err
	}
	command := exec.Command(os.Getenv("WALLETD"), "serve", "--data", data, "--listen", "127.0.0.1:0")
	output, err := command.StderrPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return "", nil, fmt.Errorf("no server: name its program by WALLETD: %w", err)
	}
	stop = func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		_ = os.RemoveAll(data)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if _, found, ok := strings.Cut(lines.Text(), "listening on "); ok {
			go func() {
				for lines.Scan() { // what it says later isn't to fill its pipe
				}
			}()
			return found, stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("%s does not listen", command.Path)
}

// Command bench measures the client: calls per second and latencies on one connection with many calls in flight. Without
// arguments it starts the server that WALLETD names, and measures several shapes; with ADDRESS VERB IN_FLIGHT SECONDS
// WARM_UP it measures that one, and prints a JSON object (clients/conformance/DRIVER.md).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"walletd.example/walletd"
)

const wallets = 1000

func main() {
	run := table
	if len(os.Args) > 1 {
		run = one
	}
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func one(ctx context.Context) error {
	if len(os.Args) != 6 {
		return fmt.Errorf("usage: %s ADDRESS VERB IN_FLIGHT SECONDS WARM_UP", os.Args[0])
	}
	inFlight, err := strconv.Atoi(os.Args[3])
	if err != nil {
		return err
	}
	var seconds [2]time.Duration
	for i, text := range os.Args[4:] {
		if seconds[i], err = time.ParseDuration(text + "s"); err != nil {
			return err
		}
	}
	client, err := walletd.New(os.Args[1], walletd.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	verbs, err := prepare(ctx, client)
	if err != nil {
		return err
	}
	call := verbs[os.Args[2]]
	if call == nil {
		return fmt.Errorf("there is no load of %s", os.Args[2])
	}
	if seconds[1] > 0 {
		if _, err := measure(inFlight, seconds[1], call); err != nil {
			return err
		}
	}
	found, err := measure(inFlight, seconds[0], call)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"client": "go", "verb": os.Args[2], "connections": 1, "in_flight": inFlight, "calls_per_second": found.rate,
		"p50_micros": float64(found.part(50)) / 1e3, "p99_micros": float64(found.part(99)) / 1e3,
	})
}

func table(ctx context.Context) error {
	address, stop, err := startServer()
	if err != nil {
		return err
	}
	defer stop()
	client, err := walletd.New(address, walletd.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	info, err := client.GetServerInfo(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s (%s build), 1 connection\n", info.ServerName, info.Build)
	verbs, err := prepare(ctx, client)
	if err != nil {
		return err
	}
	for _, verb := range []string{"Debit", "GetBalance"} {
		for _, inFlight := range []int{64, 1} {
			found, err := measure(inFlight, 3*time.Second, verbs[verb])
			if err != nil {
				return err
			}
			fmt.Printf("%-10s × %-3d %8.0f calls/s   median %8s   99 %% %8s\n", verb, inFlight, found.rate,
				found.part(50).Round(time.Microsecond), found.part(99).Round(time.Microsecond))
		}
	}
	return nil
}

// prepare makes wallets with money, which may be there already, and gives the calls over them.
func prepare(ctx context.Context, client *walletd.Client) (map[string]func(n int) error, error) {
	refs := make([]walletd.WalletRef, wallets)
	var opens, credits []walletd.Mutation
	for i := range refs {
		refs[i] = walletd.WalletRef{OwnerID: fmt.Sprintf("bench-%d", i), Currency: "EUR"}
		opens = append(opens, walletd.OpenWallet{OwnerID: refs[i].OwnerID, Currency: "EUR", Reason: "bench"})
		credits = append(credits, walletd.Credit{Wallet: refs[i], Amount: 1_000_000_000, Reason: "bench"})
	}
	for _, items := range [][]walletd.Mutation{opens, credits} {
		if _, err := client.Batch(ctx, walletd.Batch{Items: items}); err != nil {
			return nil, err
		}
	}
	return map[string]func(n int) error{
		"Debit": func(n int) error {
			_, err := client.Debit(ctx, walletd.Debit{Wallet: refs[n%wallets], Amount: 1, Reason: "bench"})
			return err
		},
		"GetBalance": func(n int) error {
			_, err := client.GetBalance(ctx, refs[n%wallets])
			return err
		},
	}, nil
}

type measured struct {
	rate      float64
	latencies []time.Duration // by their size
}

func (m measured) part(percent int) time.Duration { return m.latencies[len(m.latencies)*percent/100] }

// measure has inFlight goroutines call one after the other.
func measure(inFlight int, lasts time.Duration, call func(n int) error) (measured, error) {
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
			return measured{}, errs[i]
		}
		all = append(all, latencies[i]...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return measured{float64(len(all)) / took.Seconds(), all}, nil
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

// Command retry pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is
// the server's address.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"walletd.example/walletd"
	"walletd.example/walletd/money"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address string) error {
	client, err := walletd.New(address, walletd.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	wallet := walletd.WalletRef{OwnerID: "user-21", Currency: "EUR"}
	err = forSure(func() error {
		_, err := client.OpenWallet(ctx, walletd.OpenWallet{OwnerID: "user-21", Currency: "EUR", Reason: "signup",
			With: walletd.With{Key: "signup-user-21"}})
		return err
	})
	if err != nil {
		return err
	}
	err = forSure(func() error {
		_, err := client.Credit(ctx, walletd.Credit{Wallet: wallet, Amount: 10_000, Reason: "topup",
			With: walletd.With{Key: "topup-user-21-1"}})
		return err
	})
	if err != nil {
		return err
	}

	var last *walletd.MutationResult
	for order := 1; order <= 20; order++ {
		// A key of the order's own, kept with it: so it can be asked for again after a crash of this process, too.
		payment := walletd.Debit{Wallet: wallet, Amount: 100, Reason: "esim.purchase",
			With: walletd.With{Key: fmt.Sprintf("order-%06d", order)}}
		err := forSure(func() (err error) {
			last, err = client.Debit(ctx, payment)
			return err
		})
		if err != nil {
			return err // refused: it will be the next time, too
		}
	}
	fmt.Println("20 orders are paid, left are", money.Format(last.Available, last.Exponent), last.Currency)
	return nil
}

// forSure repeats a call until its outcome is known. The client itself tries again for as long as the call's deadline
// allows; this is for what lasts longer. The same key can't move money twice.
func forSure(call func() error) error {
	for {
		err := call()
		if !errors.Is(err, walletd.ErrOutcomeUnknown) && !errors.Is(err, walletd.ErrDisconnected) &&
			!errors.Is(err, walletd.ReasonUnavailable) {
			return err
		}
		log.Print("again: ", err)
		time.Sleep(50 * time.Millisecond)
	}
}

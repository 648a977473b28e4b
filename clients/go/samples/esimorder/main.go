// Command esimorder sells an eSIM: the price is held, the profile is ordered, and then the hold is captured, or released
// when there is none to be had. Its argument is the server's address.
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
	wallet := walletd.WalletRef{OwnerID: "user-33", Currency: "EUR"}
	_, err = client.OpenWallet(ctx, walletd.OpenWallet{OwnerID: "user-33", Currency: "EUR", Reason: "signup"})
	if err != nil {
		return err
	}
	_, err = client.Credit(ctx, walletd.Credit{Wallet: wallet, Amount: 3000, Reason: "topup"})
	if err != nil {
		return err
	}
	for _, plan := range []string{"Japan 5 GB", "Atlantis 1 GB"} {
		if err := order(ctx, client, wallet, plan, 1250); err != nil {
			return err
		}
	}
	balance, err := client.GetBalance(ctx, wallet)
	if err != nil {
		return err
	}
	fmt.Println("left:", money.Format(balance.Available, balance.Exponent))
	return nil
}

func order(ctx context.Context, client *walletd.Client, wallet walletd.WalletRef, plan string, price int64) error {
	hold, err := client.Hold(ctx, walletd.Hold{Wallet: wallet, Amount: price, Timeout: 15 * time.Minute,
		Reason: "esim.reserve", With: walletd.With{Reference: plan}})
	if err != nil {
		return err
	}
	id := hold.Transaction.ID
	fmt.Println(plan+": held", hold.Held)

	if err := orderProfile(plan); err != nil {
		released, err := client.Release(ctx, walletd.Release{HoldID: id, Reason: "esim.unavailable"})
		if err != nil {
			return err // the hold ends by itself, in 15 minutes
		}
		fmt.Println(plan+": released, available", released.Available)
		return nil
	}
	captured, err := client.Capture(ctx, walletd.Capture{HoldID: id, All: true, Reason: "esim.activate"})
	if err != nil {
		return err
	}
	fmt.Println(plan+": paid, available", captured.Available)
	return nil
}

// orderProfile stands for the call of an eSIM provider.
func orderProfile(plan string) error {
	if plan == "Atlantis 1 GB" {
		return errors.New("no such country")
	}
	return nil
}

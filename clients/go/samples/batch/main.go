// Command batch carries out several mutations in one commit: item by item, and all or nothing. Its argument is the
// server's address.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"walletd.example/walletd"
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
	shop := walletd.WalletRef{OwnerID: "shop-1", Currency: "EUR"}
	user := walletd.WalletRef{OwnerID: "user-41", Currency: "EUR"}

	// Item by item: each has a result of its own, and one that is refused doesn't hinder the others.
	result, err := client.Batch(ctx, walletd.Batch{Items: []walletd.Mutation{
		walletd.OpenWallet{OwnerID: "shop-1", Currency: "EUR", Reason: "signup"},
		walletd.OpenWallet{OwnerID: "user-41", Currency: "EUR", Reason: "signup"},
		walletd.Credit{Wallet: user, Amount: 1000, Reason: "topup"},
		walletd.Debit{Wallet: user, Amount: 5000, Reason: "esim.purchase"},
	}})
	if err != nil {
		return err
	}
	for i, item := range result.Results {
		if item.Err != nil {
			fmt.Println(i, item.Err)
		} else {
			fmt.Println(i, "balance", item.Balance)
		}
	}

	// All or nothing: the fee can't be paid, so the purchase isn't either.
	_, err = client.Batch(ctx, walletd.Batch{Atomic: true, Items: []walletd.Mutation{
		walletd.Transfer{From: user, To: shop, Amount: 900, Reason: "esim.purchase"},
		walletd.Debit{Wallet: user, Amount: 200, Reason: "fee"},
	}})
	var refused *walletd.RejectedError
	if !errors.As(err, &refused) {
		return fmt.Errorf("not refused: %w", err)
	}
	fmt.Println(refused.Reason, "by item", refused.Index, "for", refused.Cause.Reason)
	return nil
}

// Command basic opens a wallet, puts money into it, pays, is refused, and lists what happened. Its argument is the
// server's address.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

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
	wallet := walletd.WalletRef{OwnerID: "user-17", Currency: "EUR"}

	_, err = client.OpenWallet(ctx, walletd.OpenWallet{OwnerID: "user-17", Currency: "EUR", Reason: "signup"})
	if err != nil {
		return err
	}
	_, err = client.Credit(ctx, walletd.Credit{Wallet: wallet, Amount: 2000, Reason: "topup",
		With: walletd.With{Reference: "stripe:pi_123"}})
	if err != nil {
		return err
	}
	price, err := money.Parse("12.30", 2)
	if err != nil {
		return err
	}
	paid, err := client.Debit(ctx, walletd.Debit{Wallet: wallet, Amount: price, Reason: "esim.purchase"})
	if err != nil {
		return err
	}
	fmt.Println(money.Format(paid.Available, paid.Exponent), paid.Currency)

	_, err = client.Debit(ctx, walletd.Debit{Wallet: wallet, Amount: 5000, Reason: "esim.purchase"})
	var refused *walletd.RejectedError
	if !errors.As(err, &refused) {
		return fmt.Errorf("not refused: %w", err)
	}
	if short, ok := refused.Detail.(*walletd.InsufficientFunds); ok {
		fmt.Println(refused.Reason, "short of", short.Shortfall)
	}

	rows := client.AllTransactions(ctx, walletd.ListTransactions{Wallet: wallet})
	for rows.Next() {
		row := rows.Value()
		fmt.Println(row.WalletVersion, row.Kind, row.Amount, row.Balance)
	}
	return rows.Err()
}

// Command watch prints every transaction as it is committed. Its arguments are the server's address and, to go on where
// it was, the last token.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"walletd.example/walletd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	token := ""
	if len(os.Args) > 2 {
		token = os.Args[2]
	}
	if err := run(ctx, os.Args[1], token); err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address, token string) error {
	client, err := walletd.New(address, walletd.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	watch := client.WatchTransactions(ctx, walletd.WatchTransactions{ResumeToken: token})
	defer watch.Close()
	for watch.Next() {
		event := watch.Event()
		if row := event.Transaction; row != nil {
			fmt.Println(row.Kind, event.BalanceBefore, "to", row.Balance)
		}
		token = event.ResumeToken // keep it with what was made of the event: none is missed, none is taken twice
	}
	return watch.Err()
}

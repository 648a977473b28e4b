// Command secure connects with TLS and a token. Its arguments are the server's address, the file of the authority that
// signed its certificate, and the file of the token.
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
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address, authority, tokenFile string) error {
	config, err := walletd.TLSFiles(authority, "", "", "")
	if err != nil {
		return err
	}
	client, err := walletd.New(address, walletd.Options{TLS: config, TokenFile: tokenFile})
	if err != nil {
		return err
	}
	defer client.Close()
	info, err := client.GetServerInfo(ctx)
	if errors.Is(err, walletd.ErrUnauthenticated) {
		return fmt.Errorf("one of us does not accept who the other one is: %w", err)
	}
	if err != nil {
		return err
	}
	fmt.Println("served by", info.ServerName)
	return nil
}

package main

import (
	"context"

	"walletd.example/walletd"
)

// events is what a stream of the client is read by.
type events interface {
	Next() bool
	Err() error
	Close() error
}

// stream writes a line for each event, and gives the result.
func (d *driver) stream(ctx context.Context, client *walletd.Client, o *operation) object {
	var reader events
	var event func() any
	switch o.Verb {
	case "WatchTransactions":
		var args struct {
			AfterSeq    *int64
			ResumeToken string
			FromNow     bool
			WalletIDs   []int64
			Kinds       []walletd.TransactionKind
		}
		if err := read(&args, o.Args); err != nil {
			return object{"error": errorOf(err)}
		}
		w := walletd.WatchTransactions{ResumeToken: args.ResumeToken, WalletIDs: args.WalletIDs, Kinds: args.Kinds}
		if args.AfterSeq != nil {
			w.After, w.FromBeginning = *args.AfterSeq, *args.AfterSeq == 0
		}
		watch := client.WatchTransactions(ctx, w)
		reader, event = watch, func() any { return plain(watch.Event()) }
	case "Verify":
		var args walletd.Verify
		if err := read(&args, o.Args); err != nil {
			return object{"error": errorOf(err)}
		}
		verification := client.Verify(ctx, args)
		reader, event = verification, func() any { return plain(verification.Event()) }
	case "Backup":
		var args walletd.Backup
		if err := read(&args, o.Args); err != nil {
			return object{"error": errorOf(err)}
		}
		backup := client.Backup(ctx, args)
		reader, event = backup, func() any { return plain(backup.Event()) }
	default:
		return object{"error": failure("invalid", "no stream "+o.Verb)}
	}
	defer reader.Close()
	for count := number(0); o.Limit == 0 || count < o.Limit; count++ {
		if !reader.Next() {
			if err := reader.Err(); err != nil {
				return object{"error": errorOf(err)}
			}
			break
		}
		d.write(object{"id": o.ID, "event": event()})
	}
	return object{"ok": object{}}
}

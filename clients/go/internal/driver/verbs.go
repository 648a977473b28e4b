package main

import (
	"context"
	"fmt"
	"time"

	"walletd.example/walletd"
)

// call carries out one call of a verb.
func call(ctx context.Context, client *walletd.Client, o *operation) object {
	result, err := dispatch(ctx, client, o)
	if err != nil {
		return object{"error": errorOf(err)}
	}
	return object{"ok": result}
}

// mutationOf reads the arguments of a mutation that may stand in a batch.
func mutationOf(verb string, args map[string]any, retryOfUnknown bool) (walletd.Mutation, error) {
	switch verb {
	case "OpenWallet":
		var named struct {
			Wallet walletd.WalletRef
			Reason string
			walletd.With
		}
		err := read(&named, args)
		named.RetryOfUnknown = retryOfUnknown
		return walletd.OpenWallet{OwnerID: named.Wallet.OwnerID, Currency: named.Wallet.Currency, Name: named.Wallet.Name,
			Reason: named.Reason, With: named.With}, err
	case "Debit":
		return readInto(args, func(m *walletd.Debit) { m.RetryOfUnknown = retryOfUnknown })
	case "Credit":
		return readInto(args, func(m *walletd.Credit) { m.RetryOfUnknown = retryOfUnknown })
	case "Transfer":
		return readInto(renamed(args, "wallet", "from"), func(m *walletd.Transfer) { m.RetryOfUnknown = retryOfUnknown })
	case "Hold":
		return readInto(args, func(m *walletd.Hold) { m.RetryOfUnknown = retryOfUnknown })
	case "Capture":
		return readInto(args, func(m *walletd.Capture) { m.RetryOfUnknown, m.All = retryOfUnknown, m.Amount == 0 })
	case "Release":
		return readInto(args, func(m *walletd.Release) { m.RetryOfUnknown = retryOfUnknown })
	case "Refund":
		return readInto(args, func(m *walletd.Refund) { m.RetryOfUnknown, m.All = retryOfUnknown, m.Amount == 0 })
	case "Freeze":
		return readInto(args, func(m *walletd.Freeze) { m.RetryOfUnknown = retryOfUnknown })
	case "Unfreeze":
		return readInto(args, func(m *walletd.Unfreeze) { m.RetryOfUnknown = retryOfUnknown })
	case "SetLimits":
		return readInto(args, func(m *walletd.SetLimits) { m.RetryOfUnknown = retryOfUnknown })
	case "CloseWallet":
		return readInto(args, func(m *walletd.CloseWallet) { m.RetryOfUnknown = retryOfUnknown })
	}
	return nil, nil
}

func readInto[T walletd.Mutation](args map[string]any, and func(*T)) (walletd.Mutation, error) {
	var mutation T
	err := read(&mutation, args)
	and(&mutation)
	return mutation, err
}

// renamed has one argument under another name: that of the client's field, which is another one than the schema's.
func renamed(args map[string]any, from, to string) map[string]any {
	other := make(map[string]any, len(args))
	for name, value := range args {
		if name == from {
			name = to
		}
		other[name] = value
	}
	return other
}

func dispatch(ctx context.Context, client *walletd.Client, o *operation) (any, error) {
	mutation, err := mutationOf(o.Verb, o.Args, o.RetryOfUnknown)
	if err != nil {
		return nil, err
	}
	switch m := mutation.(type) {
	case walletd.OpenWallet:
		return mutated(client.OpenWallet(ctx, m))
	case walletd.Debit:
		return mutated(client.Debit(ctx, m))
	case walletd.Credit:
		return mutated(client.Credit(ctx, m))
	case walletd.Transfer:
		return transferred(client.Transfer(ctx, m))
	case walletd.Hold:
		return mutated(client.Hold(ctx, m))
	case walletd.Capture:
		return mutated(client.Capture(ctx, m))
	case walletd.Release:
		return mutated(client.Release(ctx, m))
	case walletd.Refund:
		return mutated(client.Refund(ctx, m))
	case walletd.Freeze:
		return mutated(client.Freeze(ctx, m))
	case walletd.Unfreeze:
		return mutated(client.Unfreeze(ctx, m))
	case walletd.SetLimits:
		return mutated(client.SetLimits(ctx, m))
	case walletd.CloseWallet:
		return mutated(client.CloseWallet(ctx, m))
	}
	switch o.Verb {
	case "Batch":
		return batch(ctx, client, o)
	case "Ping":
		return with(o, func(struct{}) (*walletd.Pong, error) { return client.Ping(ctx) })
	case "GetServerInfo":
		return with(o, func(struct{}) (*walletd.ServerInfo, error) { return client.GetServerInfo(ctx) })
	case "GetSchema":
		return with(o, func(struct{}) (*walletd.Schema, error) { return client.GetSchema(ctx) })
	case "GetWallet":
		return with(o, func(a struct{ Wallet walletd.WalletRef }) (any, error) {
			found, err := client.GetWallet(ctx, a.Wallet)
			if err != nil {
				return nil, err
			}
			fields := plain(found).(object) // which may be looked for here or, as in the response, in `wallet`
			fields["wallet"] = plain(found)
			return fields, nil
		})
	case "GetBalance":
		return with(o, func(a struct{ Wallet walletd.WalletRef }) (*walletd.Balance, error) {
			return client.GetBalance(ctx, a.Wallet)
		})
	case "GetBalanceAt":
		return balanceAt(ctx, client, o)
	case "ExplainBalance":
		return with(o, func(a walletd.ExplainBalance) (*walletd.BalanceExplanation, error) {
			return client.ExplainBalance(ctx, a)
		})
	case "ListWallets":
		return with(o, func(a walletd.ListWallets) (*walletd.WalletPage, error) { return client.ListWallets(ctx, a) })
	case "ListTransactions":
		return with(o, func(a walletd.ListTransactions) (*walletd.TransactionPage, error) {
			return client.ListTransactions(ctx, a)
		})
	case "ListRefusals":
		return with(o, func(a walletd.ListRefusals) (*walletd.RefusalPage, error) { return client.ListRefusals(ctx, a) })
	case "TrialBalance":
		return with(o, func(a struct{ Currency string }) (*walletd.TrialBalance, error) {
			return client.TrialBalance(ctx, a.Currency)
		})
	case "RegisterCurrency":
		return with(o, func(a walletd.RegisterCurrency) (*walletd.AdministrationResult, error) {
			a.RetryOfUnknown = o.RetryOfUnknown
			return client.RegisterCurrency(ctx, a)
		})
	case "AddCounterAccount":
		return with(o, func(a walletd.AddCounterAccount) (*walletd.AdministrationResult, error) {
			a.RetryOfUnknown = o.RetryOfUnknown
			return client.AddCounterAccount(ctx, a)
		})
	case "CreateToken":
		return with(o, func(a createToken) (any, error) { return a.do(ctx, client, o.RetryOfUnknown) })
	case "RevokeToken":
		return with(o, func(a walletd.RevokeToken) (*walletd.AdministrationResult, error) {
			a.RetryOfUnknown = o.RetryOfUnknown
			return client.RevokeToken(ctx, a)
		})
	case "ListTokens":
		return with(o, func(a walletd.ListTokens) (*walletd.TokenPage, error) { return client.ListTokens(ctx, a) })
	}
	return nil, argumentError("no verb " + o.Verb)
}

// with reads the arguments and makes the call.
func with[A, R any](o *operation, act func(A) (R, error)) (any, error) {
	var args A
	if err := read(&args, o.Args); err != nil {
		return nil, err
	}
	result, err := act(args)
	if err != nil {
		return nil, err
	}
	return plain(result), nil
}

func mutated(result *walletd.MutationResult, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return plain(result), nil
}

// transferred has the figures of the source beside those of a transfer, as every mutation has them.
func transferred(result *walletd.TransferResult, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	fields := plain(result.Source).(object)
	for name, value := range plain(result).(object) {
		fields[name] = value
	}
	return fields, nil
}

func balanceAt(ctx context.Context, client *walletd.Client, o *operation) (any, error) {
	return with(o, func(a struct {
		Wallet  walletd.WalletRef
		Time    *timeMicros
		Version *int64
	}) (*walletd.BalanceAt, error) {
		switch {
		case a.Version != nil && a.Time == nil:
			return client.GetBalanceAtVersion(ctx, a.Wallet, *a.Version)
		case a.Version == nil && a.Time != nil:
			return client.GetBalanceAt(ctx, a.Wallet, a.Time.Time)
		}
		return nil, argumentError("either time_micros or version")
	})
}

func batch(ctx context.Context, client *walletd.Client, o *operation) (any, error) {
	var args struct {
		IdempotencyKey              string
		Atomic, FullResults, DryRun bool
		Items                       []map[string]any
	}
	if err := read(&args, o.Args); err != nil {
		return nil, err
	}
	b := walletd.Batch{Atomic: args.Atomic, Key: args.IdempotencyKey, FullResults: args.FullResults, DryRun: args.DryRun,
		RetryOfUnknown: o.RetryOfUnknown}
	for i, item := range args.Items {
		for name, value := range item {
			inner, ok := value.(map[string]any)
			mutation, err := mutationOf(camel(name), inner, false)
			if err != nil {
				return nil, err
			}
			if !ok || mutation == nil || len(item) != 1 {
				return nil, argumentError(fmt.Sprintf("item %d is not a mutation", i))
			}
			b.Items = append(b.Items, mutation)
		}
	}
	result, err := client.Batch(ctx, b)
	if err != nil {
		return nil, err
	}
	fields := plain(result).(object)
	items := make([]object, len(result.Results))
	for i, item := range result.Results {
		if item.Err != nil {
			items[i] = object{"error": errorOf(item.Err)}
			continue
		}
		ok := plain(item).(object)
		ok["wallet_version"] = ok["version"] // its name in the response
		items[i] = object{"ok": ok}
	}
	fields["results"] = items
	return fields, nil
}

// createToken makes a secret where neither a secret, a certificate nor a user is given. The result has the token.
type createToken struct {
	Principal, CertificateName, OwnerPrefix, Reason string
	Secret                                          []byte
	UnixUser                                        *uint32
	Scopes, Currencies                              []string
	MaxAmount                                       int64
	ExpiresAt                                       time.Time
	walletd.With
}

func (a createToken) do(ctx context.Context, client *walletd.Client, retryOfUnknown bool) (any, error) {
	m := walletd.CreateToken{Principal: a.Principal, CertificateName: a.CertificateName, UnixUser: a.UnixUser,
		Scopes: a.Scopes, Currencies: a.Currencies, OwnerPrefix: a.OwnerPrefix, MaxAmount: a.MaxAmount,
		ExpiresAt: a.ExpiresAt, Reason: a.Reason, With: a.With}
	m.RetryOfUnknown = retryOfUnknown
	if a.Secret != nil || a.CertificateName == "" && a.UnixUser == nil {
		secret := walletd.NewTokenSecret()
		if a.Secret != nil && copy(secret[:], a.Secret) != len(secret) {
			return nil, argumentError("a secret has 32 bytes")
		}
		m.Secret = &secret
	}
	created, err := client.CreateToken(ctx, m)
	if err != nil {
		return nil, err
	}
	fields := plain(created.AdministrationResult).(object)
	fields["token"] = created.Token
	return fields, nil
}

package walletd

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"walletd.example/walletd/internal/wrptest"
	"walletd.example/walletd/money"
)

// Every verb against the real server.

func opened(t testing.TB, client *Client, owner, currency string) WalletRef {
	t.Helper()
	must[*MutationResult](t)(client.OpenWallet(ctx, OpenWallet{OwnerID: owner, Currency: currency, Reason: "signup"}))
	return WalletRef{OwnerID: owner, Currency: currency}
}

func credit(t testing.TB, client *Client, wallet WalletRef, amount int64) *MutationResult {
	t.Helper()
	return must[*MutationResult](t)(client.Credit(ctx, Credit{Wallet: wallet, Amount: amount, Reason: "topup"}))
}

func TestServerVerbs(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	if pong := must[*Pong](t)(client.Ping(ctx)); time.Since(pong.ServerTime) > time.Hour {
		t.Error(pong)
	}
	info := must[*ServerInfo](t)(client.GetServerInfo(ctx))
	if !info.MutationsAvailable || info.LedgerID == "" || info.Limits.RequestsInFlightMax == 0 ||
		info.Limits.DefaultDeadline != 10*time.Second {
		t.Errorf("%+v", info)
	}
	schema := must[*Schema](t)(client.GetSchema(ctx))
	var files descriptorpb.FileDescriptorSet
	digest := sha256.Sum256(schema.FileDescriptorSet)
	if err := proto.Unmarshal(schema.FileDescriptorSet, &files); err != nil || string(digest[:]) != string(schema.Digest) {
		t.Error(err)
	}
	mine := connect(t, client.settings.address, Options{LedgerID: info.LedgerID})
	must[*Pong](t)(mine.Ping(ctx))
	other := connect(t, client.settings.address, Options{LedgerID: "00000000-0000-0000-0000-000000000000"})
	if _, err := other.Ping(ctx); err == nil {
		t.Error("another ledger is served")
	}
}

func TestMoneyMoves(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet := opened(t, client, "user-17", "EUR")
	first := credit(t, client, wallet, 2000)
	if first.Key == "" || first.Balance != 2000 || first.Version != 2 || first.Transaction.Kind != TransactionKindCredit ||
		first.CommitSeq != first.Transaction.ID || first.Transaction.CounterAccount != "funding" {
		t.Errorf("%+v", first)
	}
	amount := must[int64](t)(money.Parse("12.30", 2))
	paid := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: amount, Reason: "esim.purchase",
		With: With{Reference: "order-7", Metadata: map[string]string{"plan": "5GB"}, OccurredAt: time.UnixMicro(5)}}))
	if money.Format(paid.Available, paid.Exponent) != "7.70" || paid.Transaction.Amount != -1230 ||
		paid.Transaction.Metadata["plan"] != "5GB" || !paid.Transaction.OccurredAt.Equal(time.UnixMicro(5)) {
		t.Errorf("%+v", paid)
	}
	again := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: amount, Reason: "esim.purchase",
		With: With{Key: paid.Key, Reference: "order-7", Metadata: map[string]string{"plan": "5GB"}, OccurredAt: time.UnixMicro(5)}}))
	if !again.Replayed || again.Transaction.ID != paid.Transaction.ID {
		t.Errorf("%+v", again)
	}
	_, err := client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "esim.purchase", With: With{Key: paid.Key}})
	if e := wantRejected(t, err, ReasonIdempotencyMismatch); e.Detail.(*IdempotencyMismatch).Field != "amount" {
		t.Error(e)
	}
	_, err = client.Debit(ctx, Debit{Wallet: wallet, Amount: 5000, Reason: "esim.purchase"})
	if e := wantRejected(t, err, ReasonInsufficientFunds); e.Detail.(*InsufficientFunds).Shortfall != 4230 {
		t.Errorf("%+v", e.Detail)
	}
	_, err = client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test", ExpectedVersion: 9})
	if e := wantRejected(t, err, ReasonVersionConflict); *e.Detail.(*VersionConflict) != (VersionConflict{9, 3, 770}) {
		t.Errorf("%+v", e.Detail)
	}
	tried := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: 70, Reason: "fee", With: With{DryRun: true}}))
	if !tried.DryRun || tried.Available != 700 || tried.Transaction.ID != 0 {
		t.Errorf("%+v", tried)
	}
	friend := opened(t, client, "user-18", "EUR")
	moved := must[*TransferResult](t)(client.Transfer(ctx, Transfer{From: wallet, To: friend, Amount: 100, Reason: "gift"}))
	if moved.Source.Available != 670 || moved.Destination.Balance != 100 || moved.Source.Key != moved.Key ||
		moved.CommitSeq != moved.Destination.ID {
		t.Errorf("%+v", moved)
	}
	_, err = client.Transfer(ctx, Transfer{From: wallet, To: wallet, Amount: 1, Reason: "gift"})
	wantRejected(t, err, ReasonSameWallet)
	refunded := must[*MutationResult](t)(client.Refund(ctx, Refund{TransactionID: paid.Transaction.ID, Amount: 230, Reason: "complaint"}))
	if refunded.Balance != 900 || refunded.Transaction.RelatedTransactionID != paid.Transaction.ID {
		t.Errorf("%+v", refunded)
	}
	rest := must[*MutationResult](t)(client.Refund(ctx, Refund{TransactionID: paid.Transaction.ID, All: true, Reason: "complaint"}))
	if rest.Balance != 1900 {
		t.Errorf("%+v", rest)
	}
	_, err = client.Refund(ctx, Refund{TransactionID: paid.Transaction.ID, Amount: 1, Reason: "complaint"})
	if e := wantRejected(t, err, ReasonRefundExceedsOriginal); *e.Detail.(*RefundExceeds) != (RefundExceeds{1230, 1230, 0}) {
		t.Errorf("%+v", e.Detail)
	}
}

func TestHolds(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet := opened(t, client, "user-17", "EUR")
	credit(t, client, wallet, 1000)
	hold := func(timeout time.Duration) int64 {
		held := must[*MutationResult](t)(client.Hold(ctx, Hold{Wallet: wallet, Amount: 500, Timeout: timeout, Reason: "esim.reserve"}))
		return held.Transaction.ID
	}
	id := hold(time.Hour)
	captured := must[*MutationResult](t)(client.Capture(ctx, Capture{HoldID: id, Amount: 300, Currency: "EUR", Reason: "esim.activate"}))
	if captured.Balance != 700 || captured.Held != 200 || captured.Transaction.HoldID != id {
		t.Errorf("%+v", captured)
	}
	_, err := client.Capture(ctx, Capture{HoldID: id, Amount: 300, Reason: "esim.activate"})
	if e := wantRejected(t, err, ReasonHoldAmountExceeded); e.Detail.(*HoldDetail).Remaining != 200 {
		t.Errorf("%+v", e.Detail)
	}
	released := must[*MutationResult](t)(client.Release(ctx, Release{HoldID: id, Reason: "esim.activate"}))
	if released.Held != 0 || released.Available != 700 {
		t.Errorf("%+v", released)
	}
	_, err = client.Release(ctx, Release{HoldID: id, Reason: "esim.activate"})
	if e := wantRejected(t, err, ReasonHoldReleased); e.Detail.(*HoldDetail).At.IsZero() {
		t.Errorf("%+v", e.Detail)
	}
	all := must[*MutationResult](t)(client.Capture(ctx, Capture{HoldID: hold(time.Hour), All: true, Reason: "esim.activate"}))
	if all.Balance != 200 || all.Held != 0 {
		t.Errorf("%+v", all)
	}
	credit(t, client, wallet, 1000)
	short := hold(time.Millisecond)
	for end := time.Now().Add(wrptest.Patience); ; time.Sleep(5 * time.Millisecond) {
		balance := must[*Balance](t)(client.GetBalance(ctx, wallet))
		if balance.Available == 1200 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%+v", balance)
		}
	}
	_, err = client.Capture(ctx, Capture{HoldID: short, All: true, Reason: "esim.activate"})
	wantRejected(t, err, ReasonHoldExpired)
}

func TestStoppingAndClosing(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet := opened(t, client, "user-17", "EUR")
	credit(t, client, wallet, 1000)
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	must[*MutationResult](t)(client.Freeze(ctx, Freeze{Wallet: wallet, Scope: FreezeScopeDebit, Until: until, Reason: "fraud.check"}))
	_, err := client.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test"})
	frozen, ok := wantRejected(t, err, ReasonWalletFrozen).Detail.(*WalletFrozen)
	if !ok || frozen.Scope != FreezeScopeDebit || !frozen.Until.Equal(until) || frozen.Reason != "fraud.check" {
		t.Errorf("%+v", frozen)
	}
	must[*MutationResult](t)(client.Unfreeze(ctx, Unfreeze{Wallet: wallet, Scope: FreezeScopeAll, Reason: "fraud.cleared"}))
	limits := WalletLimits{OverdraftLimit: 50, MaxBalance: 5000, MaxAmount: 900, Day: WindowLimit{950, 20}}
	must[*MutationResult](t)(client.SetLimits(ctx, SetLimits{Wallet: wallet, Limits: limits, Reason: "kyc.basic"}))
	_, err = client.Debit(ctx, Debit{Wallet: wallet, Amount: 901, Reason: "test"})
	if e := wantRejected(t, err, ReasonLimitExceeded); e.Detail.(*LimitExceeded).Kind != LimitKindTransactionAmount {
		t.Errorf("%+v", e.Detail)
	}
	must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: 900, Reason: "test"}))
	_, err = client.Debit(ctx, Debit{Wallet: wallet, Amount: 51, Reason: "test"})
	if e := wantRejected(t, err, ReasonLimitExceeded); e.Detail.(*LimitExceeded).Remaining != 50 ||
		e.Detail.(*LimitExceeded).WindowEnd.IsZero() {
		t.Errorf("%+v", e.Detail)
	}
	_, err = client.Credit(ctx, Credit{Wallet: wallet, Amount: 5000, Reason: "test"})
	wantRejected(t, err, ReasonMaxBalanceExceeded)
	explained := must[*BalanceExplanation](t)(client.ExplainBalance(ctx, ExplainBalance{Wallet: wallet, LastChanges: 2}))
	if !explained.Equal || explained.Limits != limits || len(explained.LastChanges) != 2 || len(explained.Sums) == 0 ||
		explained.Wallet.Balance != 100 || explained.Wallet.Status != WalletStatusOpen || len(explained.LimitUses) == 0 {
		t.Errorf("%+v", explained)
	}
	_, err = client.CloseWallet(ctx, CloseWallet{Wallet: wallet, Reason: "account.closed"})
	if e := wantRejected(t, err, ReasonWalletNotEmpty); e.Detail.(*WalletNotEmpty).Balance != 100 {
		t.Errorf("%+v", e.Detail)
	}
	must[*MutationResult](t)(client.SetLimits(ctx, SetLimits{Wallet: wallet, Reason: "kyc.lifted"}))
	must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: 100, Reason: "payout"}))
	must[*MutationResult](t)(client.CloseWallet(ctx, CloseWallet{Wallet: wallet, Reason: "account.closed"}))
	found := must[*Wallet](t)(client.GetWallet(ctx, wallet))
	if found.Status != WalletStatusClosed || found.OwnerID != "user-17" || found.CreatedAt.IsZero() {
		t.Errorf("%+v", found)
	}
	_, err = client.Credit(ctx, Credit{Wallet: found.Ref(), Amount: 1, Reason: "test"})
	wantRejected(t, err, ReasonWalletClosed)
	_, err = client.GetWallet(ctx, WalletRef{OwnerID: "nobody", Currency: "EUR"})
	if e := wantRejected(t, err, ReasonWalletNotFound); e.Detail.(*WalletDetail).OwnerID != "nobody" {
		t.Errorf("%+v", e.Detail)
	}
	_, err = client.OpenWallet(ctx, OpenWallet{OwnerID: "user-17", Currency: "NOPE", Reason: "signup"})
	wantRejected(t, err, ReasonCurrencyUnknown)
}

func TestAdministration(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	registered := must[*AdministrationResult](t)(client.RegisterCurrency(ctx, RegisterCurrency{Code: "ESIM-MB", Reason: "new.product"}))
	if registered.Row.Subject != "ESIM-MB" || registered.Row.Verb != "REGISTER_CURRENCY" || registered.Key == "" {
		t.Errorf("%+v", registered)
	}
	_, err := client.RegisterCurrency(ctx, RegisterCurrency{Code: "EUR", Exponent: 2, Reason: "test"})
	wantRejected(t, err, ReasonCurrencyExists)
	must[*AdministrationResult](t)(client.AddCounterAccount(ctx, AddCounterAccount{Name: "vouchers", Reason: "new.channel"}))
	_, err = client.AddCounterAccount(ctx, AddCounterAccount{Name: "vouchers", Reason: "new.channel"})
	if e := wantRejected(t, err, ReasonCounterAccountExists); e.Detail.(*CounterAccountDetail).CounterAccount != "vouchers" {
		t.Errorf("%+v", e.Detail)
	}
	wallet := opened(t, client, "user-17", "ESIM-MB")
	must[*MutationResult](t)(client.Credit(ctx, Credit{Wallet: wallet, Amount: 1024, Reason: "bundle", CounterAccount: "vouchers"}))
	totals := must[*TrialBalance](t)(client.TrialBalance(ctx, "ESIM-MB"))
	if len(totals.Currencies) != 1 || totals.Currencies[0].WalletsTotal != 1024 || totals.Currencies[0].Difference != 0 ||
		!totals.Currencies[0].Registered || totals.Currencies[0].CounterAccounts[0] != (CounterAccountBalance{"vouchers", -1024}) ||
		len(totals.CounterAccounts) != 6 {
		t.Errorf("%+v", totals)
	}
	_, err = client.TrialBalance(ctx, "NOPE")
	wantRejected(t, err, ReasonCurrencyUnknown)
}

func TestListsAndThePast(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet := opened(t, client, "user-17", "EUR")
	opened(t, client, "user-17", "USD")
	opened(t, client, "user-17", "JPY")
	var middle *MutationResult
	for i := int64(1); i <= 25; i++ {
		result := credit(t, client, wallet, i)
		if i == 10 {
			middle = result
		}
	}
	wallets := client.AllWallets(ctx, ListWallets{OwnerID: "user-17", PageSize: 2})
	var currencies string
	for wallets.Next() {
		currencies += wallets.Value().Currency
	}
	if wallets.Err() != nil || currencies != "EURUSDJPY" || wallets.Next() {
		t.Error(currencies, wallets.Err())
	}
	rows := client.AllTransactions(ctx, ListTransactions{Wallet: wallet, PageSize: 7, OldestFirst: true})
	var version int64
	for rows.Next() {
		if version++; rows.Value().WalletVersion != version {
			t.Error(rows.Value())
		}
	}
	if rows.Err() != nil || version != 26 {
		t.Error(version, rows.Err())
	}
	filter := TransactionFilter{Kinds: []TransactionKind{TransactionKindCredit}, MinAmount: 5, MaxAmount: 9, Reason: "topup",
		From: middle.Transaction.CreatedAt.Add(-time.Hour), Before: time.Now().Add(time.Hour)}
	page := must[*TransactionPage](t)(client.ListTransactions(ctx, ListTransactions{Wallet: wallet, Filter: filter}))
	if len(page.Transactions) != 5 || page.Transactions[0].Amount != 9 || page.Currency != "EUR" || page.Exponent != 2 {
		t.Errorf("%+v", page)
	}
	at := must[*BalanceAt](t)(client.GetBalanceAt(ctx, wallet, middle.Transaction.CreatedAt))
	if at.Balance < 55 || at.Version < 11 {
		t.Errorf("%+v", at)
	}
	then := must[*BalanceAt](t)(client.GetBalanceAtVersion(ctx, wallet, 11))
	if then.Balance != 55 || then.TransactionID != middle.Transaction.ID || !then.CreatedAt.Equal(middle.Transaction.CreatedAt) {
		t.Errorf("%+v", then)
	}
	_, err := client.GetBalanceAtVersion(ctx, wallet, 99)
	wantRejected(t, err, ReasonInvalidArgument)
	lost := client.AllTransactions(ctx, ListTransactions{Wallet: WalletRef{OwnerID: "nobody", Currency: "EUR"}})
	if lost.Next() {
		t.Error(lost.Value())
	}
	wantRejected(t, lost.Err(), ReasonWalletNotFound)
	var keys []string
	for i := 0; i < 3; i++ {
		_, err := client.Debit(ctx, Debit{Wallet: wallet, Amount: 1_000_000, Reason: "test", With: With{Note: "n"}})
		keys = append(keys, wantRejected(t, err, ReasonInsufficientFunds).Key)
	}
	refusals := client.AllRefusals(ctx, ListRefusals{Wallet: wallet, PageSize: 2, OldestFirst: true,
		Reasons: []Reason{ReasonInsufficientFunds}})
	count := 0
	for refusals.Next() {
		one := refusals.Value()
		if one.IdempotencyKey != keys[count] || one.Verb != "DEBIT" || one.Error.Reason != ReasonInsufficientFunds ||
			one.Error.Detail.(*InsufficientFunds).Requested != 1_000_000 || one.Wallet.OwnerID != "user-17" || one.Note != "n" {
			t.Errorf("%+v", one)
		}
		count++
	}
	if refusals.Err() != nil || count != 3 {
		t.Error(count, refusals.Err())
	}
}

func TestBatches(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet, friend := opened(t, client, "user-17", "EUR"), opened(t, client, "user-18", "EUR")
	hold := Hold{Wallet: wallet, Amount: 10, Timeout: time.Hour, Reason: "test"}
	result := must[*BatchResult](t)(client.Batch(ctx, Batch{FullResults: true, Items: []Mutation{
		OpenWallet{OwnerID: "user-19", Currency: "EUR", Reason: "signup"},
		Credit{Wallet: wallet, Amount: 100, Reason: "test"},
		Debit{Wallet: wallet, Amount: 1000, Reason: "test"},
		Transfer{From: wallet, To: friend, Amount: 30, Reason: "test"},
		hold,
		Freeze{Wallet: friend, Scope: FreezeScopeAll, Reason: "test"},
		Unfreeze{Wallet: friend, Scope: FreezeScopeAll, Reason: "test"},
		SetLimits{Wallet: friend, Limits: WalletLimits{MaxAmount: 5}, Reason: "test"},
		CloseWallet{Wallet: WalletRef{OwnerID: "user-19", Currency: "EUR"}, Reason: "test"},
	}}))
	for i, item := range result.Results {
		if i == 2 {
			wantRejected(t, item.Err, ReasonInsufficientFunds)
		} else if item.Err != nil || item.Transaction == nil || item.Transaction.IdempotencyKey != item.Key {
			t.Errorf("item %d: %+v", i, item)
		}
	}
	again := must[*BatchResult](t)(client.Batch(ctx, Batch{Atomic: true, Items: []Mutation{
		Capture{HoldID: result.Results[4].TransactionID, Amount: 4, Reason: "test"},
		Release{HoldID: result.Results[4].TransactionID, Reason: "test"}}}))
	if again.Results[1].Balance != 66 || again.Results[1].Held != 0 || again.Results[0].Key != again.Key {
		t.Errorf("%+v", again)
	}
	refund := []Mutation{Refund{TransactionID: again.Results[0].TransactionID, All: true, Reason: "test"},
		Debit{Wallet: wallet, Amount: 1000, Reason: "test"}}
	_, err := client.Batch(ctx, Batch{Atomic: true, Items: refund})
	if e := wantRejected(t, err, ReasonBatchAborted); e.Index != 1 || e.Cause.Reason != ReasonInsufficientFunds {
		t.Errorf("%+v", e)
	}
	tried := must[*BatchResult](t)(client.Batch(ctx, Batch{DryRun: true, Items: refund[:1]}))
	if !tried.DryRun || tried.Results[0].Balance != 70 {
		t.Errorf("%+v", tried)
	}
	many := make([]Mutation, batchItemsMax)
	for i := range many {
		many[i] = Credit{Wallet: wallet, Amount: 1, Reason: "test"}
	}
	large := must[*BatchResult](t)(client.Batch(limit(t, time.Minute), Batch{Items: many}))
	if last := large.Results[batchItemsMax-1]; last.Err != nil || last.Balance != 66+batchItemsMax {
		t.Errorf("%+v", last)
	}
}

func TestVerifyAndWatch(t *testing.T) {
	client := connect(t, wrptest.NewServer(t).Address, Options{})
	wallet := opened(t, client, "w-1", "USD")
	opened(t, client, "w-2", "JPY")
	first := credit(t, client, wallet, 2000)
	paid := must[*MutationResult](t)(client.Debit(ctx, Debit{Wallet: wallet, Amount: 450, Reason: "esim.purchase"}))

	take := func(count int, w WatchTransactions) (events []WatchEvent) {
		t.Helper()
		watch := client.WatchTransactions(limit(t, wrptest.Patience), w)
		defer watch.Close()
		for len(events) < count && watch.Next() {
			if watch.Event().Transaction != nil {
				events = append(events, watch.Event())
			}
		}
		if watch.Err() != nil {
			t.Fatal(watch.Err())
		}
		return events
	}
	events := take(4, WatchTransactions{FromBeginning: true})
	if events[1].Currency != "JPY" || events[3].BalanceBefore != 2000 || events[3].Transaction.Balance != 1550 ||
		events[3].Transaction.ID != paid.Transaction.ID {
		t.Errorf("%+v", events)
	}
	if rest := take(1, WatchTransactions{ResumeToken: events[2].ResumeToken}); rest[0].Transaction.ID != paid.Transaction.ID {
		t.Errorf("%+v", rest)
	}
	if rest := take(1, WatchTransactions{After: first.Transaction.ID}); rest[0].Transaction.ID != paid.Transaction.ID {
		t.Errorf("%+v", rest)
	}
	only := take(1, WatchTransactions{FromBeginning: true, WalletIDs: []int64{first.Transaction.WalletID},
		Kinds: []TransactionKind{TransactionKindCredit}})
	if only[0].Transaction.ID != first.Transaction.ID {
		t.Errorf("%+v", only)
	}
	refused := client.WatchTransactions(ctx, WatchTransactions{After: 1e12})
	if refused.Next() {
		t.Error(refused.Event())
	}
	wantRejected(t, refused.Err(), ReasonResumeInvalid)

	head := must[*ServerInfo](t)(client.GetServerInfo(ctx)).Head
	verification := client.Verify(limit(t, time.Minute), Verify{ExpectedHead: &head})
	var report *VerifyReport
	for verification.Next() {
		report = verification.Event().Report
	}
	if verification.Err() != nil || report == nil || report.Findings != 0 || report.Head.Seq != head.Seq ||
		!report.IntegrityChecked {
		t.Errorf("%+v, %v", report, verification.Err())
	}
	head.Digest = make([]byte, 32)
	verification = client.Verify(limit(t, time.Minute), Verify{ExpectedHead: &head, SkipIntegrityCheck: true})
	found := false
	for verification.Next() {
		if finding := verification.Event().Finding; finding != nil {
			found = found || finding.What == "head"
		}
	}
	if verification.Err() != nil || !found {
		t.Error("a head that is another is no finding", verification.Err())
	}
}

func TestBackups(t *testing.T) {
	folder := t.TempDir()
	client := connect(t, wrptest.NewServer(t, "--backup-dir", folder).Address, Options{})
	backup := func(incremental bool) (*BackupReport, error) {
		events := client.Backup(limit(t, time.Minute), Backup{Incremental: incremental})
		defer events.Close()
		var report *BackupReport
		for events.Next() {
			report = events.Event().Report
		}
		return report, events.Err()
	}
	wallet := opened(t, client, "user-17", "EUR")
	_, err := backup(true) // to nothing
	wantRejected(t, err, ReasonInvalidArgument)
	whole := must[*BackupReport](t)(backup(false))
	written, err := os.ReadFile(filepath.Join(folder, whole.File))
	if digest := sha256.Sum256(written); err != nil || int64(len(written)) != whole.Bytes ||
		string(digest[:]) != string(whole.SHA256) || whole.Rows != 1 {
		t.Errorf("%+v, %v", whole, err)
	}
	last := credit(t, client, wallet, 5)
	increment := must[*BackupReport](t)(backup(true))
	if !increment.Incremental || increment.BaseSeq != whole.Head.Seq || increment.Head.Seq != last.CommitSeq || increment.Old {
		t.Errorf("%+v", increment)
	}
	if again := must[*BackupReport](t)(backup(true)); !again.Old || again.File != increment.File {
		t.Errorf("%+v", again)
	}
	without := connect(t, wrptest.NewServer(t).Address, Options{})
	events := without.Backup(ctx, Backup{})
	if events.Next() {
		t.Error(events.Event())
	}
	wantRejected(t, events.Err(), ReasonUnimplemented)
}

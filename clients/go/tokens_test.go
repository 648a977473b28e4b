package walletd

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"walletd.example/walletd/internal/wrptest"
)

// admin makes a ledger with a token of all that administrators may do, and a server that asks who is calling.
func adminOf(t *testing.T) (*wrptest.Server, *Client) {
	t.Helper()
	data := t.TempDir()
	program := wrptest.Program(t)
	if out, err := exec.Command(program, "init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	token, err := exec.Command(program, "token", "create", "--data", data, "--principal", "root", "--scopes", "admin,read,credit").Output()
	if err != nil {
		t.Fatal(err, string(token))
	}
	server := wrptest.NewServerOver(t, data, "--auth", "required")
	return server, connect(t, server.Address, Options{Token: strings.TrimSpace(string(token))})
}

func TestTokensOfTheRealServer(t *testing.T) {
	server, admin := adminOf(t)
	secret := NewTokenSecret()
	create := CreateToken{Principal: "till-7", Secret: &secret, Scopes: []string{"read", "credit"}, Currencies: []string{"EUR"},
		OwnerPrefix: "user-", MaxAmount: 500, ExpiresAt: time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond),
		Reason: "new.till", With: With{Key: "token-till-7"}}
	created := must[*CreatedToken](t)(admin.CreateToken(ctx, create))
	again := must[*CreatedToken](t)(admin.CreateToken(ctx, create))
	if !again.Replayed || again.Token != created.Token || created.Row.TokenID != created.Row.ID ||
		created.Row.Verb != "CREATE_TOKEN" || created.Row.Subject != "till-7" {
		t.Errorf("%+v, %+v", created.AdministrationResult, again.AdministrationResult)
	}
	tokens := admin.AllTokens(ctx, ListTokens{PageSize: 1})
	var last Token
	for tokens.Next() {
		last = tokens.Value()
	}
	if tokens.Err() != nil || last.TokenID != created.Row.ID || last.Principal != "till-7" || last.Kind != TokenKindSecret ||
		len(last.Scopes) != 2 || last.OwnerPrefix != "user-" || last.MaxAmount != 500 || !last.ExpiresAt.Equal(create.ExpiresAt) {
		t.Errorf("%+v, %v", last, tokens.Err())
	}

	till := connect(t, server.Address, Options{Token: created.Token})
	wallet := opened(t, till, "user-17", "EUR")
	if row := credit(t, till, wallet, 500); row.Transaction.Actor != "till-7" {
		t.Errorf("%+v", row)
	}
	for rule, call := range map[string]func() error{
		"scope": func() error { _, err := till.Debit(ctx, Debit{Wallet: wallet, Amount: 1, Reason: "test"}); return err },
		"max_amount": func() error {
			_, err := till.Credit(ctx, Credit{Wallet: wallet, Amount: 501, Reason: "test"})
			return err
		},
		"wallet": func() error {
			_, err := till.GetBalance(ctx, WalletRef{OwnerID: "other-1", Currency: "EUR"})
			return err
		},
	} {
		e := wantRejected(t, call(), ReasonPermissionDenied)
		if detail, ok := e.Detail.(*ScopeDetail); !ok || detail.Rule != rule {
			t.Errorf("%s: %+v", rule, e.Detail)
		}
	}

	must[*AdministrationResult](t)(admin.RevokeToken(ctx, RevokeToken{TokenID: created.Row.ID, Reason: "till.gone"}))
	_, err := till.GetBalance(ctx, wallet)
	if e := wantKind(t, err, KindUnauthenticated); e.Reason != ReasonUnauthenticated || e.Detail.(*ScopeDetail).Rule != "revoked" {
		t.Errorf("%+v", e)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), created.Token) {
		t.Error("the token is in the error")
	}
}

func TestAWrongTokenAtTheRealServer(t *testing.T) {
	server, _ := adminOf(t)
	for rule, token := range map[string]string{"missing": "", "wrong": "wlt_1_" + strings.Repeat("0", 64)} {
		started := time.Now()
		client := connect(t, server.Address, Options{Token: token, Retry: eager})
		_, err := debit(ctx, client)
		e := wantKind(t, err, KindUnauthenticated)
		if detail, ok := e.Detail.(*ScopeDetail); !ok || detail.Rule != rule || e.Key != key || !errors.Is(err, ReasonUnauthenticated) {
			t.Errorf("%s: %+v", rule, e)
		}
		within(t, started, 10*time.Second)
	}
}

func TestASecretIsNotShown(t *testing.T) {
	secret := NewTokenSecret()
	text := fmt.Sprintf("%v %+v %s %#v %v", secret, &secret, secret, secret, CreateToken{Secret: &secret, Reason: "test"})
	if strings.Contains(text, fmt.Sprint(int(secret[0]), " ", int(secret[1]))) || !strings.Contains(text, "(secret)") {
		t.Error(text)
	}
	if secret == (TokenSecret{}) || secret == NewTokenSecret() {
		t.Error("it is not random")
	}
	client := connect(t, wrptest.RefusedAddress(t), Options{})
	for _, bad := range []CreateToken{{Principal: "p"}, {Principal: "p", Secret: &secret, CertificateName: "n"}} {
		_, err := client.CreateToken(ctx, bad)
		wantKind(t, err, KindInvalid)
	}
}

// Package samples runs the samples against a real server, and compares the README with them.
package samples

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"walletd.example/walletd"
	"walletd.example/walletd/internal/wrptest"
	"walletd.example/walletd/walletpb"
)

var (
	fence  = regexp.MustCompile("(?s)<!-- (\\S+) -->\n```go\n(.*?)```\n(?:\n```text\n(.*?)```\n)?")
	blocks = regexp.MustCompile("(?m)^```go$")
)

func run(t *testing.T, sample string, arguments ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), sample)
	if out, err := exec.Command("go", "build", "-o", program, "./"+sample).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command := exec.Command(program, arguments...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", sample, err)
	}
	return string(out)
}

func squeezed(code string) string {
	lines := strings.Split(strings.TrimSpace(code), "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t")
	}
	return strings.Join(lines, "\n")
}

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := fence.FindAllStringSubmatch(string(readme), -1)
	if all := len(blocks.FindAll(readme, -1)); all != len(found) || all < 5 {
		t.Errorf("%d of %d blocks of code name a file", len(found), all)
	}
	server := wrptest.NewServer(t)
	printed := make(map[string]string)
	for _, block := range found {
		file, code, output := block[1], block[2], block[3]
		text, err := os.ReadFile("../" + file)
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(squeezed(string(text)), squeezed(code)) {
			t.Errorf("this is not in %s:\n%s", file, code)
		}
		if output == "" {
			continue
		}
		sample := strings.Split(file, "/")[1]
		if printed[sample] == "" {
			printed[sample] = run(t, sample, server.Address)
		}
		if !strings.Contains(printed[sample], output) {
			t.Errorf("%s prints\n%snot\n%s", sample, printed[sample], output)
		}
	}
	for _, sample := range []string{"basic", "esimorder", "batch"} {
		if printed[sample] == "" {
			t.Errorf("the README has not what %s prints", sample)
		}
	}
}

func TestRetryOverConnectionsThatAreCut(t *testing.T) {
	server := wrptest.NewServer(t)
	proxy := wrptest.NewProxy(t, server.Address)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(25 * time.Millisecond):
				proxy.Cut()
			}
		}
	}()
	if out := run(t, "retry", proxy.Address); out != "20 orders are paid, left are 80.00 EUR\n" {
		t.Error(out)
	}
}

func TestWatch(t *testing.T) {
	server := wrptest.NewServer(t)
	program := filepath.Join(t.TempDir(), "watch")
	if out, err := exec.Command("go", "build", "-o", program, "./watch").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command := exec.Command(program, server.Address)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	client, err := walletd.New(server.Address, walletd.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, wallet := context.Background(), walletd.WalletRef{OwnerID: "user-50", Currency: "EUR"}
	_, err = client.OpenWallet(ctx, walletd.OpenWallet{OwnerID: "user-50", Currency: "EUR", Reason: "signup"})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	defer close(stop)
	go func() { // it watches from when it stands, so money comes until it is seen
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				_, _ = client.Credit(ctx, walletd.Credit{Wallet: wallet, Amount: 5, Reason: "topup"})
			}
		}
	}()
	lines := bufio.NewScanner(output)
	for i := 0; i < 2; i++ {
		if !lines.Scan() || !regexp.MustCompile(`^CREDIT \d+ to \d+$|^OPEN 0 to 0$`).MatchString(lines.Text()) {
			t.Error(lines.Text())
		}
	}
	_ = command.Process.Signal(os.Interrupt)
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}

func TestSecure(t *testing.T) {
	authority := wrptest.NewAuthority(t)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fake := wrptest.NewFake(t, authority.ServerConfig(time.Hour, "127.0.0.1"), func(p *wrptest.Peer) {
		if hello := p.Hello(nil); hello.GetCredentials().GetToken() != "secret" {
			t.Error(hello)
		}
		p.OK(p.Request(), &walletpb.GetServerInfoResponse{ServerName: "scripted"})
		p.Ends()
	})
	if out := run(t, "secure", fake.Address, authority.File, token); out != "served by scripted\n" {
		t.Error(out)
	}
}

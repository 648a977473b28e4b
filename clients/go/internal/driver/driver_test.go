package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"walletd.example/walletd/internal/wrptest"
)

// run gives lines to the driver and returns the results by id, and the events of each.
func run(t *testing.T, lines ...string) (results map[string]map[string]any, events map[string][]map[string]any) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "driver")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	command := exec.Command(program)
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	results, events = make(map[string]map[string]any), make(map[string][]map[string]any)
	answers := json.NewDecoder(output)
	for _, line := range lines { // one after the other, since operations are concurrent
		var asked struct{ ID string }
		if err := json.Unmarshal([]byte(line), &asked); err != nil {
			t.Fatal(line, err)
		}
		if _, err := input.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
		for results[asked.ID] == nil {
			var answer map[string]any
			if err := answers.Decode(&answer); err != nil {
				t.Fatal(line, err, said.String())
			}
			id := answer["id"].(string)
			if event, ok := answer["event"].(map[string]any); ok {
				events[id] = append(events[id], event)
			} else {
				results[id] = answer
			}
		}
	}
	_ = input.Close()
	if err := command.Wait(); err != nil {
		t.Error(err, said.String())
	}
	return results, events
}

// at reads a path such as "ok.transaction.id".
func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[name]
		case []any:
			value = inner[name[0]-'0']
		default:
			return nil
		}
	}
	return value
}

func TestDriver(t *testing.T) {
	server := wrptest.NewServer(t)
	const wallet = `"wallet":{"owner_id":"u-1","currency":"USD"}`
	call := func(id, verb, args string) string {
		return `{"id":"` + id + `","op":"call","client":"c","verb":"` + verb + `","args":{` + args + `}}`
	}
	results, events := run(t,
		`{"id":"connect","op":"connect","client":"c","address":"`+server.Address+`"}`,
		call("open", "OpenWallet", wallet+`,"reason":"test"`),
		call("credit", "Credit", wallet+`,"amount":"2000","reason":"test","metadata":[{"key":"a","value":"b"}]`),
		call("debit", "Debit", wallet+`,"amount":"450","reason":"test","idempotency_key":"my-key-0001"`),
		call("again", "Debit", wallet+`,"amount":"450","reason":"test","idempotency_key":"my-key-0001"`),
		call("short", "Debit", wallet+`,"amount":"9000","reason":"test"`),
		call("beyond", "Debit", wallet+`,"amount":"9223372036854775808","reason":"test"`),
		call("unheard", "Debit", wallet+`,"colour":"red"`),
		call("freeze", "Freeze", wallet+`,"scope":"DEBIT","until_micros":"4102444800000000","reason":"test"`),
		call("frozen", "Debit", wallet+`,"amount":"1","reason":"test"`),
		call("limits", "SetLimits", wallet+`,"limits":{"max_amount":"5","day":{"amount":"9","count":"2"}},"reason":"test"`),
		call("explain", "ExplainBalance", wallet),
		call("batch", "Batch", `"items":[{"credit":{`+wallet+`,"amount":"1","reason":"test"}},{"debit":{`+wallet+`,"amount":"1","reason":"test"}}]`),
		call("aborted", "Batch", `"atomic":true,"items":[{"credit":{`+wallet+`,"amount":"1","reason":"test"}},{"debit":{`+wallet+`,"amount":"1","reason":"test"}}]`),
		call("balance", "GetBalance", wallet),
		call("wallet", "GetWallet", wallet),
		call("then", "GetBalanceAt", wallet+`,"version":"2"`),
		call("rows", "ListTransactions", wallet+`,"oldest_first":true,"page_size":2,"filter":{"kinds":["DEBIT","CREDIT"]}`),
		call("refusals", "ListRefusals", `"reasons":["INSUFFICIENT_FUNDS"]`),
		call("info", "GetServerInfo", ""),
		`{"id":"watch","op":"stream","client":"c","verb":"WatchTransactions","args":{"after_seq":"0"},"limit":3}`,
		`{"id":"verify","op":"stream","client":"c","verb":"Verify","args":{"skip_integrity_check":true}}`,
		`{"id":"parse","op":"money_parse","text":"12.30","exponent":2}`,
		`{"id":"bad","op":"money_parse","text":"1e3","exponent":2}`,
		`{"id":"format","op":"money_format","amount":"-1","exponent":2}`,
		`{"id":"keys","op":"new_key","count":2}`,
		`{"id":"decode","op":"decode_frame","hex":"00000018060000000000000700000000f68500000000000000000000"}`,
		`{"id":"encode","op":"encode_frame","type":6,"flags":0,"code":0,"request_id":7,"millis":0,"payload":"0000000000000000"}`,
		`{"id":"broken","op":"decode_frame","hex":"00000018060000000000000700000000000000000000000000000000"}`,
		`{"id":"close","op":"close","client":"c"}`,
		call("closed", "Ping", ""),
	)
	for _, one := range []struct {
		id, path string
		want     any
	}{
		{"connect", "ok", map[string]any{}}, {"open", "ok.version", "1"}, {"credit", "ok.balance", "2000"},
		{"credit", "ok.transaction.metadata.0.key", "a"}, {"credit", "ok.exponent", 2.0}, {"debit", "ok.key", "my-key-0001"},
		{"debit", "ok.transaction.kind", "DEBIT"}, {"debit", "ok.transaction.amount", "-450"}, {"debit", "ok.replayed", false},
		{"again", "ok.replayed", true}, {"short", "error.kind", "rejected"}, {"short", "error.reason", "INSUFFICIENT_FUNDS"},
		{"short", "error.detail.shortfall", "7450"}, {"beyond", "error.kind", "invalid"}, {"unheard", "error.kind", "invalid"},
		{"frozen", "error.detail.until_micros", "4102444800000000"}, {"frozen", "error.detail.scope", "DEBIT"},
		{"explain", "ok.limits.day.count", "2"}, {"batch", "ok.results.0.ok.balance", "1551"},
		{"batch", "ok.results.1.error.reason", "WALLET_FROZEN"}, {"aborted", "error.reason", "BATCH_ABORTED"},
		{"aborted", "error.index", 1.0}, {"aborted", "error.cause.reason", "WALLET_FROZEN"}, {"balance", "ok.balance", "1551"},
		{"wallet", "ok.wallet.owner_id", "u-1"}, {"then", "ok.balance", "2000"}, {"rows", "ok.transactions.1.kind", "DEBIT"},
		{"refusals", "ok.refusals.0.error.detail.requested", "9000"}, {"info", "ok.mutations_available", true},
		{"info", "ok.limits.default_deadline_millis", 10000.0}, {"watch", "ok", map[string]any{}},
		{"verify", "ok", map[string]any{}}, {"parse", "ok.amount", "1230"}, {"bad", "error.kind", "invalid"},
		{"format", "ok.text", "-0.01"}, {"decode", "ok.request_id", 7.0}, {"decode", "ok.payload", "0000000000000000"},
		{"encode", "ok.hex", "00000018060000000000000700000000f68500000000000000000000"}, {"broken", "error.rule", "checksum"},
		{"closed", "error.kind", "disconnected"},
	} {
		got := at(results[one.id], one.path)
		if want, ok := one.want.(map[string]any); ok && len(want) == 0 {
			if empty, ok := got.(map[string]any); ok && len(empty) == 0 {
				continue
			}
		} else if got == one.want {
			continue
		}
		t.Errorf("%s of %s is %v, not %v (%v)", one.path, one.id, got, one.want, results[one.id])
	}
	if len(events["watch"]) != 3 || at(events["watch"][1], "transaction.kind") != "OPEN" {
		t.Error(events["watch"])
	}
	if report := events["verify"][len(events["verify"])-1]; at(report, "report.findings") != "0" {
		t.Error(report)
	}
}

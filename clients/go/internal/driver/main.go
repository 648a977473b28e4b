// Command driver does what conformance tells it, with the client's public methods and no more: operations are JSON lines
// on standard input, results on standard output (clients/conformance/DRIVER.md).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"walletd.example/walletd"
)

// operation is a line of standard input.
type operation struct {
	ID     json.RawMessage `json:"id"`
	Op     string          `json:"op"`
	Client string          `json:"client"`
	// connect
	Address     string `json:"address"`
	TokenFile   string `json:"token_file"`
	AttemptsMax int    `json:"attempts_max"`
	TLS         *struct {
		CAFile     string `json:"ca_file"`
		CertFile   string `json:"cert_file"`
		KeyFile    string `json:"key_file"`
		ServerName string `json:"server_name"`
	} `json:"tls"`
	// call and stream
	Verb           string         `json:"verb"`
	Args           map[string]any `json:"args"`
	TimeoutMillis  number         `json:"timeout_millis"`
	RetryOfUnknown bool           `json:"retry_of_unknown"`
	Limit          number         `json:"limit"`
	// the rest
	Target    json.RawMessage `json:"target"`
	Text      string          `json:"text"`
	Amount    number          `json:"amount"`
	Exponent  number          `json:"exponent"`
	Count     number          `json:"count"`
	Hex       string          `json:"hex"`
	Type      number          `json:"type"`
	Flags     number          `json:"flags"`
	Code      number          `json:"code"`
	RequestID number          `json:"request_id"`
	Millis    number          `json:"millis"`
	Payload   string          `json:"payload"`
}

// number is an integer as a JSON number or string.
type number int64

func (n *number) UnmarshalJSON(data []byte) error {
	if len(data) > 1 && data[0] == '"' {
		data = data[1 : len(data)-1]
	}
	return json.Unmarshal(data, (*int64)(n))
}

type object map[string]any

type driver struct {
	outMu sync.Mutex
	out   *bufio.Writer

	mu      sync.Mutex
	clients map[string]*walletd.Client
	cancels map[string]context.CancelFunc // of calls and streams under way, by id
}

func main() {
	d := &driver{out: bufio.NewWriter(os.Stdout), clients: make(map[string]*walletd.Client),
		cancels: make(map[string]context.CancelFunc)}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	var answering sync.WaitGroup
	for lines.Scan() {
		var o operation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			d.write(object{"id": o.ID, "error": failure("invalid", err.Error())})
			continue
		}
		d.start(&o, &answering)
	}
	answering.Wait()
	for _, client := range d.clients {
		_ = client.Close()
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start carries out an operation; those that may take their time on a goroutine of their own. What is called in the
// order of its lines is given to the client in about that order.
func (d *driver) start(o *operation, answering *sync.WaitGroup) {
	switch o.Op {
	case "call", "stream", "close":
		ctx, cancel := d.context(o)
		answering.Add(1)
		go func() {
			defer answering.Done()
			defer cancel()
			d.answer(o, d.slow(ctx, o))
		}()
	default:
		d.answer(o, d.quick(o))
	}
}

func (d *driver) context(o *operation) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	id := string(o.ID)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cancels[id] = cancel
	return ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.cancels, id)
		cancel()
	}
}

func (d *driver) slow(ctx context.Context, o *operation) object {
	d.mu.Lock()
	client := d.clients[o.Client]
	d.mu.Unlock()
	switch {
	case client == nil:
		return object{"error": failure("invalid", "no client "+o.Client)}
	case o.Op == "close":
		_ = client.Close()
		return object{"ok": object{}}
	case o.Op == "stream":
		return d.stream(ctx, client, o)
	}
	if o.TimeoutMillis > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(o.TimeoutMillis)*time.Millisecond)
		defer cancel()
	}
	return call(ctx, client, o)
}

func (d *driver) connect(o *operation) object {
	options := walletd.Options{Timeout: time.Duration(o.TimeoutMillis) * time.Millisecond, TokenFile: o.TokenFile,
		Retry: walletd.RetryPolicy{AttemptsMax: o.AttemptsMax}}
	if o.TLS != nil {
		config, err := walletd.TLSFiles(o.TLS.CAFile, o.TLS.CertFile, o.TLS.KeyFile, o.TLS.ServerName)
		if err != nil {
			return object{"error": failure("invalid", err.Error())}
		}
		options.TLS = config
	}
	client, err := walletd.New(o.Address, options)
	if err != nil {
		return object{"error": failure("invalid", err.Error())}
	}
	d.mu.Lock()
	old := d.clients[o.Client]
	d.clients[o.Client] = client
	d.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
	return object{"ok": object{}}
}

func (d *driver) cancel(o *operation) object {
	d.mu.Lock()
	defer d.mu.Unlock()
	if cancel := d.cancels[string(o.Target)]; cancel != nil {
		cancel()
	}
	return object{"ok": object{}}
}

func (d *driver) answer(o *operation, result object) {
	result["id"] = o.ID
	d.write(result)
}

func (d *driver) write(line object) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	d.outMu.Lock()
	defer d.outMu.Unlock()
	_, _ = d.out.Write(append(text, '\n'))
	_ = d.out.Flush()
}

package walletd

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"math/rand"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/internal/wrptest"
	pb "walletd.example/walletd/walletpb"
)

// The way to the server, and peers that speak something else.

func TestNobodyListens(t *testing.T) {
	for _, timeout := range []time.Duration{300 * time.Millisecond, 5 * time.Second} {
		client := connect(t, wrptest.RefusedAddress(t), Options{Timeout: timeout, Retry: eager})
		started := time.Now()
		_, err := debit(ctx, client)
		var network *net.OpError
		if errors.Is(err, ErrDeadlineExceeded) {
			wantKind(t, err, KindDeadlineExceeded) // on a busy machine
		} else if e := wantKind(t, err, KindDisconnected); e.Key != key || !errors.As(err, &network) {
			t.Error(e)
		}
		within(t, started, timeout+5*time.Second)
	}
}

func TestAPortThatAcceptsAndNeverAnswers(t *testing.T) {
	fake := wrptest.NewFake(t, nil, (*wrptest.Peer).Ends)
	client := connect(t, fake.Address, Options{})
	started := time.Now()
	_, err := debit(limit(t, 200*time.Millisecond), client)
	if e := wantKind(t, err, KindDeadlineExceeded); e.Key != key || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(e)
	}
	_, err = client.Ping(limit(t, 200*time.Millisecond))
	wantKind(t, err, KindDeadlineExceeded)
	within(t, started, 10*time.Second)
	_ = client.Close()
}

func TestConnectingHasALimitOfItsOwn(t *testing.T) {
	fake := wrptest.NewFake(t, nil, (*wrptest.Peer).Ends, (*wrptest.Peer).Ends)
	client := connect(t, fake.Address, Options{ConnectTimeout: 100 * time.Millisecond,
		Retry: RetryPolicy{AttemptsMax: 2, Backoff: time.Millisecond}})
	_, err := debit(limit(t, wrptest.Patience), client)
	wantKind(t, err, KindDisconnected)
	if fake.Connections() != 2 {
		t.Errorf("%d connections", fake.Connections())
	}
}

func TestADialThatHangs(t *testing.T) {
	hang := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	client := connect(t, "wallets.invalid:7000", Options{Dial: hang})
	started := time.Now()
	_, err := debit(limit(t, 200*time.Millisecond), client)
	wantKind(t, err, KindDeadlineExceeded)
	_ = client.Close()
	within(t, started, 10*time.Second)
}

func TestAUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(nil)
		p.OK(p.Request(), &pb.PingResponse{CommitSeq: 3})
		p.Ends()
	})
	go func() { // the script plays behind the socket
		here, err := listener.Accept()
		if err != nil {
			return
		}
		there, err := net.Dial("tcp", fake.Address)
		if err != nil {
			return
		}
		wrptest.Join(here, there)
	}()
	client := connect(t, "unix:"+path, Options{})
	if pong := must[*Pong](t)(client.Ping(ctx)); pong.CommitSeq != 3 {
		t.Error(pong)
	}
}

func TestWhatCannotBe(t *testing.T) {
	for _, address := range []string{"", "localhost", "localhost:", "localhost:x", "a:b:1", "h:65536", "h:0", "h:-1",
		":7000", "unix:", "::1:7000"} {
		if _, err := New(address, Options{}); err == nil {
			t.Errorf("%q is taken for an address", address)
		}
	}
	for _, options := range []Options{{Timeout: -1}, {ConnectTimeout: -1}, {Connections: -1},
		{Token: "a", TokenFile: "b"}, {Token: "\xff"}, {ClientName: strings.Repeat("n", 65)}} {
		if _, err := New("localhost:7000", options); err == nil {
			t.Errorf("%+v can be", options)
		}
	}
	if _, err := New("unix:/run/walletd", Options{TLS: &tls.Config{}}); err == nil {
		t.Error("TLS without a name to check")
	}
	for _, address := range []string{"localhost:7000", "[::1]:7000", "unix:/run/walletd"} {
		if _, err := New(address, Options{}); err != nil {
			t.Error(err)
		}
	}
}

func TestAServerOfAnotherProtocol(t *testing.T) {
	noise := append([]byte{0, 0, 0, 0x20, 0x9a, 0x3f}, bytes.Repeat([]byte{7}, 64)...)
	for name, said := range map[string][]byte{
		"http":      []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
		"noise":     noise,
		"zeros":     make([]byte, 64),
		"ssh":       []byte("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"),
		"a request": frame.Append(nil, frame.Frame{Type: frame.Request, RequestID: 1}),
		"an answer": frame.Append(nil, frame.Frame{Type: frame.Response, RequestID: 1}),
		"no ack":    frame.Append(nil, frame.Frame{Type: frame.HelloAck, Payload: []byte{0xff}}),
		"version 2": frame.Append(nil, frame.Frame{Type: frame.HelloAck, Payload: []byte{8, 2}}),
	} {
		t.Run(name, func(t *testing.T) {
			script := func(p *wrptest.Peer) {
				p.Write(said)
				p.Ends()
			}
			fake := wrptest.NewFake(t, nil, script, script)
			client := connect(t, fake.Address, Options{})
			// Nothing was sent but HELLO, so a mutation too is certain not to have happened.
			_, err := debit(limit(t, wrptest.Patience), client)
			if e := wantKind(t, err, KindProtocol); e.Key != key || !errors.Is(err, ErrProtocol) {
				t.Error(e)
			}
			_, err = client.GetBalance(limit(t, wrptest.Patience), test)
			wantKind(t, err, KindProtocol)
			if fake.Connections() != 2 {
				t.Errorf("%d connections: a protocol error is not tried again", fake.Connections())
			}
			_ = client.Close()
		})
	}
}

func TestGarbageInsteadOfAnAnswer(t *testing.T) {
	response := func(r frame.Frame, payload string) []byte {
		return frame.Append(nil, frame.Frame{Type: frame.Response, RequestID: r.RequestID, Payload: []byte(payload)})
	}
	for name, answer := range map[string]func(r frame.Frame) []byte{
		"checksum": func(r frame.Frame) []byte {
			data := response(r, "\x10\x05")
			data[len(data)-1] ^= 1
			return data
		},
		"oversized":  func(frame.Frame) []byte { return []byte{0x7f, 0xff, 0xff, 0xff} },
		"undersized": func(frame.Frame) []byte { return make([]byte, 8) },
		"body":       func(r frame.Frame) []byte { return response(r, "\xff\xff") },
		"error body": func(r frame.Frame) []byte {
			return frame.Append(nil, frame.Frame{Type: frame.Response, RequestID: r.RequestID, Code: 9,
				Flags: frame.NotExecuted, Payload: []byte("\xff\xff")})
		},
		"ok and not executed": func(r frame.Frame) []byte {
			return frame.Append(nil, frame.Frame{Type: frame.Response, RequestID: r.RequestID, Flags: frame.NotExecuted})
		},
		"an answer to no request": func(frame.Frame) []byte {
			return frame.Append(nil, frame.Frame{Type: frame.Response})
		},
		"a second ack": func(frame.Frame) []byte { return frame.Append(nil, frame.Frame{Type: frame.HelloAck}) },
	} {
		t.Run(name, func(t *testing.T) {
			script := func(p *wrptest.Peer) {
				p.Hello(nil)
				p.Write(answer(p.Request()))
				p.Ends()
			}
			client := connect(t, wrptest.NewFake(t, nil, script).Address, Options{Retry: eager})
			_, err := debit(limit(t, wrptest.Patience), client)
			e := wantUnknown(t, err)
			if e.Key != key || !errors.Is(e.LastAttempt, ErrProtocol) {
				t.Error(e)
			}
			_ = client.Close()
			client = connect(t, wrptest.NewFake(t, nil, script).Address, Options{Retry: eager})
			_, err = client.GetBalance(limit(t, wrptest.Patience), test)
			wantKind(t, err, KindProtocol)
			_ = client.Close()
		})
	}
}

func TestAFrameOverTheLimitCostsNoMemory(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(&pb.Limits{ResponseBytesMax: 4096})
		p.Request()
		length := make([]byte, 4)
		binary.BigEndian.PutUint32(length, 64<<20)
		p.Write(length) // and nothing behind it: the length alone ends the connection
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	_, err := client.GetBalance(limit(t, wrptest.Patience), test)
	wantKind(t, err, KindProtocol)
}

func TestARequestOverTheServersLimitIsNotSent(t *testing.T) {
	fake := wrptest.NewFake(t, nil, func(p *wrptest.Peer) {
		p.Hello(&pb.Limits{RequestBytesMax: 4096})
		p.OK(p.Request(), &pb.PingResponse{CommitSeq: 1})
		p.Ends()
	})
	client := connect(t, fake.Address, Options{})
	_, err := client.Debit(ctx, Debit{Wallet: test, Amount: 1, Reason: "test",
		With: With{Key: key, Note: string(make([]byte, 5000))}})
	if e := wantKind(t, err, KindInvalid); e.Key != key || !errors.Is(err, ErrInvalid) {
		t.Error(e)
	}
	must[*Pong](t)(client.Ping(ctx)) // the connection still serves
}

// Whatever a peer sends: each call ends with a typed error, and nothing breaks.
func TestRandomFrames(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Log("seed ", seed)
	source := rand.New(rand.NewSource(seed))
	random := func(p *wrptest.Peer) {
		if source.Intn(4) > 0 {
			p.Hello(nil)
		}
		for source.Intn(10) > 0 {
			payload := make([]byte, source.Intn(20))
			source.Read(payload)
			data := frame.Append(nil, frame.Frame{Type: frame.Type(source.Intn(12)), RequestID: uint32(source.Intn(4)),
				Code: uint16(source.Intn(20)), Flags: uint8(source.Intn(16)), Millis: uint32(source.Intn(20)), Payload: payload})
			if source.Intn(10) == 0 {
				data[source.Intn(len(data))] ^= 1 << source.Intn(8)
			}
			p.Write(data)
		}
	}
	const rounds = 200
	scripts := make([]wrptest.Script, 0, rounds*20)
	var mu sync.Mutex // one peer at a time has the source
	for i := 0; i < cap(scripts); i++ {
		scripts = append(scripts, func(p *wrptest.Peer) {
			mu.Lock()
			defer mu.Unlock()
			random(p)
		})
	}
	client := connect(t, wrptest.NewFake(t, nil, scripts...).Address, Options{Timeout: 50 * time.Millisecond, Retry: eager})
	for i := 0; i < rounds; i++ {
		started := time.Now()
		var err error
		switch i % 3 {
		case 0:
			_, err = client.Debit(ctx, Debit{Wallet: test, Amount: 1, Reason: "test"})
		case 1:
			_, err = client.GetBalance(ctx, test)
		case 2:
			watch := client.WatchTransactions(limit(t, 50*time.Millisecond), WatchTransactions{})
			for watch.Next() {
				_ = watch.Event()
			}
			err = watch.Err()
			_ = watch.Close()
		}
		var typed Error
		if err != nil && !errors.As(err, &typed) {
			t.Errorf("%T %v", err, err)
		}
		within(t, started, 10*time.Second)
	}
	_ = client.Close()
}

// Package wrptest has servers to test the client against: scripted ones, proxies that misbehave, and the real one.
package wrptest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// Patience is how long anything may take that has to happen.
const Patience = 20 * time.Second

// Peer is the server's side of one connection. Its methods end the script when the connection ends.
type Peer struct {
	net.Conn
	frames *frame.Reader
	t      testing.TB
}

type connectionEnded struct{ err error }

// Script plays one connection.
type Script func(p *Peer)

// Fake is a scripted server: each connection is played by the next script.
type Fake struct {
	Address  string
	t        testing.TB
	listener net.Listener
	players  sync.WaitGroup
	mu       sync.Mutex
	accepted int
}

// NewFake listens on a free loopback port, with TLS where a configuration is given. At the test's end it waits for its
// scripts.
func NewFake(t testing.TB, config *tls.Config, scripts ...Script) *Fake {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{Address: listener.Addr().String(), t: t, listener: listener}
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	f.players.Add(1)
	go f.accept(listener, scripts)
	t.Cleanup(f.close)
	return f
}

// Connections is how many were accepted.
func (f *Fake) Connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.accepted
}

func (f *Fake) accept(listener net.Listener, scripts []Script) {
	defer f.players.Done()
	for _, script := range scripts {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.accepted++
		f.mu.Unlock()
		f.players.Add(1)
		go f.play(conn, script)
	}
}

func (f *Fake) play(conn net.Conn, script Script) {
	defer f.players.Done()
	defer conn.Close()
	defer func() {
		if ended := recover(); ended != nil {
			if _, ok := ended.(connectionEnded); !ok {
				panic(ended)
			}
		}
	}()
	_ = conn.SetDeadline(time.Now().Add(Patience))
	script(&Peer{Conn: conn, frames: frame.NewReader(conn, 8<<20), t: f.t})
}

func (f *Fake) close() {
	_ = f.listener.Close()
	f.players.Wait()
}

// ReadHello reads the preface and HELLO.
func (p *Peer) ReadHello() *pb.Hello {
	preface := make([]byte, len(frame.Preface))
	// The frames' reader has its own buffer, and the preface comes before them.
	if _, err := io.ReadFull(p.Conn, preface); err != nil {
		panic(connectionEnded{err})
	}
	if !bytes.Equal(preface, []byte(frame.Preface)) {
		p.t.Errorf("the preface is %x", preface)
	}
	f := p.Read()
	hello := new(pb.Hello)
	if err := proto.Unmarshal(f.Payload, hello); f.Type != frame.Hello || err != nil {
		p.t.Errorf("the first frame is %+v", f)
	}
	return hello
}

// Hello reads the preface and HELLO, and answers HELLO_ACK.
func (p *Peer) Hello(limits *pb.Limits) *pb.Hello {
	hello := p.ReadHello()
	p.Send(frame.Frame{Type: frame.HelloAck}, &pb.HelloAck{Version: 1, Limits: limits})
	return hello
}

// Read waits for a frame.
func (p *Peer) Read() frame.Frame {
	f, err := p.frames.Next()
	if err != nil {
		panic(connectionEnded{err})
	}
	return f
}

// Request waits for a REQUEST.
func (p *Peer) Request() frame.Frame {
	f := p.Read()
	if f.Type != frame.Request || f.Millis == 0 {
		p.t.Errorf("%+v where a request should be", f)
	}
	return f
}

// Debit waits for a Debit.
func (p *Peer) Debit() (frame.Frame, *pb.DebitRequest) {
	f := p.Request()
	debit := new(pb.DebitRequest)
	if err := proto.Unmarshal(f.Payload, debit); err != nil || f.Code != uint16(pb.Method_METHOD_DEBIT) {
		p.t.Errorf("%+v where a debit should be", f)
	}
	return f, debit
}

// Send writes a frame with a message.
func (p *Peer) Send(f frame.Frame, message proto.Message) {
	if message != nil {
		payload, err := proto.Marshal(message)
		if err != nil {
			p.t.Error(err)
		}
		f.Payload = payload
	}
	p.Write(frame.Append(nil, f))
}

// Write writes bytes.
func (p *Peer) Write(data []byte) {
	if _, err := p.Conn.Write(data); err != nil {
		panic(connectionEnded{err})
	}
}

// OK answers a request.
func (p *Peer) OK(request frame.Frame, message proto.Message) {
	p.Send(frame.Frame{Type: frame.Response, RequestID: request.RequestID}, message)
}

// Fail answers a request with an error and NOT_EXECUTED.
func (p *Peer) Fail(request frame.Frame, reason pb.ErrorReason, status uint16) {
	p.Refuse(frame.Frame{RequestID: request.RequestID, Code: status, Flags: frame.NotExecuted},
		&pb.Error{Reason: reason, Message: "scripted"})
}

// Refuse answers with an error and the header of f.
func (p *Peer) Refuse(f frame.Frame, e *pb.Error) {
	f.Type = frame.Response
	p.Send(f, e)
}

// Event sends an event of a stream.
func (p *Peer) Event(request frame.Frame, events ...proto.Message) {
	for _, event := range events {
		p.Send(frame.Frame{Type: frame.Event, RequestID: request.RequestID}, event)
	}
}

// Ends waits until the client closes, whatever it may still send.
func (p *Peer) Ends() { _, _ = io.Copy(io.Discard, p.Conn) }

// Reset closes with a RST.
func (p *Peer) Reset() {
	if tcp, ok := p.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = p.Conn.Close()
}

// RefusedAddress is an address on loopback where nobody listens.
func RefusedAddress(t testing.TB) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// IsTimeout tells a connection that went silent from one that ended.
func IsTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

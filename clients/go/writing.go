package walletd

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// The goroutine that connects and writes.

func (c *connection) run(ctx context.Context) {
	conn, err := c.connect(ctx)
	if err != nil {
		return
	}
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		c.read(conn)
	}()
	c.write(conn)
	_ = conn.Close() // of TLS, which says goodbye
	<-reading
}

// connect gives a connection on which the preface and HELLO are the next to be written.
func (c *connection) connect(ctx context.Context) (net.Conn, error) {
	s := c.settings
	hello, err := s.hello()
	if err != nil {
		c.close(notExecuted(KindUnauthenticated, "no token", err), false)
		return nil, err
	}
	socket, err := s.Dial(ctx, s.network, s.address)
	if err != nil {
		c.close(notExecuted(KindDisconnected, "no connection to "+s.address, err), true)
		return nil, err
	}
	c.mu.Lock()
	c.socket = socket
	c.control = append([]byte(frame.Preface), frame.Append(nil, frame.Frame{Type: frame.Hello, Payload: hello})...)
	gone := c.state == closed
	c.mu.Unlock()
	if gone {
		_ = socket.Close()
		return nil, net.ErrClosed
	}
	if s.tls == nil {
		return socket, nil
	}
	conn := tls.Client(socket, s.tls)
	if err := conn.HandshakeContext(ctx); err != nil {
		failure, retry := tlsError(err)
		c.close(failure, retry)
		_ = socket.Close()
		return nil, err
	}
	return conn, nil
}

func (s *settings) hello() ([]byte, error) {
	token := s.Token
	if s.TokenFile != "" {
		text, err := os.ReadFile(s.TokenFile)
		if err != nil {
			return nil, err
		}
		token = strings.TrimSpace(string(text))
	}
	hello := &pb.Hello{Versions: []uint32{wireVersion}, ClientName: s.ClientName, LedgerId: s.LedgerID}
	if token != "" {
		hello.Credentials = &pb.Credentials{Kind: &pb.Credentials_Token{Token: token}}
	}
	return proto.Marshal(hello)
}

func (c *connection) write(conn net.Conn) {
	var buffer []byte
	var batch []*pending
	var starts []int
	for {
		buffer, batch, starts = c.take(buffer[:0], batch[:0], starts[:0])
		if len(buffer) == 0 {
			<-c.wake
			c.mu.Lock()
			over := c.state == closed
			c.mu.Unlock()
			if over {
				return
			}
			continue
		}
		written, err := conn.Write(buffer)
		if err != nil {
			c.writeFailed(conn, written, batch, starts)
			continue
		}
		if cap(buffer) > 4*writeBytesMax {
			buffer = nil // of one large request
		}
	}
}

// take moves what may be sent now into the buffer. What it takes counts as sent. starts are where the requests of
// the batch begin.
func (c *connection) take(buffer []byte, batch []*pending, starts []int) ([]byte, []*pending, []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == closed || c.unwritable {
		return buffer, batch, starts
	}
	buffer = append(buffer, c.control...)
	c.control = c.control[:0]
	for c.state == open && len(buffer) < writeBytesMax && len(c.flying) < c.inFlightMax() {
		element := c.queue.Front()
		if element == nil {
			break
		}
		c.queue.Remove(element)
		p := element.Value.(*pending)
		p.queued = nil
		if max := c.requestBytesMax(p.method); len(p.payload) > max {
			p.settle(outcome{failed: invalid(fmt.Sprintf("a request of %d bytes is over the server's %d",
				len(p.payload), max))})
			continue
		}
		p.id = c.unusedID()
		p.sent = true
		p.heardWhenSent = c.heard
		c.flying[p.id] = p
		c.live++
		batch, starts = append(batch, p), append(starts, len(buffer))
		buffer = frame.Append(buffer, frame.Frame{Type: frame.Request, Code: uint16(p.method), RequestID: p.id,
			Millis: serverMillis(time.Until(p.deadline)), Payload: p.payload})
		p.payload = nil
	}
	return buffer, batch, starts
}

// writeFailed leaves the end to the reader, which may find the reason before it.
func (c *connection) writeFailed(conn net.Conn, written int, batch []*pending, starts []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range batch {
		if starts[i] >= written {
			p.sent = false // not one byte of it
		}
	}
	c.unwritable = true
	c.leave(brokenOff)
	if c.state != closed {
		_ = conn.SetReadDeadline(time.Now().Add(readRestTimeout))
	}
	c.finishLeaving()
}

func (c *connection) requestBytesMax(method pb.Method) int {
	max := c.limits.GetRequestBytesMax()
	if method == pb.Method_METHOD_BATCH {
		max = c.limits.GetBatchRequestBytesMax()
	}
	if max == 0 {
		return responseBytesCeiling
	}
	return int(max)
}

func (c *connection) unusedID() uint32 {
	for {
		c.lastID++
		if c.lastID != 0 && c.flying[c.lastID] == nil {
			return c.lastID
		}
	}
}

// serverMillis is the deadline to tell the server: nine tenths of what is left, at least 1. The server then gives up
// first, and its sure NOT_EXECUTED arrives before the client has to call the outcome unknown.
func serverMillis(left time.Duration) uint32 {
	millis := left.Milliseconds() / 10 * 9
	if left < 100*time.Millisecond {
		millis = left.Milliseconds() * 9 / 10
	}
	if millis < 1 {
		return 1 // 0 would be the server's default
	}
	if millis > 1<<32-1 {
		return 1<<32 - 1
	}
	return uint32(millis)
}

package walletd

import (
	"fmt"
	"io"
	"net"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// The goroutine that reads.

func (c *connection) read(conn net.Conn) {
	frames := frame.NewReader(conn, openingFrameBytesMax)
	for {
		f, err := frames.Next()
		if err != nil {
			c.readFailed(err)
			return
		}
		if !c.handle(f, frames) {
			return
		}
	}
}

func (c *connection) readFailed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch _, isFrame := err.(*frame.Error); {
	case isFrame:
		c.broken("the peer does not speak WRP/1: " + err.Error())
	case err == io.EOF:
		c.lost(notExecuted(KindDisconnected, "the server closed the connection", nil), true)
	case c.settings.tls != nil && c.state == opening:
		// In TLS 1.3 a server looks at the client's certificate after the client's handshake is done.
		failure, retry := tlsError(err)
		c.lost(failure, retry)
	default:
		c.lost(notExecuted(KindDisconnected, "the connection broke", err), true)
	}
}

// handle takes one frame of the peer. False when the connection is over.
func (c *connection) handle(f frame.Frame, frames *frame.Reader) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == closed {
		return false
	}
	c.heard++
	c.silent = 0
	switch {
	case f.Type == frame.ConnectionError:
		c.refused(f)
	case f.Type == frame.HelloAck && c.state == opening:
		c.opened(f, frames)
	case f.Type == frame.Ping && len(f.Payload) == 8:
		c.pong(f)
	case f.Type == frame.GoAway:
		c.leave(goingAway)
		c.finishLeaving()
	case c.state == opening:
		c.broken(fmt.Sprintf("the peer sent %s before HELLO_ACK", f.Type))
	case f.RequestID == 0 && (f.Type == frame.Response || f.Type == frame.Event):
		c.broken(fmt.Sprintf("the peer sent a %s to no request", f.Type))
	case f.Type == frame.Response:
		c.answered(f)
	case f.Type == frame.Event:
		c.happened(f)
	case f.Type == frame.Pong:
	default:
		c.broken(fmt.Sprintf("the peer sent a %s that servers do not send", f.Type))
	}
	return c.state != closed
}

func (c *connection) opened(f frame.Frame, frames *frame.Reader) {
	var ack pb.HelloAck
	if err := proto.Unmarshal(f.Payload, &ack); err != nil {
		c.broken("HELLO_ACK does not parse")
		return
	}
	if ack.Version != wireVersion {
		c.broken(fmt.Sprintf("the peer chose version %d", ack.Version))
		return
	}
	if ack.Limits != nil {
		c.limits = ack.Limits
	}
	// The response to a batch may be as long as its request.
	max := int64(responseBytesDefault)
	if told := int64(c.limits.GetResponseBytesMax()); told > 0 {
		max = told
	}
	if batch := int64(c.limits.GetBatchRequestBytesMax()); batch > max {
		max = batch
	}
	if max > responseBytesCeiling {
		max = responseBytesCeiling
	}
	frames.SetMax(int(max) + frame.HeaderBytes)
	c.state = open
	c.ackTimer.Stop()
	c.wakeWriter()
}

func (c *connection) pong(f frame.Frame) {
	if len(c.control) > controlBytesMax {
		c.broken("the peer sends PINGs and does not read the PONGs")
		return
	}
	c.control = frame.Append(c.control, frame.Frame{Type: frame.Pong, RequestID: f.RequestID, Payload: f.Payload})
	c.wakeWriter()
}

// refused takes a CONNECTION_ERROR.
func (c *connection) refused(f frame.Frame) {
	reason, e := refusalOf(f)
	refused, couldNot := e.(*NotExecutedError)
	switch {
	case couldNot && refused.Kind == KindProtocol || reason == ReasonInvalidFrame:
		c.broken("the connection was refused: " + e.Error())
	case c.state == opening:
		c.lost(e, couldNot && refused.Kind != KindUnauthenticated)
	default:
		c.lost(notExecuted(KindDisconnected, "the server closed the connection", e), true)
	}
}

func (c *connection) answered(f frame.Frame) {
	p := c.flying[f.RequestID]
	if p == nil {
		return // the answer to a call long gone
	}
	delete(c.flying, f.RequestID)
	if c.queue.Len() > 0 {
		c.wakeWriter()
	}
	if !p.given {
		c.live--
		p.settle(outcome{answer: f, sent: true})
	}
	c.finishLeaving()
}

func (c *connection) happened(f frame.Frame) {
	p := c.flying[f.RequestID]
	if p == nil || p.given || p.events == nil {
		return // an event of a stream long gone
	}
	if !p.events.add(f.Payload) {
		c.forgetLocked(p, false) // its reader is too slow, and nobody else shall wait for it
	}
}

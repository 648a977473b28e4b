package walletd

import (
	"container/list"
	"context"
	"net"
	"sync"
	"time"

	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

const (
	wireVersion            = 1
	openingFrameBytesMax   = 64 * 1024 // of the server, before HELLO_ACK names the real limit
	responseBytesDefault   = 1024 * 1024
	responseBytesCeiling   = 16 * 1024 * 1024 // whatever the server says
	writeBytesMax          = 64 * 1024        // what one write takes at most, but for one longer frame
	controlBytesMax        = 64 * 1024        // PONGs that the peer does not read
	requestsInFlightBefore = 1024             // when HELLO_ACK does not say
	silentTimeoutsMax      = 2
	readRestTimeout        = time.Second // to read what came before a connection broke
)

type state int

const (
	opening state = iota // HELLO is on its way
	open
	leaving // no new calls; those in flight finish
	closed
)

var (
	clientClosed = notExecuted(KindClosed, "the client is closed", nil)
	goingAway    = notExecuted(KindDisconnected, "the server is going away", nil)
	brokenOff    = notExecuted(KindDisconnected, "the connection broke", nil)
	noSignOfLife = notExecuted(KindDisconnected, "the server gives no sign of life", nil)
)

// pending is one attempt on a connection.
type pending struct {
	method   pb.Method
	payload  []byte
	deadline time.Time
	done     chan outcome // has room for the one that comes
	events   *eventQueue  // of a stream, instead of done

	// Guarded by the connection.
	id            uint32
	queued        *list.Element // while it waits to be sent
	sent          bool
	given         bool // nobody waits any more
	heardWhenSent uint64
}

func (p *pending) settle(o outcome) {
	if p.events != nil {
		p.events.finish(o)
	} else {
		p.done <- o
	}
}

// connection is one WRP/1 connection: a goroutine that connects and then writes, and one that reads.
type connection struct {
	settings *settings
	cancel   context.CancelFunc // of connecting
	wake     chan struct{}      // there is something to write, or an end
	ended    chan struct{}      // both goroutines are gone and the socket is closed

	mu         sync.Mutex
	state      state
	queue      list.List           // of *pending, not sent yet, in order
	flying     map[uint32]*pending // sent, not answered; those given up too, since the server still counts them
	live       int                 // of flying, those that somebody waits for
	control    []byte              // frames that go before requests
	lastID     uint32
	limits     *pb.Limits
	heard      uint64 // frames received
	silent     int    // deadlines in a row that passed without hearing a frame
	refusal    outcome
	socket     net.Conn // below TLS
	unwritable bool     // a write failed
	ackTimer   *time.Timer
}

// newConnection starts to connect and returns at once. onEnd is called when nothing of it is left.
func newConnection(s *settings, onEnd func(*connection)) *connection {
	ctx, cancel := context.WithTimeout(context.Background(), s.ConnectTimeout)
	c := &connection{
		settings: s,
		cancel:   cancel,
		wake:     make(chan struct{}, 1),
		ended:    make(chan struct{}),
		flying:   make(map[uint32]*pending),
		refusal:  outcome{failed: goingAway, retry: true, moved: true},
		limits:   &pb.Limits{},
	}
	c.mu.Lock() // the timer may be there at once
	defer c.mu.Unlock()
	c.ackTimer = time.AfterFunc(s.ConnectTimeout, c.notOpened)
	go func() {
		c.run(ctx)
		cancel()
		onEnd(c)
		close(c.ended)
	}()
	return c
}

func (c *connection) accepting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state == opening || c.state == open
}

// enqueue gives an attempt to the connection. It leaves once HELLO_ACK is in and the server takes one more. False when
// the connection accepts nothing any more: what then becomes of the attempt is the outcome.
func (c *connection) enqueue(p *pending) (outcome, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != opening && c.state != open {
		return c.refusal, false
	}
	p.queued = c.queue.PushBack(p)
	c.wakeWriter()
	return outcome{}, true
}

// forget ends the wait for an attempt; its late answer will be dropped. True if any of it may have been sent; then a
// CANCEL is. late: because its deadline passed. After two of those in a row without hearing a frame since the request
// left the connection is taken for dead, so that the next call gets a new one: TCP alone takes minutes to notice.
func (c *connection) forget(p *pending, late bool) (sent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forgetLocked(p, late)
}

func (c *connection) forgetLocked(p *pending, late bool) (sent bool) {
	if p.queued != nil {
		c.queue.Remove(p.queued)
		p.queued = nil
		c.finishLeaving()
		return false
	}
	if p.given || c.flying[p.id] != p {
		return p.sent // settled in this moment
	}
	p.given = true
	c.live--
	if p.sent && c.state != closed {
		c.control = frame.Append(c.control, frame.Frame{Type: frame.Cancel, RequestID: p.id})
		c.wakeWriter()
	}
	if late && p.heardWhenSent == c.heard {
		c.silent++
		if c.silent >= silentTimeoutsMax {
			c.leave(noSignOfLife)
		}
	}
	if len(c.flying)-c.live >= c.inFlightMax() {
		c.leave(noSignOfLife) // all that it takes at once was given up, and it answers none of it
	}
	c.finishLeaving()
	return p.sent
}

// distrust says that what should have been heard wasn't: the next call gets a new connection.
func (c *connection) distrust() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(noSignOfLife)
	c.finishLeaving()
}

// close ends all attempts, each with an error of its own. The goroutines then end by themselves: see ended.
func (c *connection) close(e Error, retry bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost(e, retry)
}

func (c *connection) notOpened() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == opening {
		c.lost(notExecuted(KindDisconnected, "the server did not answer HELLO in time", nil), true)
	}
}

// ---- under the lock

func (c *connection) wakeWriter() {
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (c *connection) inFlightMax() int {
	if max := int(c.limits.GetRequestsInFlightMax()); max > 0 {
		return max
	}
	return requestsInFlightBefore
}

// leave lets what is in flight finish here; what is queued has to find another connection.
func (c *connection) leave(why *NotExecutedError) {
	if c.state != open && c.state != opening {
		return
	}
	c.state = leaving
	c.refusal = outcome{failed: why, retry: true, moved: true}
	c.failQueue(c.refusal)
}

func (c *connection) failQueue(o outcome) {
	for element := c.queue.Front(); element != nil; element = element.Next() {
		p := element.Value.(*pending)
		p.queued = nil
		p.settle(o)
	}
	c.queue.Init()
}

func (c *connection) finishLeaving() {
	if c.state == leaving && c.live == 0 {
		c.lost(goingAway, true)
	}
}

// lost ends the connection and all its attempts.
func (c *connection) lost(e Error, retry bool) {
	if c.state == closed {
		return
	}
	if c.state == opening {
		c.refusal = outcome{failed: e, retry: retry}
	}
	c.state = closed
	for id, p := range c.flying {
		if !p.given {
			p.settle(outcome{failed: e, sent: p.sent, retry: retry})
		}
		delete(c.flying, id)
	}
	c.live = 0
	c.failQueue(outcome{failed: e, retry: retry})
	c.control = nil
	c.ackTimer.Stop()
	c.cancel()
	if c.socket != nil {
		_ = c.socket.SetDeadline(time.Unix(1, 0)) // ends a read or a write under way
	}
	c.wakeWriter()
}

// broken is the peer's fault, or ours: asking again would break it again.
func (c *connection) broken(message string) {
	c.lost(notExecuted(KindProtocol, message, nil), false)
}

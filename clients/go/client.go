package walletd

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
)

// Client is a client of one server, for any number of goroutines.
//
// They share its connection, on which their calls are in flight at the same time, as many as the server allows; behind
// that calls wait their turn. It is made by the first call, and made anew when it is lost or the server goes away.
//
// Each call has the deadline of its context, else that of Options.Timeout. A context that ends gives up the call: the
// server is told, a read is an error of KindCanceled or KindDeadlineExceeded, and a mutation that was sent is an
// *OutcomeUnknownError unless its answer came before.
type Client struct {
	settings   *settings
	budget     *retryBudget
	unresolved *unresolvedKeys
	done       chan struct{} // closed by Close

	mu     sync.Mutex
	closed bool
	next   int
	slots  []*connection            // for new calls
	all    map[*connection]struct{} // those that leave, too
}

// New makes a client of the server at address: "host:port", "[v6]:port" or "unix:PATH". It doesn't connect yet. The
// error says what can't be in the address or the options. Close it when it is no longer needed.
func New(address string, options Options) (*Client, error) {
	s, err := newSettings(address, options)
	if err != nil {
		return nil, err
	}
	return &Client{
		settings:   s,
		budget:     newRetryBudget(),
		unresolved: newUnresolvedKeys(unresolvedKeysMax),
		done:       make(chan struct{}),
		slots:      make([]*connection, s.Connections),
		all:        make(map[*connection]struct{}),
	}, nil
}

// Close ends the connection and all calls and streams, each with an error of KindClosed, or an *OutcomeUnknownError
// where a mutation was sent. When it returns nothing of the client is left: no goroutine, timer or socket. Later calls
// end with KindClosed. The error is always nil.
func (c *Client) Close() error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.done)
	}
	open := make([]*connection, 0, len(c.all))
	for connection := range c.all {
		open = append(open, connection)
	}
	c.mu.Unlock()
	for _, connection := range open {
		connection.close(clientClosed, false)
	}
	for _, connection := range open {
		<-connection.ended
	}
	return nil
}

// current is a connection that takes calls; nil when the client is closed.
func (c *Client) current() *connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.next = (c.next + 1) % len(c.slots)
	chosen := c.slots[c.next]
	if chosen == nil || !chosen.accepting() {
		chosen = newConnection(c.settings, c.forgetConnection)
		c.slots[c.next] = chosen
		c.all[chosen] = struct{}{}
	}
	return chosen
}

func (c *Client) forgetConnection(gone *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, gone)
}

// attempts begins a call.
func (c *Client) attempts(r *request, response proto.Message, deadline time.Time) *attempts {
	c.budget.earn()
	a := &attempts{request: r, response: response, deadline: deadline, policy: c.settings.Retry, budget: c.budget,
		unresolved: c.unresolved}
	if r.mutates && r.retryOfUnknown {
		a.noteUnknown()
	}
	return a
}

// call carries out a request and reads its answer into response.
func (c *Client) call(ctx context.Context, r *request, response proto.Message) error {
	payload, err := proto.Marshal(r.message)
	if err != nil {
		return withKey(invalid(err.Error()), r.key)
	}
	ctx, cancel, deadline := c.withDeadline(ctx)
	defer cancel()
	a := c.attempts(r, response, deadline)
	for {
		if err := ctx.Err(); err != nil {
			return a.gaveUp(err, false)
		}
		connection := c.current()
		if connection == nil {
			return a.closed()
		}
		p := &pending{method: r.method, payload: payload, deadline: deadline, done: make(chan outcome, 1)}
		o, accepted := connection.enqueue(p)
		if accepted {
			select {
			case o = <-p.done:
			case <-ctx.Done():
				sent := connection.forget(p, ctx.Err() == context.DeadlineExceeded)
				select {
				case o = <-p.done: // it came between the two
				default:
					return a.gaveUp(ctx.Err(), sent)
				}
			}
		}
		wait, again, err := a.settled(o)
		if !again {
			return err
		}
		if err := c.pause(ctx, wait, a); err != nil {
			return err
		}
	}
}

func (c *Client) withDeadline(ctx context.Context) (context.Context, context.CancelFunc, time.Time) {
	if deadline, ok := ctx.Deadline(); ok {
		return ctx, func() {}, deadline
	}
	deadline := time.Now().Add(c.settings.Timeout)
	ctx, cancel := context.WithDeadline(ctx, deadline)
	return ctx, cancel, deadline
}

// pause waits for the next attempt.
func (c *Client) pause(ctx context.Context, wait time.Duration, a *attempts) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return a.gaveUp(ctx.Err(), false)
	case <-c.done:
		return a.closed()
	}
}

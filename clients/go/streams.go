package walletd

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

const (
	eventQueueBytesMax = 1024 * 1024
	eventBytesMin      = 100 // what an event counts for at least, with what it takes beside its bytes
	// streamSilenceMax: a server gives a sign of life each 15 s. One that doesn't is gone, whatever TCP says.
	streamSilenceMax = 45 * time.Second
)

// readerTooSlow ends a stream of which more events wait to be read than the client keeps.
var readerTooSlow = errors.New("more events wait to be read than the client keeps")

// eventQueue has what has arrived of a stream and wasn't read yet. The connection carries other calls too, so it is
// always read: a stream whose reader falls behind is cancelled, and what is in the queue is still read.
type eventQueue struct {
	changed chan struct{}

	mu     sync.Mutex
	events [][]byte
	bytes  int
	over   bool // nothing more is taken
	end    *outcome
}

func newEventQueue() *eventQueue { return &eventQueue{changed: make(chan struct{}, 1)} }

// add takes an event. False, once, when the stream is to be cancelled.
func (q *eventQueue) add(event []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return true
	}
	size := eventSize(event)
	// One event always fits, or a stream of long ones would never go on.
	if q.bytes > 0 && q.bytes+size > eventQueueBytesMax {
		q.over = true
		q.signal()
		return false
	}
	q.bytes += size
	q.events = append(q.events, event)
	q.signal()
	return true
}

func (q *eventQueue) finish(o outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.over {
		q.over, q.end = true, &o
		q.signal()
	}
}

func (q *eventQueue) signal() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// next gives the next event, or else, at the end, what ended it: nil when it was the reader's slowness.
func (q *eventQueue) next() (event []byte, end *outcome, over bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) == 0 {
		return nil, q.end, q.over
	}
	event = q.events[0]
	q.events[0] = nil
	q.events = q.events[1:]
	q.bytes -= eventSize(event)
	return event, nil, false
}

func eventSize(event []byte) int {
	if len(event) < eventBytesMin {
		return eventBytesMin
	}
	return len(event)
}

// stream is one request that is answered with events.
type stream struct {
	client     *Client
	ctx        context.Context
	connection *connection
	pending    *pending
	first      []byte // the event that it began with, until it is read
	ended      bool
}

// openStream asks for a stream, and again as any call is, until its first event is in. Without one, it may have had its
// good end already.
func (c *Client) openStream(ctx context.Context, method pb.Method, message proto.Message) (*stream, error) {
	payload, err := proto.Marshal(message)
	if err != nil {
		return nil, invalid(err.Error())
	}
	deadline := time.Now().Add(c.settings.Timeout)
	beginning, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	a := c.attempts(&request{method: method, message: message}, nil, deadline)
	for {
		if err := beginning.Err(); err != nil {
			return nil, a.gaveUp(err, false)
		}
		connection := c.current()
		if connection == nil {
			return nil, a.closed()
		}
		p := &pending{method: method, payload: payload, deadline: deadline, events: newEventQueue()}
		o, accepted := connection.enqueue(p)
		if accepted {
			s := &stream{client: c, ctx: ctx, connection: connection, pending: p}
			event, end, err := s.wait(beginning, nil)
			switch {
			case err != nil:
				connection.forget(p, err == context.DeadlineExceeded)
				return nil, a.gaveUp(err, true)
			case event != nil:
				s.first = event
				return s, nil
			case end == nil || end.failed == nil && end.answer.Code == 0:
				return &stream{ended: true}, nil
			}
			o = *end
		}
		wait, again, err := a.settled(o)
		if !again {
			return nil, err
		}
		if err := c.pause(beginning, wait, a); err != nil {
			return nil, err
		}
	}
}

// wait gives the next event, or the end; err when ctx ended or silence came first (errSilence).
func (s *stream) wait(ctx context.Context, silence <-chan time.Time) (event []byte, end *outcome, err error) {
	for {
		event, end, over := s.pending.events.next()
		if event != nil || over {
			return event, end, nil
		}
		select {
		case <-s.pending.events.changed:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-silence:
			return nil, nil, errSilence
		}
	}
}

var errSilence = errors.New("silence")

// next reads the next event into message. False without an error at a good end.
func (s *stream) next(message proto.Message) (bool, error) {
	if s.ended {
		return false, nil
	}
	event := s.first
	s.first = nil
	if event == nil {
		timer := time.NewTimer(s.client.settings.silence)
		defer timer.Stop()
		var end *outcome
		var err error
		event, end, err = s.wait(s.ctx, timer.C)
		if err == errSilence {
			s.close()
			s.connection.distrust()
			return false, withKey(noSignOfLife, "")
		}
		if err != nil {
			s.close()
			return false, streamGaveUp(err)
		}
		if event == nil {
			s.ended = true
			return false, streamEnd(end)
		}
	}
	if err := proto.Unmarshal(event, message); err != nil {
		s.close()
		return false, notExecuted(KindProtocol, "an event does not parse", err)
	}
	return true, nil
}

// close ends the stream at the server, if it hasn't ended. It is for any goroutine.
func (s *stream) close() {
	if s.connection != nil {
		s.connection.forget(s.pending, false)
	}
}

func streamGaveUp(cause error) error {
	kind := KindDeadlineExceeded
	if cause == context.Canceled {
		kind = KindCanceled
	}
	return &NotExecutedError{Kind: kind, Message: "the stream's context ended", Cause: cause}
}

// streamEnd is the end of a stream that had events: nil when it is a good one, else why.
func streamEnd(end *outcome) error {
	switch {
	case end == nil:
		return readerTooSlow
	case end.failed != nil:
		return withKey(end.failed, "")
	case end.answer.Code != 0:
		_, refusal := refusalOf(end.answer)
		return refusal
	}
	return nil
}

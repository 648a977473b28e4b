package walletd

import (
	"context"

	"google.golang.org/protobuf/proto"
	pb "walletd.example/walletd/walletpb"
)

// Stream is what a verb tells while it works:
//
//	events := client.Verify(ctx, walletd.Verify{})
//	defer events.Close()
//	for events.Next() {
//		use(events.Event())
//	}
//	return events.Err()
//
// It is for one goroutine. Close it, or read it to its end.
type Stream[E any] struct {
	start  func() (*stream, error)
	read   func(*stream) (event E, more bool, err error)
	stream *stream
	event  E
	err    error
	over   bool
}

// newStream reads events as messages M, of which convert makes those of the caller.
func newStream[M any, P interface {
	*M
	proto.Message
}, E any](ctx context.Context, c *Client, method pb.Method, request proto.Message, convert func(P) (E, error)) *Stream[E] {
	return &Stream[E]{
		start: func() (*stream, error) { return c.openStream(ctx, method, request) },
		read: func(s *stream) (event E, more bool, err error) {
			message := P(new(M))
			if more, err = s.next(message); more && err == nil {
				event, err = convert(message)
			}
			return event, more, err
		},
	}
}

// Next waits for the next event. False at the end: see Err.
func (s *Stream[E]) Next() bool {
	if s.over {
		return false
	}
	if s.stream == nil {
		if s.stream, s.err = s.start(); s.err != nil {
			s.over = true
			return false
		}
	}
	var more bool
	s.event, more, s.err = s.read(s.stream)
	if s.err == readerTooSlow {
		s.err = notExecuted(KindServer, readerTooSlow.Error(), nil)
	}
	if s.err != nil || !more {
		_ = s.Close()
	}
	return !s.over
}

// Event is what Next has moved to.
func (s *Stream[E]) Event() E { return s.event }

// Err is why Next was false; nil at a good end, and after Close.
func (s *Stream[E]) Err() error { return s.err }

// Close ends it, at the server too. The error is always nil.
func (s *Stream[E]) Close() error {
	s.over = true
	if s.stream != nil {
		s.stream.close()
	}
	return nil
}

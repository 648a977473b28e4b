package walletd

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"walletd.example/walletd/internal/frame"
	pb "walletd.example/walletd/walletpb"
)

// refusalOf reads the error that a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for.
func refusalOf(f frame.Frame) (Reason, Error) {
	var e pb.Error
	if err := proto.Unmarshal(f.Payload, &e); err != nil {
		return 0, notExecuted(KindProtocol, fmt.Sprintf("the error of an answer with status %d does not parse", f.Code), nil)
	}
	reason := Reason(e.Reason)
	if reason == 0 {
		reason = reasonOfStatus(f.Code)
	}
	if reason.couldNot() || reason == ReasonUnauthenticated {
		kind := KindServer
		switch reason {
		case ReasonDeadlineExceeded:
			kind = KindDeadlineExceeded
		case ReasonUnauthenticated:
			kind = KindUnauthenticated
		}
		millis := f.Millis
		if millis == 0 {
			millis = e.GetRetryAfter().GetRetryAfterMillis()
		}
		return reason, &NotExecutedError{Kind: kind, Reason: reason, Message: e.Message,
			RetryAfter: time.Duration(millis) * time.Millisecond, Detail: detailOf(&e)}
	}
	rejected := rejectedOf(&e, "")
	rejected.Reason = reason
	rejected.Status = int(f.Code)
	rejected.Replayed = rejected.Replayed || f.Flags&frame.Replayed != 0
	return reason, rejected
}

// rejectedOf is the error as an answer's part: an item's, a cause's, or a recorded refusal's.
func rejectedOf(e *pb.Error, key string) *RejectedError {
	rejected := &RejectedError{
		Reason:    Reason(e.GetReason()),
		Message:   e.GetMessage(),
		Detail:    detailOf(e),
		Replayed:  e.GetReplayed(),
		CommitSeq: e.GetCommitSeq(),
		Key:       key,
		Index:     -1,
	}
	if aborted := e.GetBatchAborted(); aborted != nil {
		rejected.Index = int(aborted.GetIndex())
		rejected.Cause = rejectedOf(aborted.GetCause(), "")
	}
	return rejected
}

// resolves says whether a refusal settles its key for good, whatever became of earlier attempts.
func resolves(err Error, flags uint8) bool {
	rejected, ok := err.(*RejectedError)
	return ok && rejected.remembered() && flags&(frame.NotExecuted|frame.Replayed) != 0
}

func (e *RejectedError) remembered() bool {
	if e.Cause != nil {
		return e.Cause.Reason.Remembered()
	}
	return e.Reason.Remembered()
}

// withKey is a copy for one call: a connection that ends gives one error to all of its calls.
func withKey(err Error, key string) Error {
	switch e := err.(type) {
	case *NotExecutedError:
		own := *e
		own.Key = key
		return &own
	case *RejectedError:
		own := *e
		own.Key = key
		return &own
	}
	return err
}

package walletd

import (
	"context"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// Verify asks for a proof that the ledger is what its journal says, while it is served (docs/VERIFY.md).
type Verify struct {
	// ExpectedHead was kept elsewhere: the journal must have it; nil: none.
	ExpectedHead *JournalHead
	// SkipIntegrityCheck leaves out SQLite's own check, for which a copy of the file is made for a while.
	SkipIntegrityCheck bool
}

// VerifyEvent is exactly one of the three.
type VerifyEvent struct {
	Progress *VerifyProgress
	Finding  *VerifyFinding
	Report   *VerifyReport // the last event
}

// VerifyProgress is how far a verification is.
type VerifyProgress struct {
	Stage       string // "journal", "wallets", "keys", "totals", "copy", "integrity"
	Done, Total int64
}

// VerifyFinding is something that isn't as it should be.
type VerifyFinding struct {
	What     string // such as "digest", "wallet.balance", "key"
	WalletID int64  // 0 where it is no wallet's
	Seq      int64  // the row of the journal; 0 where it is none's
	Expected string
	Found    string
}

// VerifyReport is the end of a verification.
type VerifyReport struct {
	Head                    JournalHead // up to which all of it was verified
	Rows                    int64       // of the journal
	Wallets                 int64
	Keys                    int64
	Findings                int64
	FindingsTold            int64 // at most 1,000 are told one by one
	IntegrityChecked        bool
	IntegritySkippedBecause string
	Took                    time.Duration
	CommitSeq               int64
}

// Verify proves that the ledger is what its journal says. Nothing is sent before the first Next. One runs at a time: a
// *NotExecutedError with ReasonResourceExhausted where another one still does after some tries. A lost connection is one
// of KindDisconnected.
func (c *Client) Verify(ctx context.Context, v Verify) *Stream[VerifyEvent] {
	request := &pb.VerifyRequest{SkipIntegrityCheck: v.SkipIntegrityCheck}
	if v.ExpectedHead != nil {
		request.ExpectedHead = &pb.JournalHead{Seq: v.ExpectedHead.Seq, Digest: v.ExpectedHead.Digest}
	}
	return newStream(ctx, c, pb.Method_METHOD_VERIFY, request, verifyEventOf)
}

func verifyEventOf(e *pb.VerifyEvent) (VerifyEvent, error) {
	switch one := e.Event.(type) {
	case *pb.VerifyEvent_Progress:
		p := one.Progress
		return VerifyEvent{Progress: &VerifyProgress{p.GetStage(), p.GetDone(), p.GetTotal()}}, nil
	case *pb.VerifyEvent_Finding:
		f := one.Finding
		return VerifyEvent{Finding: &VerifyFinding{f.GetWhat(), f.GetWalletId(), f.GetSeq(), f.GetExpected(),
			f.GetFound()}}, nil
	case *pb.VerifyEvent_Report:
		r := one.Report
		return VerifyEvent{Report: &VerifyReport{
			Head: JournalHead{r.GetHead().GetSeq(), r.GetHead().GetDigest()}, Rows: r.GetRows(), Wallets: r.GetWallets(),
			Keys: r.GetKeys(), Findings: r.GetFindings(), FindingsTold: r.GetFindingsTold(),
			IntegrityChecked: r.GetIntegrityChecked(), IntegritySkippedBecause: r.GetIntegritySkippedBecause(),
			Took: time.Duration(r.GetMicros()) * time.Microsecond, CommitSeq: r.GetCommitSeq(),
		}}, nil
	}
	return VerifyEvent{}, notExecuted(KindProtocol, "an event of a verification without anything in it", nil)
}

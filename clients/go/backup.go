package walletd

import (
	"context"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// Backup has the server make a file that the ledger can be restored from, in its own folder of backups.
type Backup struct {
	// Incremental: only the rows behind the newest backup.
	Incremental bool
}

// BackupEvent is one of the two.
type BackupEvent struct {
	Progress *BackupProgress
	Report   *BackupReport // the last event
}

// BackupProgress is how far a backup is.
type BackupProgress struct {
	Stage       string // such as "copy", "rows", "seal"
	Done, Total int64
}

// BackupReport is the end of a backup. It has been verified and is in its place.
type BackupReport struct {
	File        string      // in the server's folder; beside it lies a manifest of the same name that ends with .json
	Head        JournalHead // the last row in it
	Epoch       int
	Bytes       int64 // of the file, as SHA256
	SHA256      []byte
	Incremental bool
	BaseSeq     int64 // of an increment: the row that it goes on behind
	Rows        int64 // of the journal
	Old         bool  // nothing has come since this file, so none was made
	Took        time.Duration
	CommitSeq   int64
}

// Backup makes a backup. Nothing is sent before the first Next; commits go on meanwhile. One runs at a time: a
// *NotExecutedError with ReasonResourceExhausted where another one still does after some tries. Rejected with
// ReasonUnimplemented where the server has no folder of backups, and with ReasonInvalidArgument for an increment to
// nothing. It can't be resumed: a lost connection is an error of KindDisconnected.
func (c *Client) Backup(ctx context.Context, b Backup) *Stream[BackupEvent] {
	return newStream(ctx, c, pb.Method_METHOD_BACKUP, &pb.BackupRequest{Incremental: b.Incremental}, backupEventOf)
}

func backupEventOf(e *pb.BackupEvent) (BackupEvent, error) {
	switch one := e.Event.(type) {
	case *pb.BackupEvent_Progress:
		p := one.Progress
		return BackupEvent{Progress: &BackupProgress{p.GetStage(), p.GetDone(), p.GetTotal()}}, nil
	case *pb.BackupEvent_Report:
		r := one.Report
		return BackupEvent{Report: &BackupReport{
			File: r.GetFile(), Head: JournalHead{r.GetHead().GetSeq(), r.GetHead().GetDigest()}, Epoch: int(r.GetEpoch()),
			Bytes: r.GetBytes(), SHA256: r.GetSha256(), Incremental: r.GetIncremental(), BaseSeq: r.GetBaseSeq(),
			Rows: r.GetRows(), Old: r.GetOld(), Took: time.Duration(r.GetMicros()) * time.Microsecond,
			CommitSeq: r.GetCommitSeq(),
		}}, nil
	}
	return BackupEvent{}, notExecuted(KindProtocol, "an event of a backup without anything in it", nil)
}

package walletd

import (
	"sort"
	"time"

	pb "walletd.example/walletd/walletpb"
)

// timeOf reads microseconds since 1970; 0 is the zero time.
func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

func microsOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func millis(count uint32) time.Duration { return time.Duration(count) * time.Millisecond }

func metadataOf(entries []*pb.MetadataEntry) map[string]string {
	if len(entries) == 0 {
		return nil
	}
	metadata := make(map[string]string, len(entries))
	for _, entry := range entries {
		metadata[entry.GetKey()] = entry.GetValue()
	}
	return metadata
}

// metadataEntries are sorted, so that the same call makes the same request.
func metadataEntries(metadata map[string]string) []*pb.MetadataEntry {
	entries := make([]*pb.MetadataEntry, 0, len(metadata))
	for key, value := range metadata {
		entries = append(entries, &pb.MetadataEntry{Key: key, Value: value})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Key < entries[j].Key })
	return entries
}

func each[M, T any](messages []M, convert func(M) T) []T {
	if len(messages) == 0 {
		return nil
	}
	values := make([]T, len(messages))
	for i, message := range messages {
		values[i] = convert(message)
	}
	return values
}

func (w WalletRef) message() *pb.WalletRef {
	if w == (WalletRef{}) {
		return nil
	}
	return &pb.WalletRef{Id: w.ID, OwnerId: w.OwnerID, Currency: w.Currency, Name: w.Name}
}

func walletOf(w *pb.Wallet, commitSeq int64) Wallet {
	return Wallet{
		ID: w.GetId(), OwnerID: w.GetOwnerId(), Currency: w.GetCurrency(), Exponent: int(w.GetExponent()),
		Name: w.GetName(), Status: WalletStatus(w.GetStatus()), Balance: w.GetBalance(), Held: w.GetHeld(),
		Available: w.GetAvailable(), OverdraftLimit: w.GetOverdraftLimit(), Version: w.GetVersion(),
		CreatedAt: timeOf(w.GetCreatedAtMicros()), CreatedBy: w.GetCreatedBy(),
		UpdatedAt: timeOf(w.GetUpdatedAtMicros()), UpdatedBy: w.GetUpdatedBy(),
		ExpiryPending: w.GetExpiryPending(), CommitSeq: commitSeq,
	}
}

func transactionOf(t *pb.Transaction) Transaction {
	return Transaction{
		ID: t.GetId(), Kind: TransactionKind(t.GetKind()), WalletID: t.GetWalletId(), WalletVersion: t.GetWalletVersion(),
		Amount: t.GetAmount(), HeldChange: t.GetHeldChange(), Balance: t.GetBalance(), Held: t.GetHeld(),
		OverdraftLimit: t.GetOverdraftLimit(), CounterAccount: t.GetCounterAccount(),
		CounterWalletID: t.GetCounterWalletId(), HoldID: t.GetHoldId(),
		RelatedTransactionID: t.GetRelatedTransactionId(), Actor: t.GetActor(), OnBehalfOf: t.GetOnBehalfOf(),
		Reason: t.GetReason(), Note: t.GetNote(), Reference: t.GetReference(), IdempotencyKey: t.GetIdempotencyKey(),
		RequestDigest: t.GetRequestDigest(), CorrelationID: t.GetCorrelationId(), Source: t.GetSource(),
		ClientName: t.GetClientName(), Metadata: metadataOf(t.GetMetadata()),
		OccurredAt: timeOf(t.GetOccurredAtMicros()), CreatedAt: timeOf(t.GetCreatedAtMicros()), Detail: t.GetDetail(),
		Digest: t.GetDigest(), Lane: int(t.GetLane()), RowFormat: int(t.GetRowFormat()),
	}
}

func administrationRowOf(r *pb.AdministrationRow) AdministrationRow {
	return AdministrationRow{
		ID: r.GetId(), Verb: verbName(r.GetVerb()), Subject: r.GetSubject(), Exponent: int(r.GetExponent()),
		TokenID: r.GetTokenId(), Actor: r.GetActor(), OnBehalfOf: r.GetOnBehalfOf(), Reason: r.GetReason(), Note: r.GetNote(),
		Reference: r.GetReference(), IdempotencyKey: r.GetIdempotencyKey(), RequestDigest: r.GetRequestDigest(),
		CorrelationID: r.GetCorrelationId(), Source: r.GetSource(), ClientName: r.GetClientName(),
		Metadata: metadataOf(r.GetMetadata()), OccurredAt: timeOf(r.GetOccurredAtMicros()),
		CreatedAt: timeOf(r.GetCreatedAtMicros()), Detail: r.GetDetail(), Digest: r.GetDigest(),
		Lane: int(r.GetLane()), RowFormat: int(r.GetRowFormat()),
	}
}

func refusalRowOf(r *pb.Refusal) Refusal {
	w := r.GetWallet()
	return Refusal{
		ID: r.GetId(), Verb: verbName(r.GetVerb()), Error: rejectedOf(r.GetError(), r.GetIdempotencyKey()),
		WalletID: r.GetWalletId(), Amount: r.GetAmount(),
		Wallet:         WalletRef{w.GetId(), w.GetOwnerId(), w.GetCurrency(), w.GetName()},
		CounterAccount: r.GetCounterAccount(), Currency: r.GetCurrency(), Exponent: int(r.GetExponent()),
		Actor: r.GetActor(), OnBehalfOf: r.GetOnBehalfOf(), Reason: r.GetReason(), Note: r.GetNote(),
		Reference: r.GetReference(), IdempotencyKey: r.GetIdempotencyKey(), RequestDigest: r.GetRequestDigest(),
		CorrelationID: r.GetCorrelationId(), Source: r.GetSource(), ClientName: r.GetClientName(),
		Metadata: metadataOf(r.GetMetadata()), OccurredAt: timeOf(r.GetOccurredAtMicros()),
		CreatedAt: timeOf(r.GetCreatedAtMicros()), Digest: r.GetDigest(), Lane: int(r.GetLane()),
		RowFormat: int(r.GetRowFormat()),
	}
}

func mutationResultOf(m *pb.MutationResponse, key string) MutationResult {
	return MutationResult{
		Key: key, Transaction: transactionOf(m.GetTransaction()), Balance: m.GetBalance(), Held: m.GetHeld(),
		Available: m.GetAvailable(), Version: m.GetVersion(), Currency: m.GetCurrency(), Exponent: int(m.GetExponent()),
		Replayed: m.GetReplayed(), CommitSeq: m.GetCommitSeq(), DryRun: m.GetDryRun(),
	}
}

func (l WalletLimits) message() *pb.WalletLimits {
	return &pb.WalletLimits{OverdraftLimit: l.OverdraftLimit, MaxBalance: l.MaxBalance, MaxAmount: l.MaxAmount,
		Day: l.Day.message(), Week: l.Week.message(), Month: l.Month.message()}
}

func (l WindowLimit) message() *pb.WindowLimit {
	if l == (WindowLimit{}) {
		return nil
	}
	return &pb.WindowLimit{Amount: l.Amount, Count: l.Count}
}

func walletLimitsOf(l *pb.WalletLimits) WalletLimits {
	window := func(w *pb.WindowLimit) WindowLimit { return WindowLimit{w.GetAmount(), w.GetCount()} }
	return WalletLimits{l.GetOverdraftLimit(), l.GetMaxBalance(), l.GetMaxAmount(), window(l.GetDay()),
		window(l.GetWeek()), window(l.GetMonth())}
}

func serverLimitsOf(l *pb.Limits) ServerLimits {
	return ServerLimits{int(l.GetRequestBytesMax()), int(l.GetBatchRequestBytesMax()), int(l.GetResponseBytesMax()),
		int(l.GetRequestsInFlightMax()), millis(l.GetIdleTimeoutMillis()), millis(l.GetDefaultDeadlineMillis())}
}

func explanationOf(m *pb.ExplainBalanceResponse) *BalanceExplanation {
	return &BalanceExplanation{
		Wallet:         walletOf(m.GetWallet(), m.GetCommitSeq()),
		OpeningBalance: m.GetOpeningBalance(), OpeningVersion: m.GetOpeningVersion(),
		OpeningAt: timeOf(m.GetOpeningAtMicros()),
		Sums: each(m.GetSums(), func(s *pb.BalanceSum) BalanceSum {
			return BalanceSum{TransactionKind(s.GetKind()), s.GetReason(), s.GetCount(), s.GetAmount(), s.GetHeldChange()}
		}),
		Holds: each(m.GetHolds(), func(h *pb.HoldInfo) HoldInfo {
			return HoldInfo{h.GetHoldId(), h.GetAmount(), h.GetCaptured(), h.GetRemaining(), timeOf(h.GetCreatedAtMicros()),
				timeOf(h.GetEndsAtMicros()), h.GetReason(), h.GetReference()}
		}),
		Freezes: each(m.GetFreezes(), func(f *pb.FreezeInfo) FreezeInfo {
			return FreezeInfo{FreezeScope(f.GetScope()), f.GetReason(), timeOf(f.GetSinceMicros()),
				timeOf(f.GetUntilMicros())}
		}),
		FrozenAmount: m.GetFrozenAmount(), Limits: walletLimitsOf(m.GetLimits()),
		LimitUses: each(m.GetLimitUses(), func(l *pb.LimitUse) LimitUse {
			return LimitUse{LimitKind(l.GetKind()), l.GetLimit(), l.GetUsed(), l.GetRemaining(),
				timeOf(l.GetWindowEndMicros())}
		}),
		LastChanges: each(m.GetLastChanges(), transactionOf), RowsRecomputed: m.GetRowsRecomputed(), Equal: m.GetEqual(),
		Difference: m.GetDifference(), ChainVerifiedTo: m.GetChainVerifiedTo(), CommitSeq: m.GetCommitSeq(),
	}
}

package example.walletd;

import example.walletd.internal.Pb;

/** Details of the wire as those of this package. */
final class Details {
    private Details() {}

    /**
     * Null for what has a place elsewhere in the error (a batch's item, a retry-after), and for what is newer than
     * this.
     */
    static Detail of(Pb.Error e) {
        return switch (e.getDetailCase()) {
            case INVALID_ARGUMENT ->
                    new Detail.InvalidArgument(e.getInvalidArgument().getField(), e.getInvalidArgument().getRule());
            case UNIMPLEMENTED ->
                    new Detail.Unimplemented(e.getUnimplemented().getMethod(), e.getUnimplemented().getFeature());
            case FRAME_LIMIT -> new Detail.FrameLimit(e.getFrameLimit().getRule(), e.getFrameLimit().getLimit());
            case IDEMPOTENCY_MISMATCH -> new Detail.IdempotencyMismatch(e.getIdempotencyMismatch().getField());
            case CURRENCY ->
                    new Detail.CurrencyDetail(
                            e.getCurrency().getWalletCurrency(), e.getCurrency().getRequestCurrency());
            case COUNTER_ACCOUNT -> new Detail.CounterAccountDetail(e.getCounterAccount().getCounterAccount());
            case WALLET -> {
                Pb.WalletDetail w = e.getWallet();
                yield new Detail.WalletDetail(w.getWalletId(), w.getOwnerId(), w.getCurrency(), w.getName());
            }
            case VERSION_CONFLICT -> {
                Pb.VersionConflict v = e.getVersionConflict();
                yield new Detail.VersionConflict(v.getExpected(), v.getActual(), v.getBalance());
            }
            case INSUFFICIENT_FUNDS -> {
                Pb.InsufficientFunds f = e.getInsufficientFunds();
                yield new Detail.InsufficientFunds(
                        f.getRequested(),
                        f.getAvailable(),
                        f.getBalance(),
                        f.getHeld(),
                        f.getOverdraftLimit(),
                        f.getShortfall(),
                        f.getVersion());
            }
            case AMOUNT_OVERFLOW -> new Detail.AmountOverflow(e.getAmountOverflow().getField());
            case INTERNAL -> new Detail.Internal(e.getInternal().getId());
            case SCOPE -> {
                Pb.ScopeDetail s = e.getScope();
                yield new Detail.ScopeDetail(s.getScope(), s.getRule(), s.getMaxAmount(), s.getOmitted());
            }
            case TRANSACTION -> new Detail.TransactionDetail(e.getTransaction().getTransactionId());
            case HOLD -> {
                Pb.HoldDetail h = e.getHold();
                yield new Detail.HoldDetail(h.getHoldId(), Convert.time(h.getAtMicros()), h.getRemaining());
            }
            case REFUND_EXCEEDS -> {
                Pb.RefundExceeds r = e.getRefundExceeds();
                yield new Detail.RefundExceeds(r.getOriginal(), r.getRefunded(), r.getRemaining());
            }
            case WALLET_FROZEN -> {
                Pb.WalletFrozen f = e.getWalletFrozen();
                yield new Detail.WalletFrozen(
                        f.getWalletId(),
                        FreezeScope.of(f.getScopeValue()),
                        f.getReason(),
                        Convert.time(f.getSinceMicros()),
                        Convert.time(f.getUntilMicros()));
            }
            case WALLET_NOT_EMPTY ->
                    new Detail.WalletNotEmpty(e.getWalletNotEmpty().getBalance(), e.getWalletNotEmpty().getOpenHolds());
            case LIMIT_EXCEEDED -> {
                Pb.LimitExceeded l = e.getLimitExceeded();
                yield new Detail.LimitExceeded(
                        LimitKind.of(l.getKindValue()),
                        l.getLimit(),
                        l.getUsed(),
                        l.getRemaining(),
                        Convert.time(l.getWindowEndMicros()));
            }
            case MAX_BALANCE_EXCEEDED -> {
                Pb.MaxBalanceExceeded m = e.getMaxBalanceExceeded();
                yield new Detail.MaxBalanceExceeded(m.getLimit(), m.getBalance(), m.getRemaining());
            }
            case RETRY_AFTER, BATCH_ABORTED, STREAM_END, DETAIL_NOT_SET -> null;
        };
    }
}

package example.walletd;

import example.walletd.internal.Pb.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The face of a client that gives futures: see {@link WalletClient#async}. No method waits, and calls of one thread
 * keep their order.
 *
 * <p>A future ends with a {@link WalletException}, which {@code join} has as the cause of a CompletionException.
 * Cancelling it takes the call back: a read then ends with a {@link CancelledException}, a mutation that was sent with
 * an {@link OutcomeUnknownException}. What depends on a future runs on the client's executor, never on a thread of a
 * connection.
 *
 * <p>Streams are read by {@link WalletClient}, on a thread of the caller's own.
 */
public final class AsyncWalletClient implements AutoCloseable {
    private final ClientCore core;
    private final Supplier<Deadline> deadline;

    AsyncWalletClient(ClientCore core, Supplier<Deadline> deadline) {
        this.core = core;
        this.deadline = deadline;
    }

    /** The same client with another deadline of its calls, connecting and all attempts included. */
    public AsyncWalletClient withTimeout(Duration timeout) {
        Deadline.check("timeout", timeout);
        return new AsyncWalletClient(core, () -> new Deadline(timeout));
    }

    /** The same client with methods that wait. */
    public WalletClient blocking() {
        return new WalletClient(core, deadline);
    }

    /** As {@link WalletClient#close}. */
    @Override
    public void close() {
        core.close();
    }

    private <T> CompletableFuture<T> call(Request<T> request) {
        return core.start(request, deadline.get());
    }

    // ---- server

    /** As {@link WalletClient#ping}. */
    public CompletableFuture<Pong> ping() {
        return call(Verbs.ping());
    }

    /** As {@link WalletClient#getServerInfo}. */
    public CompletableFuture<ServerInfo> getServerInfo() {
        return call(Verbs.serverInfo());
    }

    /** As {@link WalletClient#getSchema}. */
    public CompletableFuture<Schema> getSchema() {
        return call(Verbs.schema());
    }

    // ---- mutations

    /** As {@link WalletClient#openWallet}. */
    public CompletableFuture<MutationResult> openWallet(OpenWallet mutation) {
        return call(Verbs.mutation(Method.METHOD_OPEN_WALLET, mutation));
    }

    /** As {@link WalletClient#debit}. */
    public CompletableFuture<MutationResult> debit(Debit mutation) {
        return call(Verbs.mutation(Method.METHOD_DEBIT, mutation));
    }

    /** As {@link WalletClient#credit}. */
    public CompletableFuture<MutationResult> credit(Credit mutation) {
        return call(Verbs.mutation(Method.METHOD_CREDIT, mutation));
    }

    /** As {@link WalletClient#transfer}. */
    public CompletableFuture<TransferResult> transfer(Transfer mutation) {
        return call(Verbs.transfer(mutation));
    }

    /** As {@link WalletClient#hold}. */
    public CompletableFuture<MutationResult> hold(Hold mutation) {
        return call(Verbs.mutation(Method.METHOD_HOLD, mutation));
    }

    /** As {@link WalletClient#capture}. */
    public CompletableFuture<MutationResult> capture(Capture mutation) {
        return call(Verbs.mutation(Method.METHOD_CAPTURE, mutation));
    }

    /** As {@link WalletClient#release}. */
    public CompletableFuture<MutationResult> release(Release mutation) {
        return call(Verbs.mutation(Method.METHOD_RELEASE, mutation));
    }

    /** As {@link WalletClient#refund}. */
    public CompletableFuture<MutationResult> refund(Refund mutation) {
        return call(Verbs.mutation(Method.METHOD_REFUND, mutation));
    }

    /** As {@link WalletClient#freeze}. */
    public CompletableFuture<MutationResult> freeze(Freeze mutation) {
        return call(Verbs.mutation(Method.METHOD_FREEZE, mutation));
    }

    /** As {@link WalletClient#unfreeze}. */
    public CompletableFuture<MutationResult> unfreeze(Unfreeze mutation) {
        return call(Verbs.mutation(Method.METHOD_UNFREEZE, mutation));
    }

    /** As {@link WalletClient#setLimits}. */
    public CompletableFuture<MutationResult> setLimits(SetLimits mutation) {
        return call(Verbs.mutation(Method.METHOD_SET_LIMITS, mutation));
    }

    /** As {@link WalletClient#closeWallet}. */
    public CompletableFuture<MutationResult> closeWallet(CloseWallet mutation) {
        return call(Verbs.mutation(Method.METHOD_CLOSE_WALLET, mutation));
    }

    /** As {@link WalletClient#batch}. */
    public CompletableFuture<BatchResult> batch(Batch batch) {
        Request<BatchResult> request;
        try {
            request = Verbs.batch(batch);
        } catch (InvalidCallException e) {
            return CompletableFuture.failedFuture(e);
        }
        return call(request);
    }

    // ---- reads

    /** As {@link WalletClient#getWallet}. */
    public CompletableFuture<Wallet> getWallet(WalletRef wallet) {
        return call(Verbs.wallet(wallet));
    }

    /** As {@link WalletClient#getBalance}. */
    public CompletableFuture<Balance> getBalance(WalletRef wallet) {
        return call(Verbs.balance(wallet));
    }

    /** As {@link WalletClient#getBalanceAt}. */
    public CompletableFuture<BalanceAt> getBalanceAt(WalletRef wallet, Instant time) {
        return call(Verbs.balanceAt(wallet, time));
    }

    /** As {@link WalletClient#getBalanceAtVersion}. */
    public CompletableFuture<BalanceAt> getBalanceAtVersion(WalletRef wallet, long version) {
        return call(Verbs.balanceAtVersion(wallet, version));
    }

    /** As {@link WalletClient#explainBalance}. */
    public CompletableFuture<BalanceExplanation> explainBalance(ExplainBalance explain) {
        return call(Verbs.explanation(explain));
    }

    /** As {@link WalletClient#listWallets}. */
    public CompletableFuture<WalletPage> listWallets(ListWallets list) {
        return call(Verbs.wallets(list));
    }

    /** As {@link WalletClient#listTransactions}. */
    public CompletableFuture<TransactionPage> listTransactions(ListTransactions list) {
        return call(Verbs.transactions(list));
    }

    /** As {@link WalletClient#listRefusals}. */
    public CompletableFuture<RefusalPage> listRefusals(ListRefusals list) {
        return call(Verbs.refusals(list));
    }

    // ---- administration

    /** As {@link WalletClient#trialBalance()}. */
    public CompletableFuture<TrialBalance> trialBalance() {
        return call(Verbs.trialBalance(""));
    }

    /** As {@link WalletClient#trialBalance(String)}. */
    public CompletableFuture<TrialBalance> trialBalance(String currency) {
        return call(Verbs.trialBalance(currency));
    }

    /** As {@link WalletClient#registerCurrency}. */
    public CompletableFuture<AdministrationResult> registerCurrency(RegisterCurrency mutation) {
        return call(Verbs.administration(Method.METHOD_REGISTER_CURRENCY, mutation));
    }

    /** As {@link WalletClient#addCounterAccount}. */
    public CompletableFuture<AdministrationResult> addCounterAccount(AddCounterAccount mutation) {
        return call(Verbs.administration(Method.METHOD_ADD_COUNTER_ACCOUNT, mutation));
    }

    /** As {@link WalletClient#createToken}. */
    public CompletableFuture<CreatedToken> createToken(CreateToken mutation) {
        return call(Verbs.createToken(mutation));
    }

    /** As {@link WalletClient#revokeToken}. */
    public CompletableFuture<AdministrationResult> revokeToken(RevokeToken mutation) {
        return call(Verbs.administration(Method.METHOD_REVOKE_TOKEN, mutation));
    }

    /** As {@link WalletClient#listTokens}. */
    public CompletableFuture<TokenPage> listTokens(ListTokens list) {
        return call(Verbs.tokens(list));
    }

    // ---- lists, all pages

    /**
     * Goes through all wallets of an owner, page by page, from the list's cursor on. Each page is a call with a
     * deadline of its own; what the consumer throws ends it.
     */
    public CompletableFuture<Void> allWallets(ListWallets list, Consumer<? super Wallet> consumer) {
        return listWallets(list).thenCompose(page -> {
            page.wallets().forEach(consumer);
            boolean isLast = page.nextCursor().isEmpty();
            return isLast
                    ? CompletableFuture.completedFuture(null)
                    : allWallets(list.cursor(page.nextCursor()), consumer);
        });
    }

    /**
     * Goes through all transactions of a wallet, page by page, from the list's cursor on. Each page is a call with a
     * deadline of its own; what the consumer throws ends it.
     */
    public CompletableFuture<Void> allTransactions(ListTransactions list, Consumer<? super Transaction> consumer) {
        return listTransactions(list).thenCompose(page -> {
            page.transactions().forEach(consumer);
            boolean isLast = page.nextCursor().isEmpty();
            return isLast
                    ? CompletableFuture.completedFuture(null)
                    : allTransactions(list.cursor(page.nextCursor()), consumer);
        });
    }

    /**
     * Goes through all refusals, page by page, from the list's cursor on. Each page is a call with a deadline of its
     * own; what the consumer throws ends it.
     */
    public CompletableFuture<Void> allRefusals(ListRefusals list, Consumer<? super Refusal> consumer) {
        return listRefusals(list).thenCompose(page -> {
            page.refusals().forEach(consumer);
            boolean isLast = page.nextCursor().isEmpty();
            return isLast
                    ? CompletableFuture.completedFuture(null)
                    : allRefusals(list.cursor(page.nextCursor()), consumer);
        });
    }

    /**
     * Goes through all that was granted, page by page, from the list's cursor on. Each page is a call with a deadline
     * of its own; what the consumer throws ends it.
     */
    public CompletableFuture<Void> allTokens(ListTokens list, Consumer<? super Token> consumer) {
        return listTokens(list).thenCompose(page -> {
            page.tokens().forEach(consumer);
            boolean isLast = page.nextCursor().isEmpty();
            return isLast
                    ? CompletableFuture.completedFuture(null)
                    : allTokens(list.cursor(page.nextCursor()), consumer);
        });
    }
}

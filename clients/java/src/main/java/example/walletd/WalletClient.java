package example.walletd;

import example.walletd.internal.Pb;
import example.walletd.internal.Pb.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * A client of one server, for any number of threads.
 *
 * <p>They share its connection, on which their calls are in flight at the same time, as many as the server allows;
 * behind that calls wait their turn. It is made by the first call, and made anew when it is lost or the server goes
 * away.
 *
 * <p>Each call has a deadline, that of the client unless {@link #withTimeout} says otherwise. Each throws a
 * {@link WalletException}: a {@link RejectedException}, a {@link NotExecutedException} or, mutations only, an
 * {@link OutcomeUnknownException}. An interrupt of a thread that waits takes its call back, and the thread's flag stays
 * set.
 */
public final class WalletClient implements AutoCloseable {
    /** That of this package. */
    public static final String VERSION = "0.1.0";

    private final ClientCore core;
    private final Supplier<Deadline> deadline;

    WalletClient(ClientCore core) {
        this(core, () -> new Deadline(core.settings.timeout()));
    }

    WalletClient(ClientCore core, Supplier<Deadline> deadline) {
        this.core = core;
        this.deadline = deadline;
    }

    /**
     * Begins the making of a client of the server at an address: {@code host:port}, {@code [v6]:port} or {@code
     * unix:PATH}. Another text is an IllegalArgumentException.
     */
    public static WalletClientBuilder builder(String address) {
        return new WalletClientBuilder(address);
    }

    /** A client of the server at an address, with all defaults. It doesn't connect yet. */
    public static WalletClient connect(String address) {
        return builder(address).build();
    }

    /** The same client with another deadline of its calls, connecting and all attempts included. */
    public WalletClient withTimeout(Duration timeout) {
        Deadline.check("timeout", timeout);
        return new WalletClient(core, () -> new Deadline(timeout));
    }

    /** The same client with futures. */
    public AsyncWalletClient async() {
        return new AsyncWalletClient(core, deadline);
    }

    /**
     * Ends the connection and all calls and streams, each with a {@link ClientClosedException}, or an
     * {@link OutcomeUnknownException} where a mutation was sent. Nothing of the client is left: no thread, timer or
     * socket. Later calls end with a {@link ClientClosedException}. That holds for all faces of this client.
     */
    @Override
    public void close() {
        core.close();
    }

    ClientCore core() {
        return core;
    }

    private <T> T call(Request<T> request) {
        return core.call(request, deadline.get());
    }

    // ---- server

    /** Asks for a sign of life of the whole server, its store included. */
    public Pong ping() {
        return call(Verbs.ping());
    }

    /** Tells who the server is, how far its journal is, and whether it takes mutations. */
    public ServerInfo getServerInfo() {
        return call(Verbs.serverInfo());
    }

    /** Gives the messages that the server speaks. */
    public Schema getSchema() {
        return call(Verbs.schema());
    }

    // ---- mutations

    /** Opens a wallet with a balance of 0. */
    public MutationResult openWallet(OpenWallet mutation) {
        return call(Verbs.mutation(Method.METHOD_OPEN_WALLET, mutation));
    }

    /** Takes an amount out of a wallet. */
    public MutationResult debit(Debit mutation) {
        return call(Verbs.mutation(Method.METHOD_DEBIT, mutation));
    }

    /** Puts an amount into a wallet. */
    public MutationResult credit(Credit mutation) {
        return call(Verbs.mutation(Method.METHOD_CREDIT, mutation));
    }

    /** Moves an amount from one wallet to another of the same currency, at once or not at all. */
    public TransferResult transfer(Transfer mutation) {
        return call(Verbs.transfer(mutation));
    }

    /** Reserves an amount of a wallet. The transaction's id is the hold's. */
    public MutationResult hold(Hold mutation) {
        return call(Verbs.mutation(Method.METHOD_HOLD, mutation));
    }

    /** Takes an amount of a hold, or all that is left of it. */
    public MutationResult capture(Capture mutation) {
        return call(Verbs.mutation(Method.METHOD_CAPTURE, mutation));
    }

    /** Gives back what is left of a hold. */
    public MutationResult release(Release mutation) {
        return call(Verbs.mutation(Method.METHOD_RELEASE, mutation));
    }

    /** Gives back a debit or a capture, or a part of it. */
    public MutationResult refund(Refund mutation) {
        return call(Verbs.mutation(Method.METHOD_REFUND, mutation));
    }

    /** Stops a wallet for debits, credits or both. */
    public MutationResult freeze(Freeze mutation) {
        return call(Verbs.mutation(Method.METHOD_FREEZE, mutation));
    }

    /** Lifts a wallet's freeze, or one side of it. */
    public MutationResult unfreeze(Unfreeze mutation) {
        return call(Verbs.mutation(Method.METHOD_UNFREEZE, mutation));
    }

    /** Sets a wallet's limits, all of them. */
    public MutationResult setLimits(SetLimits mutation) {
        return call(Verbs.mutation(Method.METHOD_SET_LIMITS, mutation));
    }

    /** Ends a wallet, which must be empty. */
    public MutationResult closeWallet(CloseWallet mutation) {
        return call(Verbs.mutation(Method.METHOD_CLOSE_WALLET, mutation));
    }

    /**
     * Carries out several mutations in one commit. All or nothing, it is rejected with {@link Reason#BATCH_ABORTED}
     * when an item is refused: the error has its index and why. Item by item, what became of each is in the result.
     * What can't be a batch is an {@link InvalidCallException}.
     */
    public BatchResult batch(Batch batch) {
        return call(Verbs.batch(batch));
    }

    // ---- reads

    /** Gives a wallet with all its columns. Rejected with {@link Reason#WALLET_NOT_FOUND} if there is none. */
    public Wallet getWallet(WalletRef wallet) {
        return call(Verbs.wallet(wallet));
    }

    /** Gives a wallet's figures. Rejected with {@link Reason#WALLET_NOT_FOUND} if there is none. */
    public Balance getBalance(WalletRef wallet) {
        return call(Verbs.balance(wallet));
    }

    /**
     * Gives a wallet's figures as they were at a time that isn't in the future, of microseconds. Transactions stored at
     * this very time count; holds that had ended by then don't. Rejected with {@link Reason#WALLET_NOT_FOUND} for a
     * time before the wallet was opened, with {@link Reason#INVALID_ARGUMENT} for the future.
     */
    public BalanceAt getBalanceAt(WalletRef wallet, Instant time) {
        return call(Verbs.balanceAt(wallet, time));
    }

    /**
     * Gives a wallet's figures as they were right after a version, from 1. Rejected with {@link
     * Reason#INVALID_ARGUMENT} for a version that the wallet doesn't have.
     */
    public BalanceAt getBalanceAtVersion(WalletRef wallet, long version) {
        return call(Verbs.balanceAtVersion(wallet, version));
    }

    /**
     * Says why a wallet's balance is what it is. The server reads at most the newest million rows, which takes seconds.
     */
    public BalanceExplanation explainBalance(ExplainBalance explain) {
        return call(Verbs.explanation(explain));
    }

    /** Gives one page of an owner's wallets. */
    public WalletPage listWallets(ListWallets list) {
        return call(Verbs.wallets(list));
    }

    /**
     * Gives one page of a wallet's transactions. With a filter a page looks at 10,000 rows at most: it may be short, or
     * empty, and still have a next one.
     */
    public TransactionPage listTransactions(ListTransactions list) {
        return call(Verbs.transactions(list));
    }

    /**
     * Gives one page of refusals. A page looks at 10,000 rows at most: it may be short, or empty, and still have a next
     * one.
     */
    public RefusalPage listRefusals(ListRefusals list) {
        return call(Verbs.refusals(list));
    }

    // ---- administration

    /** Tells what all wallets of each currency have, and what stands against them; both sum to zero. */
    public TrialBalance trialBalance() {
        return call(Verbs.trialBalance(""));
    }

    /**
     * Tells what all wallets of one currency have, and what stands against them; both sum to zero. Rejected with {@link
     * Reason#CURRENCY_UNKNOWN} if there is no such one.
     */
    public TrialBalance trialBalance(String currency) {
        return call(Verbs.trialBalance(currency));
    }

    /** Makes a currency of one's own known. */
    public AdministrationResult registerCurrency(RegisterCurrency mutation) {
        return call(Verbs.administration(Method.METHOD_REGISTER_CURRENCY, mutation));
    }

    /** Adds an account that may stand against wallets. */
    public AdministrationResult addCounterAccount(AddCounterAccount mutation) {
        return call(Verbs.administration(Method.METHOD_ADD_COUNTER_ACCOUNT, mutation));
    }

    /** Lets a principal in. It takes the scope admin. */
    public CreatedToken createToken(CreateToken mutation) {
        return call(Verbs.createToken(mutation));
    }

    /** Puts a token's callers out: its open connections are closed. It takes the scope admin. */
    public AdministrationResult revokeToken(RevokeToken mutation) {
        return call(Verbs.administration(Method.METHOD_REVOKE_TOKEN, mutation));
    }

    /** Gives one page of what was granted. It takes the scope admin. */
    public TokenPage listTokens(ListTokens list) {
        return call(Verbs.tokens(list));
    }

    // ---- lists, all pages

    /**
     * Goes through all wallets of an owner, page by page, from the list's cursor on. Each page is a call with a
     * deadline of its own.
     */
    public Iterable<Wallet> allWallets(ListWallets list) {
        return () -> new Pages<>(
                list,
                this::listWallets,
                WalletPage::wallets,
                WalletPage::nextCursor,
                ListWallets::cursor);
    }

    /**
     * Goes through all transactions of a wallet, page by page, from the list's cursor on. Each page is a call with a
     * deadline of its own.
     */
    public Iterable<Transaction> allTransactions(ListTransactions list) {
        return () -> new Pages<>(
                list,
                this::listTransactions,
                TransactionPage::transactions,
                TransactionPage::nextCursor,
                ListTransactions::cursor);
    }

    /**
     * Goes through all refusals, page by page, from the list's cursor on. Each page is a call with a deadline of its
     * own.
     */
    public Iterable<Refusal> allRefusals(ListRefusals list) {
        return () -> new Pages<>(
                list,
                this::listRefusals,
                RefusalPage::refusals,
                RefusalPage::nextCursor,
                ListRefusals::cursor);
    }

    /**
     * Goes through all that was granted, page by page, from the list's cursor on. Each page is a call with a deadline
     * of its own.
     */
    public Iterable<Token> allTokens(ListTokens list) {
        return () -> new Pages<>(
                list,
                this::listTokens,
                TokenPage::tokens,
                TokenPage::nextCursor,
                ListTokens::cursor);
    }

    // ---- streams

    /**
     * Tells every transaction behind a place of the journal, as it was committed, and then each new one: each exactly
     * once, in the order of their ids. It goes on by itself, from the last event that was read, after a lost
     * connection, a server that leaves, and a reader that has fallen behind. It ends when it is closed, or with an
     * error: rejected is what the server refuses ({@link Reason#RESUME_INVALID}: the place isn't in this ledger), not
     * executed is a watch that can't begin within the deadline, and one whose server is away for more than its
     * patience. Nothing is sent before it is read.
     */
    public EventStream<WatchEvent> watchTransactions(WatchTransactions watch) {
        return new Watch(core, watch, deadline);
    }

    /**
     * Proves that the ledger is what its journal says. One runs at a time: not executed with {@link
     * Reason#RESOURCE_EXHAUSTED} where another one still does after some tries. It takes the scope admin. Nothing is
     * sent before it is read.
     */
    public EventStream<VerifyEvent> verify(Verify verify) {
        return new PlainStream<>(
                core,
                Method.METHOD_VERIFY,
                verify.message,
                deadline,
                payload -> Convert.verifyEvent(Pb.VerifyEvent.parseFrom(payload)));
    }

    /**
     * Has the server make a file that the ledger can be restored from, in its own folder of backups; {@code
     * incremental}: only the rows behind the newest backup. One runs at a time: not executed with {@link
     * Reason#RESOURCE_EXHAUSTED} where another one still does after some tries. Rejected with {@link
     * Reason#UNIMPLEMENTED} where the server has no folder of backups, with {@link Reason#INVALID_ARGUMENT} for an
     * increment to nothing. It takes the scope admin. Nothing is sent before it is read.
     */
    public EventStream<BackupEvent> backup(boolean incremental) {
        return new PlainStream<>(
                core,
                Method.METHOD_BACKUP,
                Pb.BackupRequest.newBuilder().setIncremental(incremental).build(),
                deadline,
                payload -> Convert.backupEvent(Pb.BackupEvent.parseFrom(payload)));
    }
}

/**
 * The client of walletd, the wallet and ledger server.
 *
 * <p>{@link example.walletd.WalletClient} waits for each answer, {@link example.walletd.AsyncWalletClient} gives a
 * {@link java.util.concurrent.CompletableFuture}. Each failure is one of three: {@link
 * example.walletd.RejectedException}, {@link example.walletd.NotExecutedException}, {@link
 * example.walletd.OutcomeUnknownException}.
 *
 * <p>Amounts are {@code long}s of minor units, never floating point: see {@link example.walletd.Money}. No method takes
 * null unless it says so.
 */
package example.walletd;

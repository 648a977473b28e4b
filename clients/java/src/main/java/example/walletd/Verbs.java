package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Pb;
import example.walletd.internal.Pb.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The calls of all verbs that are answered once, as both faces of a client make them. */
final class Verbs {
    private static final int BATCH_ITEMS_MAX = 8_190;
    private static final int BATCH_BYTES_MAX = 4 * 1024 * 1024;

    private Verbs() {}

    static Request<MutationResult> mutation(Method method, WalletMutation<?> mutation) {
        String key = keyOf(mutation.givenKey());
        return Request.mutation(
                method, mutation, key, payload -> MutationResult.of(Pb.MutationResponse.parseFrom(payload), key));
    }

    static Request<TransferResult> transfer(Transfer transfer) {
        String key = keyOf(transfer.givenKey());
        return Request.mutation(
                Method.METHOD_TRANSFER,
                transfer,
                key,
                payload -> TransferResult.of(Pb.TransferResponse.parseFrom(payload), key));
    }

    static Request<AdministrationResult> administration(Method method, AdministrationMutation<?> mutation) {
        String key = keyOf(mutation.givenKey());
        return Request.mutation(
                method,
                mutation,
                key,
                payload -> AdministrationResult.of(Pb.AdministrationResponse.parseFrom(payload), key));
    }

    static Request<CreatedToken> createToken(CreateToken mutation) {
        String key = keyOf(mutation.givenKey());
        return Request.mutation(Method.METHOD_CREATE_TOKEN, mutation, key, payload -> {
            AdministrationResult result = AdministrationResult.of(Pb.AdministrationResponse.parseFrom(payload), key);
            TokenSecret secret = mutation.secret();
            long id = result.row().id();
            return new CreatedToken(result, secret == null || id == 0 ? null : secret.token(id));
        });
    }

    static Request<BatchResult> batch(Batch batch) {
        String key = keyOf(batch.givenKey());
        List<String> keys;
        byte[] payload;
        try {
            int count = batch.items().size();
            if (count < 1 || count > BATCH_ITEMS_MAX) {
                throw new IllegalArgumentException(count + " items; a batch has 1 to " + BATCH_ITEMS_MAX);
            }
            keys = batch.keys(key);
            payload = message(batch, key, keys).toByteArray();
            if (payload.length > BATCH_BYTES_MAX) {
                throw new IllegalArgumentException(payload.length + " bytes; a batch has at most " + BATCH_BYTES_MAX);
            }
        } catch (IllegalArgumentException e) {
            throw Failure.of(Failure.Kind.INVALID, e.getMessage()).exception(key);
        }
        boolean isKeyed = !batch.isAtomic();
        return new Request<>(
                Method.METHOD_BATCH,
                payload,
                key,
                !batch.isDryRun(),
                batch.isRetryOfUnknown(),
                isKeyed ? keys : List.of(),
                (answer, settling) -> result(batch, key, keys, Pb.BatchResponse.parseFrom(answer), settling));
    }

    private static Pb.BatchRequest message(Batch batch, String key, List<String> keys) {
        Pb.BatchRequest.Builder message = Pb.BatchRequest.newBuilder()
                .setAtomic(batch.isAtomic())
                .setFullResults(batch.hasFullResults())
                .setDryRun(batch.isDryRun());
        if (batch.isAtomic()) {
            message.setIdempotencyKey(key);
        }
        var kinds = Pb.BatchItem.getDescriptor().getOneofs().get(0).getFields();
        for (int i = 0; i < keys.size(); i++) {
            var item = batch.items().get(i).message.toBuilder();
            if (!batch.isAtomic()) {
                Asked.setOf(item, "idempotency_key", keys.get(i));
            }
            var type = item.getDescriptorForType();
            var field = kinds.stream().filter(kind -> kind.getMessageType() == type).findFirst().orElseThrow();
            message.addItems(Pb.BatchItem.newBuilder().setField(field, item.build()));
        }
        return message.build();
    }

    private static BatchResult result(
            Batch batch, String key, List<String> keys, Pb.BatchResponse answer, Request.Settling settling)
            throws InvalidProtocolBufferException {
        if (answer.getResultsCount() != keys.size()) {
            throw new InvalidProtocolBufferException(
                    answer.getResultsCount() + " results to a batch of " + keys.size());
        }
        List<BatchItemResult> results = new ArrayList<>();
        List<String> settled = new ArrayList<>();
        boolean isKeyOpen = false;
        for (int i = 0; i < keys.size(); i++) {
            String itemKey = keys.get(i);
            boolean mayBeUnknown = !batch.isDryRun()
                    && !batch.isAtomic()
                    && (batch.items().get(i).retryOfUnknown || settling.isUnknown(itemKey));
            BatchItemResult item = BatchItemResult.of(answer.getResults(i), itemKey, mayBeUnknown);
            results.add(item);
            if (!(item.error() instanceof OutcomeUnknownException)) {
                settled.add(itemKey);
            } else if (itemKey.equals(key)) {
                isKeyOpen = true;
            }
        }
        if (!batch.isDryRun()) { // which settles nothing
            settled.forEach(settling::settled);
            if (!isKeyOpen) {
                settling.settled(key);
            }
        }
        return new BatchResult(
                key, List.copyOf(results), answer.getReplayed(), answer.getCommitSeq(), answer.getDryRun());
    }

    static Request<Pong> ping() {
        return Request.read(
                Method.METHOD_PING,
                Pb.PingRequest.getDefaultInstance(),
                payload -> Pong.of(Pb.PingResponse.parseFrom(payload)));
    }

    static Request<ServerInfo> serverInfo() {
        return Request.read(
                Method.METHOD_GET_SERVER_INFO,
                Pb.GetServerInfoRequest.getDefaultInstance(),
                payload -> ServerInfo.of(Pb.GetServerInfoResponse.parseFrom(payload)));
    }

    static Request<Schema> schema() {
        return Request.read(
                Method.METHOD_GET_SCHEMA,
                Pb.GetSchemaRequest.getDefaultInstance(),
                payload -> Schema.of(Pb.GetSchemaResponse.parseFrom(payload)));
    }

    static Request<Wallet> wallet(WalletRef wallet) {
        return Request.read(
                Method.METHOD_GET_WALLET,
                Pb.GetWalletRequest.newBuilder().setWallet(wallet.message()).build(),
                payload -> {
                    Pb.GetWalletResponse answer = Pb.GetWalletResponse.parseFrom(payload);
                    return Wallet.of(answer.getWallet(), answer.getCommitSeq());
                });
    }

    static Request<Balance> balance(WalletRef wallet) {
        return Request.read(
                Method.METHOD_GET_BALANCE,
                Pb.GetBalanceRequest.newBuilder().setWallet(wallet.message()).build(),
                payload -> Balance.of(Pb.GetBalanceResponse.parseFrom(payload)));
    }

    static Request<BalanceAt> balanceAt(WalletRef wallet, Instant time) {
        long micros = Convert.micros(time);
        return balanceAt(Pb.GetBalanceAtRequest.newBuilder().setWallet(wallet.message()).setTimeMicros(micros).build());
    }

    static Request<BalanceAt> balanceAtVersion(WalletRef wallet, long version) {
        return balanceAt(Pb.GetBalanceAtRequest.newBuilder().setWallet(wallet.message()).setVersion(version).build());
    }

    private static Request<BalanceAt> balanceAt(Pb.GetBalanceAtRequest message) {
        return Request.read(
                Method.METHOD_GET_BALANCE_AT,
                message,
                payload -> BalanceAt.of(Pb.GetBalanceAtResponse.parseFrom(payload)));
    }

    static Request<BalanceExplanation> explanation(ExplainBalance explain) {
        return Request.read(
                Method.METHOD_EXPLAIN_BALANCE,
                explain.message,
                payload -> BalanceExplanation.of(Pb.ExplainBalanceResponse.parseFrom(payload)));
    }

    static Request<WalletPage> wallets(ListWallets list) {
        return Request.read(
                Method.METHOD_LIST_WALLETS,
                list.message,
                payload -> WalletPage.of(Pb.ListWalletsResponse.parseFrom(payload)));
    }

    static Request<TransactionPage> transactions(ListTransactions list) {
        return Request.read(
                Method.METHOD_LIST_TRANSACTIONS,
                list.message,
                payload -> TransactionPage.of(Pb.ListTransactionsResponse.parseFrom(payload)));
    }

    static Request<RefusalPage> refusals(ListRefusals list) {
        return Request.read(
                Method.METHOD_LIST_REFUSALS,
                list.message,
                payload -> RefusalPage.of(Pb.ListRefusalsResponse.parseFrom(payload)));
    }

    static Request<TokenPage> tokens(ListTokens list) {
        return Request.read(
                Method.METHOD_LIST_TOKENS,
                list.message,
                payload -> TokenPage.of(Pb.ListTokensResponse.parseFrom(payload)));
    }

    /** {@code currency} empty: all. */
    static Request<TrialBalance> trialBalance(String currency) {
        Convert.text("currency", currency);
        return Request.read(
                Method.METHOD_TRIAL_BALANCE,
                Pb.TrialBalanceRequest.newBuilder().setCurrency(currency).build(),
                payload -> TrialBalance.of(Pb.TrialBalanceResponse.parseFrom(payload)));
    }

    private static String keyOf(String given) {
        return given.isEmpty() ? Keys.create() : given;
    }
}

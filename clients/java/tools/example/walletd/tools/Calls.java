package example.walletd.tools;

import example.walletd.AddCounterAccount;
import example.walletd.AdministrationMutation;
import example.walletd.AsyncWalletClient;
import example.walletd.Batch;
import example.walletd.Bytes;
import example.walletd.Capture;
import example.walletd.CloseWallet;
import example.walletd.CreateToken;
import example.walletd.Credit;
import example.walletd.Debit;
import example.walletd.EventStream;
import example.walletd.ExplainBalance;
import example.walletd.Freeze;
import example.walletd.FreezeScope;
import example.walletd.Hold;
import example.walletd.ListRefusals;
import example.walletd.ListTokens;
import example.walletd.ListTransactions;
import example.walletd.ListWallets;
import example.walletd.OpenWallet;
import example.walletd.Refund;
import example.walletd.RegisterCurrency;
import example.walletd.Release;
import example.walletd.RevokeToken;
import example.walletd.SetLimits;
import example.walletd.TokenSecret;
import example.walletd.Transfer;
import example.walletd.Unfreeze;
import example.walletd.Verify;
import example.walletd.WalletClient;
import example.walletd.WalletMutation;
import example.walletd.WalletRef;
import example.walletd.WatchTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Verbs by their names: arguments to the client's typed methods. */
final class Calls {
    private Calls() {}

    /** Begins the call of a verb. Throws IllegalArgumentException for what can't be one. */
    static CompletableFuture<?> begin(AsyncWalletClient client, String verb, Arguments args, boolean retryOfUnknown) {
        WalletMutation<?> mutation = mutation(verb, args);
        if (mutation != null) {
            return mutate(client, mutation.retryOfUnknown(retryOfUnknown));
        }
        CompletableFuture<?> call = switch (verb) {
            case "Batch" -> client.batch(batch(args).retryOfUnknown(retryOfUnknown));
            case "RegisterCurrency" -> client.registerCurrency(again(
                    RegisterCurrency.of(args.text("code"), args.count("exponent"), args.text("reason")),
                    args,
                    retryOfUnknown));
            case "AddCounterAccount" -> client.addCounterAccount(again(
                    AddCounterAccount.of(args.text("name"), args.text("reason")), args, retryOfUnknown));
            case "CreateToken" -> client.createToken(again(createToken(args), args, retryOfUnknown));
            case "RevokeToken" -> client.revokeToken(again(
                    RevokeToken.of(args.integer("token_id"), args.text("reason")), args, retryOfUnknown));
            case "ListTokens" -> client.listTokens(args.fill(ListTokens.all()));
            case "ListWallets" -> client.listWallets(args.fill(ListWallets.of(args.text("owner_id"))));
            case "ListTransactions" -> client.listTransactions(args.fill(ListTransactions.of(args.wallet("wallet"))));
            case "ListRefusals" -> client.listRefusals(args.fill(ListRefusals.all()));
            case "ExplainBalance" -> client.explainBalance(args.fill(ExplainBalance.of(args.wallet("wallet"))));
            case "GetBalanceAt" -> balanceAt(client, args);
            default -> simple(client, verb, args);
        };
        return call;
    }

    /** Those that take no more than a name, or nothing. */
    private static CompletableFuture<?> simple(AsyncWalletClient client, String verb, Arguments args) {
        String currency = args.text("currency");
        WalletRef wallet = args.has("wallet") ? args.wallet("wallet") : new WalletRef(0, "", "", "");
        args.none();
        return switch (verb) {
            case "Ping" -> client.ping();
            case "GetServerInfo" -> client.getServerInfo();
            case "GetSchema" -> client.getSchema();
            case "GetWallet" -> client.getWallet(wallet);
            case "GetBalance" -> client.getBalance(wallet);
            case "TrialBalance" -> currency.isEmpty() ? client.trialBalance() : client.trialBalance(currency);
            default -> throw new IllegalArgumentException("no verb " + verb);
        };
    }

    private static <M extends AdministrationMutation<M>> M again(M mutation, Arguments args, boolean retryOfUnknown) {
        return args.fill(mutation).retryOfUnknown(retryOfUnknown);
    }

    private static CompletableFuture<?> mutate(AsyncWalletClient client, WalletMutation<?> mutation) {
        if (mutation instanceof OpenWallet open) {
            return client.openWallet(open);
        } else if (mutation instanceof Debit debit) {
            return client.debit(debit);
        } else if (mutation instanceof Credit credit) {
            return client.credit(credit);
        } else if (mutation instanceof Transfer transfer) {
            return client.transfer(transfer);
        } else if (mutation instanceof Hold hold) {
            return client.hold(hold);
        } else if (mutation instanceof Capture capture) {
            return client.capture(capture);
        } else if (mutation instanceof Release release) {
            return client.release(release);
        } else if (mutation instanceof Refund refund) {
            return client.refund(refund);
        } else if (mutation instanceof Freeze freeze) {
            return client.freeze(freeze);
        } else if (mutation instanceof Unfreeze unfreeze) {
            return client.unfreeze(unfreeze);
        } else if (mutation instanceof SetLimits limits) {
            return client.setLimits(limits);
        }
        return client.closeWallet((CloseWallet) mutation);
    }

    /** A mutation that may stand in a batch; null when the verb is another one. */
    private static WalletMutation<?> mutation(String verb, Arguments args) {
        String reason = args.text("reason");
        WalletMutation<?> mutation = switch (verb) {
            case "OpenWallet" -> {
                WalletRef named = args.wallet("wallet");
                yield OpenWallet.of(named.ownerId(), named.currency(), named.name(), reason);
            }
            case "Debit" -> Debit.of(args.wallet("wallet"), args.integer("amount"), reason);
            case "Credit" -> Credit.of(args.wallet("wallet"), args.integer("amount"), reason);
            case "Transfer" -> Transfer.of(args.wallet("wallet"), args.wallet("to"), args.integer("amount"), reason);
            case "Hold" -> Hold.of(
                    args.wallet("wallet"),
                    args.integer("amount"),
                    Duration.ofMillis(args.integer("timeout_millis")),
                    reason);
            case "Capture" -> {
                long hold = args.integer("hold_id");
                long amount = args.integer("amount");
                yield amount == 0 ? Capture.all(hold, reason) : Capture.of(hold, amount, reason);
            }
            case "Release" -> Release.of(args.integer("hold_id"), reason);
            case "Refund" -> {
                long transaction = args.integer("transaction_id");
                long amount = args.integer("amount");
                yield amount == 0 ? Refund.all(transaction, reason) : Refund.of(transaction, amount, reason);
            }
            case "Freeze" -> Freeze.of(args.wallet("wallet"), args.value("scope", FreezeScope.class), reason);
            case "Unfreeze" -> Unfreeze.of(args.wallet("wallet"), args.value("scope", FreezeScope.class), reason);
            case "SetLimits" -> SetLimits.of(args.wallet("wallet"), args.limits("limits"), reason);
            case "CloseWallet" -> CloseWallet.of(args.wallet("wallet"), reason);
            default -> null;
        };
        if (mutation == null) {
            args.restore("reason", reason);
            return null;
        }
        return args.fill(mutation);
    }

    private static Batch batch(Arguments args) {
        List<WalletMutation<?>> items = new ArrayList<>();
        Object given = args.take("items");
        for (Object one : given instanceof List<?> list ? list : List.of()) {
            boolean isOne = one instanceof Map<?, ?> map && map.size() == 1;
            Map.Entry<?, ?> only = isOne ? ((Map<?, ?>) one).entrySet().iterator().next() : null;
            String name = only == null ? "" : Arguments.camel("_" + only.getKey());
            WalletMutation<?> item = only == null ? null : mutation(name, new Arguments(only.getValue()));
            if (item == null) {
                throw new IllegalArgumentException("item " + items.size() + " is no mutation");
            }
            items.add(item);
        }
        return args.fill(args.is("atomic") ? Batch.atomic(items) : Batch.of(items));
    }

    /** With a secret that is made here where neither a secret, a certificate nor a user is given. */
    private static CreateToken createToken(Arguments args) {
        String principal = args.text("principal");
        String reason = args.text("reason");
        if (args.has("certificate_name")) {
            return CreateToken.byCertificate(principal, args.text("certificate_name"), reason);
        }
        if (args.has("unix_user")) {
            return CreateToken.byUnixUser(principal, (int) args.integer("unix_user"), reason);
        }
        TokenSecret secret = args.has("secret")
                ? TokenSecret.of(Bytes.ofHex(args.text("secret")).toArray())
                : TokenSecret.create();
        return CreateToken.bySecret(principal, secret, reason);
    }

    private static CompletableFuture<?> balanceAt(AsyncWalletClient client, Arguments args) {
        WalletRef wallet = args.wallet("wallet");
        if (args.has("version") == args.has("time_micros")) {
            throw new IllegalArgumentException("either time_micros or version");
        }
        if (args.has("version")) {
            long version = args.integer("version");
            args.none();
            return client.getBalanceAtVersion(wallet, version);
        }
        Instant time = Instant.EPOCH.plus(args.integer("time_micros"), ChronoUnit.MICROS);
        args.none();
        return client.getBalanceAt(wallet, time);
    }

    /** Begins a stream. */
    static EventStream<?> stream(WalletClient client, String verb, Arguments args) {
        return switch (verb) {
            case "WatchTransactions" -> client.watchTransactions(watch(args));
            case "Verify" -> client.verify(args.fill(Verify.all()));
            case "Backup" -> {
                boolean incremental = args.is("incremental");
                args.none();
                yield client.backup(incremental);
            }
            default -> throw new IllegalArgumentException("no stream " + verb);
        };
    }

    private static WatchTransactions watch(Arguments args) {
        List<WatchTransactions> starts = new ArrayList<>();
        if (args.has("after_seq")) {
            starts.add(WatchTransactions.after(args.integer("after_seq")));
        }
        if (args.has("resume_token")) {
            starts.add(WatchTransactions.resume(args.text("resume_token")));
        }
        if (args.is("from_now") || starts.isEmpty()) {
            starts.add(WatchTransactions.fromNow());
        }
        if (starts.size() > 1) {
            throw new IllegalArgumentException("a watch begins at one place");
        }
        return args.fill(starts.get(0));
    }
}

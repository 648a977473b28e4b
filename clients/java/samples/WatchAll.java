import example.walletd.EventStream;
import example.walletd.Transaction;
import example.walletd.WalletClient;
import example.walletd.WatchEvent;
import example.walletd.WatchTransactions;

/**
 * Prints every transaction as it is committed. Its arguments are the server's address and, to go on where it was, the
 * last token.
 */
public class WatchAll {
    public static void main(String[] args) {
        WatchTransactions start = args.length > 1 ? WatchTransactions.resume(args[1]) : WatchTransactions.fromNow();
        try (WalletClient client = WalletClient.connect(args[0]);
                EventStream<WatchEvent> watch = client.watchTransactions(start)) {
            for (WatchEvent event : watch) {
                Transaction row = event.transaction();
                if (row != null) {
                    System.out.println(row.kind() + " " + event.balanceBefore() + " to " + row.balance());
                }
                keep(event.resumeToken()); // with what was made of the event: none is missed, none is taken twice
            }
        }
    }

    /** Stands for the program's own database. */
    static void keep(String token) {}
}

package example.walletd;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * Makes a client: see {@link WalletClient#builder}. What isn't set has its default. Values that can't be are an
 * IllegalArgumentException, at once or at {@link #build}. It is for one thread.
 */
public final class WalletClientBuilder {
    private static final int CLIENT_NAME_MAX = 64;

    private final Address address;
    private Duration timeout = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private int connections = 1;
    private String clientName = "walletd-java/" + WalletClient.VERSION;
    private String ledgerId = "";
    private String token;
    private Path tokenFile;
    private Tls tls;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private Executor executor = ForkJoinPool.commonPool();
    private Duration silence = Duration.ofSeconds(45); // a server gives a sign of life each 15 s

    WalletClientBuilder(String address) {
        this.address = Address.parse(address);
    }

    /** The deadline of each call, connecting and all attempts included; 10 s. */
    public WalletClientBuilder timeout(Duration timeout) {
        this.timeout = Deadline.check("timeout", timeout);
        return this;
    }

    /** Bounds one try to connect, until the server has answered HELLO; 5 s. */
    public WalletClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = Deadline.check("connectTimeout", timeout);
        return this;
    }

    /** How many connections there are at most; 1. Calls take them in turn. */
    public WalletClientBuilder connections(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a client has 1 connection or more, not " + count);
        }
        this.connections = count;
        return this;
    }

    /** At most 64 bytes of {@code [A-Za-z0-9._:@/-]}, stored beside each row that this client writes. */
    public WalletClientBuilder clientName(String name) {
        if (Convert.text("clientName", name).getBytes(StandardCharsets.UTF_8).length > CLIENT_NAME_MAX) {
            throw new IllegalArgumentException("a client's name has at most 64 bytes");
        }
        this.clientName = name;
        return this;
    }

    /** Calls are rejected unless the server serves this ledger. */
    public WalletClientBuilder ledgerId(String id) {
        this.ledgerId = Convert.text("ledgerId", id);
        return this;
    }

    /** Says who is calling. It never appears in an error. */
    public WalletClientBuilder token(String token) {
        this.token = Objects.requireNonNull(token, "token");
        return this;
    }

    /** The file that has the token instead. It is read at each connect; space around the token is left out. */
    public WalletClientBuilder tokenFile(Path file) {
        this.tokenFile = Objects.requireNonNull(file, "file");
        return this;
    }

    /** Makes the client speak TLS 1.3. */
    public WalletClientBuilder tls(Tls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /** How often and how patiently to try again. */
    public WalletClientBuilder retry(RetryPolicy policy) {
        this.retry = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Completes the futures of {@link AsyncWalletClient}, and so runs what depends on them; the common pool. One that
     * runs tasks on the thread that gives them would let a slow task hold up all calls.
     */
    public WalletClientBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    WalletClientBuilder silence(Duration silence) {
        this.silence = silence;
        return this;
    }

    /** The client. It doesn't connect yet: the first call does. */
    public WalletClient build() {
        return new WalletClient(new ClientCore(settings()));
    }

    Settings settings() {
        if (token != null && tokenFile != null) {
            throw new IllegalArgumentException("either a token or its file, not both");
        }
        if (tls != null && address.isUnix()) {
            throw new IllegalArgumentException("there is no TLS on a Unix socket");
        }
        if (token != null) {
            try {
                Convert.text("token", token);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the token is no Unicode text"); // and not a word of it
            }
        }
        return new Settings(
                address,
                timeout,
                connectTimeout,
                connections,
                clientName,
                ledgerId,
                token,
                tokenFile,
                tls,
                retry,
                executor,
                silence);
    }
}

package example.walletd.internal;

/** These bytes are not a frame; the connection they came from is of no more use. */
public final class FrameException extends Exception {
    private static final long serialVersionUID = 1;

    private final String rule;

    FrameException(String rule, String message) {
        super(message);
        this.rule = rule;
    }

    /**
     * The check that failed: {@code length_min}, {@code length_max}, {@code checksum}, {@code type} or {@code flags}.
     */
    public String rule() {
        return rule;
    }
}

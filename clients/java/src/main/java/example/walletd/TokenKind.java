package example.walletd;

/** What lets a principal in. */
public enum TokenKind {
    /** A secret that it has. */
    SECRET,

    /** A name in its certificate. */
    CERTIFICATE,

    /** Its user at the other end of a Unix socket. */
    UNIX_USER,

    /** One that is newer than this package, or none. */
    UNRECOGNIZED;

    private static final TokenKind[] VALUES = values();

    static TokenKind of(int number) {
        return number > 0 && number < VALUES.length ? VALUES[number - 1] : UNRECOGNIZED;
    }
}

package example.walletd;

/**
 * Where the server is.
 *
 * @param host of TCP; else null
 * @param port of TCP
 * @param unixPath of a Unix socket; else null
 */
record Address(String host, int port, String unixPath) {
    private static final String UNIX = "unix:";
    private static final int PORT_MAX = 65_535;

    /** Reads "host:port", "[v6]:port" or "unix:PATH". */
    static Address parse(String text) {
        if (text.startsWith(UNIX)) {
            if (text.length() == UNIX.length()) {
                throw wrong(text);
            }
            return new Address(null, 0, text.substring(UNIX.length()));
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw wrong(text);
        }
        String host = text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (isBracketed) {
            host = host.substring(1, host.length() - 1);
        }
        String digits = text.substring(colon + 1);
        boolean isPort = digits.matches("[0-9]{1,5}");
        int port = isPort ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > PORT_MAX || host.isEmpty() || host.contains(":") != isBracketed) {
            throw wrong(text);
        }
        return new Address(host, port, null);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "an address is \"host:port\", \"[v6]:port\" or \"unix:PATH\", not \"" + text + "\"");
    }

    boolean isUnix() {
        return unixPath != null;
    }

    @Override
    public String toString() {
        if (isUnix()) {
            return UNIX + unixPath;
        }
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}

package example.walletd;

/**
 * Decimal text to minor units and back, without floating point and without rounding.
 *
 * <p>A currency's exponent is the count of digits after its point: 2 for EUR, 0 for JPY, 3 for KWD. Every result that
 * has an amount has the exponent too.
 */
public final class Money {
    private static final int LONG_DIGITS_MAX = 19;
    private static final int SHOWN_MAX = 40;

    private Money() {}

    /**
     * Minor units of decimal text: {@code parse("12.30", 2)} is 1230, and so is {@code parse("12.3", 2)}.
     *
     * @throws IllegalArgumentException for what is not a plain decimal number (no sign but {@code -}, no exponent, no
     *     spaces, no separators, digits on both sides of a point), for digits beyond the exponent (zeros too), for what
     *     doesn't fit 64 bits, and for a negative exponent
     */
    public static long parse(String text, int exponent) {
        checkExponent(exponent);
        boolean negative = text.startsWith("-");
        String unsigned = negative ? text.substring(1) : text;
        int point = unsigned.indexOf('.');
        String whole = point < 0 ? unsigned : unsigned.substring(0, point);
        String fraction = point < 0 ? "" : unsigned.substring(point + 1);
        if (!isDigits(whole) || point >= 0 && !isDigits(fraction)) {
            throw wrong(text, "is not a decimal number");
        }
        if (fraction.length() > exponent) {
            throw wrong(text, "has more than " + exponent + " digits after the point");
        }
        String digits = whole + fraction;
        int start = 0;
        while (start < digits.length() && digits.charAt(start) == '0') {
            start++;
        }
        digits = digits.substring(start);
        if (digits.isEmpty()) {
            return 0;
        }
        int zeros = exponent - fraction.length();
        if (digits.length() > LONG_DIGITS_MAX || zeros > LONG_DIGITS_MAX - digits.length()) {
            throw wrong(text, "does not fit 64 bits");
        }
        try {
            return Long.parseLong((negative ? "-" : "") + digits + "0".repeat(zeros));
        } catch (NumberFormatException e) {
            throw wrong(text, "does not fit 64 bits");
        }
    }

    /**
     * Decimal text of minor units: {@code format(1230, 2)} is {@code 12.30}.
     *
     * @throws IllegalArgumentException for a negative exponent
     */
    public static String format(long amount, int exponent) {
        checkExponent(exponent);
        String digits = Long.toString(amount);
        String sign = "";
        if (amount < 0) {
            sign = "-";
            digits = digits.substring(1);
        }
        if (exponent == 0) {
            return sign + digits;
        }
        int missing = exponent + 1 - digits.length();
        if (missing > 0) {
            digits = "0".repeat(missing) + digits;
        }
        int point = digits.length() - exponent;
        return sign + digits.substring(0, point) + "." + digits.substring(point);
    }

    private static void checkExponent(int exponent) {
        if (exponent < 0) {
            throw new IllegalArgumentException("an exponent is not negative: " + exponent);
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static IllegalArgumentException wrong(String text, String rule) {
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
        return new IllegalArgumentException("\"" + shown + "\" " + rule);
    }
}

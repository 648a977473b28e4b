package example.walletd;

import example.walletd.internal.Frame;

/** What became of one attempt. */
sealed interface Outcome {
    /** Its RESPONSE. */
    record Answered(Frame frame) implements Outcome {}

    /**
     * It got none.
     *
     * @param sent any byte of the request may have left; if not, nothing can have happened
     * @param retry another attempt has hope
     * @param moved the connection could not take it and another one may: the retry costs nobody anything
     */
    record Failed(Failure failure, boolean sent, boolean retry, boolean moved) implements Outcome {
        static Failed unsent(Failure failure, boolean retry) {
            return new Failed(failure, false, retry, false);
        }

        static Failed moved(Failure failure) {
            return new Failed(failure, false, true, true);
        }
    }
}

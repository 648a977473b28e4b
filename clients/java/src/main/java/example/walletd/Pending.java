package example.walletd;

import example.walletd.internal.Pb;

/** One attempt on a connection. */
abstract class Pending {
    final Pb.Method method;
    final Deadline deadline;

    // The rest is guarded by the connection.
    byte[] payload;
    int id;
    boolean queued;
    boolean sent;
    boolean given; // nobody waits any more
    long heardWhenSent;

    Pending(Pb.Method method, byte[] payload, Deadline deadline) {
        this.method = method;
        this.payload = payload;
        this.deadline = deadline;
    }

    /** Its end, told once and outside the connection's lock. */
    abstract void settle(Outcome outcome);

    /** Takes an event of a stream, under the connection's lock. False when the stream is to be cancelled. */
    boolean event(byte[] event) {
        return true;
    }

    /** Whether it is answered with events. */
    boolean streams() {
        return false;
    }
}

package example.walletd;

import com.google.protobuf.InvalidProtocolBufferException;
import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import example.walletd.internal.Pb;
import example.walletd.internal.WriteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of a connection from the preface to its end: frames in, settled attempts out, bytes to write out. No
 * sockets, and not thread-safe: its owner locks.
 */
final class Wire {
    static final int VERSION = 1;
    static final int OPENING_FRAME_BYTES_MAX = 64 * 1024; // of the server, before HELLO_ACK names the real limit
    private static final int RESPONSE_BYTES_DEFAULT = 1024 * 1024;
    private static final int RESPONSE_BYTES_CEILING = 16 * 1024 * 1024; // whatever the server says
    private static final int WRITE_BYTES_MAX = 64 * 1024; // what one write takes at most, but for one longer frame
    private static final int CONTROL_BYTES_MAX = 64 * 1024; // PONGs that the peer does not read
    private static final int IN_FLIGHT_DEFAULT = 1024; // when HELLO_ACK does not say
    private static final int SILENT_TIMEOUTS_MAX = 2;

    enum State {
        OPENING, // HELLO is on its way
        OPEN,
        LEAVING, // no new calls; those in flight finish
        CLOSED
    }

    /** What became of an attempt, to be told outside the lock. */
    record Settled(Pending pending, Outcome outcome) {
        void tell() {
            pending.settle(outcome);
        }
    }

    /** What one write takes: the bytes, and where the requests in them begin. */
    static final class Parcel {
        final WriteBuffer bytes = new WriteBuffer(WRITE_BYTES_MAX);
        final List<Pending> requests = new ArrayList<>();
        final List<Integer> starts = new ArrayList<>();

        private void clear() {
            bytes.clear(4 * WRITE_BYTES_MAX);
            requests.clear();
            starts.clear();
        }
    }

    private State state = State.OPENING;
    private final Set<Pending> queue = new LinkedHashSet<>(); // not sent yet, in order
    private final Map<Integer, Pending> flying = new HashMap<>(); // sent; those given up too: the server counts them
    private int live; // of flying, those that somebody waits for
    private WriteBuffer control = new WriteBuffer(256); // frames that go before requests
    private List<Settled> settled = new ArrayList<>();
    private Pb.Limits limits = Pb.Limits.getDefaultInstance();
    private Outcome.Failed refusal = Outcome.Failed.moved(Failure.GOING_AWAY);
    private int lastId;
    private long heard; // frames received
    private int silent; // deadlines in a row that passed without hearing a frame
    private boolean unwritable; // a write failed

    State state() {
        return state;
    }

    boolean accepting() {
        return state == State.OPENING || state == State.OPEN;
    }

    /** What becomes of an attempt that finds this connection no longer accepting. */
    Outcome.Failed refusal() {
        return refusal;
    }

    /** Those that have been settled since the last time. */
    List<Settled> takeSettled() {
        if (settled.isEmpty()) {
            return List.of();
        }
        List<Settled> taken = settled;
        settled = new ArrayList<>();
        return taken;
    }

    boolean hasSettled() {
        return !settled.isEmpty();
    }

    /** Whether {@link #take} would give something. */
    boolean hasWork() {
        return !unwritable && (control.size() > 0 && state != State.CLOSED || mayTakeRequest());
    }

    private boolean mayTakeRequest() {
        return state == State.OPEN && !queue.isEmpty() && flying.size() < inFlightMax();
    }

    /** The socket is there: the preface and HELLO are the next to be written. */
    void connected(byte[] hello) {
        control.put(Frame.PREFACE);
        Frame.of(Frame.HELLO, 0, hello).appendTo(control);
    }

    /**
     * Queues an attempt; {@link #accepting} must be true. It leaves once HELLO_ACK is in and the server takes one more.
     */
    void enqueue(Pending pending) {
        pending.queued = true;
        queue.add(pending);
    }

    /** What {@link #forget} found. */
    enum Forgotten {
        UNSENT,
        SENT,
        /** It was settled in this moment: it is told of its end. */
        SETTLED
    }

    /**
     * Ends the wait for an attempt; its late answer will be dropped. If any of it may have been sent a CANCEL is.
     * {@code late}: because its deadline passed. After two of those in a row without hearing a frame since the request
     * left the connection is taken for dead, so that the next call gets a new one: TCP alone takes minutes to notice.
     */
    Forgotten forget(Pending pending, boolean late) {
        if (pending.queued) {
            pending.queued = false;
            queue.remove(pending);
            finishLeaving();
            return Forgotten.UNSENT;
        }
        if (pending.given || flying.get(pending.id) != pending) {
            return Forgotten.SETTLED;
        }
        pending.given = true;
        live--;
        if (pending.sent) {
            Frame.of(Frame.CANCEL, pending.id).appendTo(control);
        }
        if (late && pending.heardWhenSent == heard && ++silent >= SILENT_TIMEOUTS_MAX) {
            leave(Failure.NO_SIGN_OF_LIFE);
        }
        if (flying.size() - live >= inFlightMax()) {
            leave(Failure.NO_SIGN_OF_LIFE); // all that it takes at once was given up, and it answers none of it
        }
        boolean sent = pending.sent;
        finishLeaving();
        return sent ? Forgotten.SENT : Forgotten.UNSENT;
    }

    /** What should have been heard wasn't: the next call gets a new connection. */
    void distrust() {
        leave(Failure.NO_SIGN_OF_LIFE);
        finishLeaving();
    }

    /** Fills the parcel with what may be written next; false if there is nothing. What it takes counts as sent. */
    boolean take(Parcel parcel) {
        parcel.clear();
        if (state == State.CLOSED || unwritable) {
            return false;
        }
        parcel.bytes.put(control);
        control.clear(CONTROL_BYTES_MAX);
        while (mayTakeRequest() && parcel.bytes.size() < WRITE_BYTES_MAX) {
            Iterator<Pending> first = queue.iterator();
            Pending pending = first.next();
            first.remove();
            pending.queued = false;
            int max = requestBytesMax(pending.method);
            if (pending.payload.length > max) {
                String text = "a request of " + pending.payload.length + " bytes is over the server's " + max;
                end(pending, Outcome.Failed.unsent(Failure.of(Failure.Kind.INVALID, text), false));
                continue;
            }
            pending.id = unusedId();
            pending.sent = true;
            pending.heardWhenSent = heard;
            flying.put(pending.id, pending);
            live++;
            parcel.requests.add(pending);
            parcel.starts.add(parcel.bytes.size());
            int millis = pending.deadline.serverMillis();
            new Frame(Frame.REQUEST, 0, pending.method.getNumber(), pending.id, millis, pending.payload)
                    .appendTo(parcel.bytes);
            pending.payload = null;
        }
        return parcel.bytes.size() > 0;
    }

    /** A write failed after so many bytes. The end is left to the reader, which may find the reason before it. */
    void writeFailed(Parcel parcel, int written, Failure why) {
        for (int i = 0; i < parcel.requests.size(); i++) {
            if (parcel.starts.get(i) >= written) {
                parcel.requests.get(i).sent = false; // not one byte of it
            }
        }
        unwritable = true;
        if (state != State.OPENING) {
            leave(why);
            finishLeaving();
        }
    }

    /** Takes one frame of the peer. */
    void receive(Frame frame, Deframer deframer) {
        heard++;
        silent = 0;
        boolean opening = state == State.OPENING;
        boolean answers = frame.type() == Frame.RESPONSE || frame.type() == Frame.EVENT;
        if (frame.type() == Frame.CONNECTION_ERROR) {
            refused(frame);
        } else if (frame.type() == Frame.HELLO_ACK && opening) {
            opened(frame, deframer);
        } else if (frame.type() == Frame.PING && frame.payload().length == 8) {
            pong(frame);
        } else if (frame.type() == Frame.GOAWAY) {
            leave(Failure.GOING_AWAY);
            finishLeaving();
        } else if (opening) {
            broken("the peer sent " + frame.typeName() + " before HELLO_ACK");
        } else if (answers && frame.requestId() == 0) {
            broken("the peer sent a " + frame.typeName() + " to no request");
        } else if (frame.type() == Frame.RESPONSE) {
            answered(frame);
        } else if (frame.type() == Frame.EVENT) {
            happened(frame);
        } else if (frame.type() != Frame.PONG) {
            broken("the peer sent a " + frame.typeName() + " that servers do not send");
        }
    }

    /** Ends the connection and all its attempts. */
    void lost(Failure failure, boolean retry) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.OPENING) {
            refusal = Outcome.Failed.unsent(failure, retry);
        }
        state = State.CLOSED;
        for (Pending pending : flying.values()) {
            if (!pending.given) {
                end(pending, new Outcome.Failed(failure, pending.sent, retry, false));
            }
        }
        flying.clear();
        live = 0;
        failQueue(Outcome.Failed.unsent(failure, retry));
        control = new WriteBuffer(0);
    }

    /** The peer's fault, or ours: asking again would break it again. */
    void broken(String message) {
        lost(Failure.of(Failure.Kind.PROTOCOL, message), false);
    }

    private void opened(Frame frame, Deframer deframer) {
        Pb.HelloAck ack;
        try {
            ack = Pb.HelloAck.parseFrom(frame.payload());
        } catch (InvalidProtocolBufferException e) {
            broken("HELLO_ACK does not parse");
            return;
        }
        if (ack.getVersion() != VERSION) {
            broken("the peer chose version " + Integer.toUnsignedString(ack.getVersion()));
            return;
        }
        limits = ack.getLimits();
        // The response to a batch may be as long as its request.
        long told = Integer.toUnsignedLong(limits.getResponseBytesMax());
        long max = Math.max(
                told == 0 ? RESPONSE_BYTES_DEFAULT : told, Integer.toUnsignedLong(limits.getBatchRequestBytesMax()));
        deframer.setMax((int) Math.min(max, RESPONSE_BYTES_CEILING) + Frame.HEADER_BYTES);
        state = State.OPEN;
    }

    private void pong(Frame frame) {
        if (control.size() > CONTROL_BYTES_MAX) {
            broken("the peer sends PINGs and does not read the PONGs");
            return;
        }
        Frame.of(Frame.PONG, frame.requestId(), frame.payload()).appendTo(control);
    }

    /** Takes a CONNECTION_ERROR. */
    private void refused(Frame frame) {
        Failure failure = Refusals.of(frame);
        if (failure.is(Failure.Kind.PROTOCOL) || failure.reason() == Reason.INVALID_FRAME) {
            broken("the connection was refused: " + failure.text());
        } else if (state == State.OPENING) {
            lost(failure, !failure.is(Failure.Kind.REJECTED) && !failure.is(Failure.Kind.UNAUTHENTICATED));
        } else {
            lost(Failure.of(Failure.Kind.DISCONNECTED, "the server closed the connection: " + failure.text()), true);
        }
    }

    private void answered(Frame frame) {
        Pending pending = flying.remove(frame.requestId());
        if (pending == null) {
            return; // the answer to a call long gone
        }
        if (!pending.given) {
            live--;
            end(pending, new Outcome.Answered(frame));
        }
        finishLeaving();
    }

    private void happened(Frame frame) {
        Pending pending = flying.get(frame.requestId());
        if (pending == null || pending.given || !pending.streams()) {
            return; // an event of a stream long gone
        }
        if (!pending.event(frame.payload())) {
            forget(pending, false); // its reader is too slow, and nobody else shall wait for it
        }
    }

    /** What is in flight finishes here, what is queued has to find another connection. */
    private void leave(Failure why) {
        if (!accepting()) {
            return;
        }
        state = State.LEAVING;
        refusal = Outcome.Failed.moved(why);
        failQueue(refusal);
    }

    private void finishLeaving() {
        if (state == State.LEAVING && live == 0) {
            lost(Failure.GOING_AWAY, true);
        }
    }

    private void failQueue(Outcome outcome) {
        for (Pending pending : queue) {
            pending.queued = false;
            end(pending, outcome);
        }
        queue.clear();
    }

    private void end(Pending pending, Outcome outcome) {
        settled.add(new Settled(pending, outcome));
    }

    private int inFlightMax() {
        int max = limits.getRequestsInFlightMax();
        return max == 0 ? IN_FLIGHT_DEFAULT : max < 0 ? Integer.MAX_VALUE : max;
    }

    private int requestBytesMax(Pb.Method method) {
        int max = method == Pb.Method.METHOD_BATCH ? limits.getBatchRequestBytesMax() : limits.getRequestBytesMax();
        return max <= 0 ? RESPONSE_BYTES_CEILING : max;
    }

    private int unusedId() {
        do {
            lastId++;
        } while (lastId == 0 || flying.containsKey(lastId));
        return lastId;
    }
}

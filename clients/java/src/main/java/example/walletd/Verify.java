package example.walletd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import example.walletd.internal.Pb;

/**
 * Asks for a proof that the ledger is what its journal says, while it is served (docs/VERIFY.md).
 *
 * <p>It doesn't change: each setter gives a copy.
 */
public final class Verify extends Asked<Verify> {
    private Verify(Pb.VerifyRequest message) {
        super(message);
    }

    /** All of it. */
    public static Verify all() {
        return new Verify(Pb.VerifyRequest.newBuilder().build());
    }

    /** A head that was kept elsewhere: the journal must have it. */
    public Verify expectedHead(JournalHead head) {
        return set(
                "expected_head",
                Pb.JournalHead.newBuilder()
                        .setSeq(head.seq())
                        .setDigest(ByteString.copyFrom(head.digest().toArray()))
                        .build());
    }

    /** Whether SQLite's own check is left out, for which a copy of the file is made for a while. */
    public Verify skipIntegrityCheck(boolean is) {
        return set("skip_integrity_check", is);
    }

    @Override
    Verify with(Message message) {
        return new Verify((Pb.VerifyRequest) message);
    }
}

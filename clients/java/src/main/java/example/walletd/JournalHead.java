package example.walletd;

import example.walletd.internal.Pb;

/**
 * A place of the journal with its digest. Kept elsewhere, it tells whether the journal before it was changed.
 *
 * @param seq the place
 * @param digest 32 bytes
 */
public record JournalHead(long seq, Bytes digest) {
    static JournalHead of(Pb.JournalHead m) {
        return new JournalHead(m.getSeq(), Convert.bytes(m.getDigest()));
    }
}

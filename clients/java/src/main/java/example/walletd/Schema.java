package example.walletd;

import example.walletd.internal.Pb;

/**
 * The messages that the server speaks.
 *
 * @param fileDescriptorSet a google.protobuf.FileDescriptorSet
 * @param digest its SHA-256
 * @param commitSeq the last durable place of the journal
 */
public record Schema(Bytes fileDescriptorSet, Bytes digest, long commitSeq) {
    static Schema of(Pb.GetSchemaResponse m) {
        return new Schema(Convert.bytes(m.getFileDescriptorSet()), Convert.bytes(m.getDigest()), m.getCommitSeq());
    }
}

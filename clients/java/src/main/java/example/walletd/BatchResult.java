package example.walletd;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param key the idempotency key, or that from which items got theirs
 * @param results one for each item, in their order
 * @param replayed an atomic batch, answered again; of other batches each result says it
 * @param commitSeq its last place in the journal
 * @param dryRun what would have been: nothing is written
 */
public record BatchResult(String key, List<BatchItemResult> results, boolean replayed, long commitSeq, boolean dryRun) {
}
